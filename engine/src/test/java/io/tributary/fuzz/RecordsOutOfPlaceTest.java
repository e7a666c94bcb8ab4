package io.tributary.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.journal.InMemoryStateStore;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.coordinator.CoordinatorMemory;
import io.tributary.protocol.coordinator.CoordinatorRecord;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the fuzzers have found in journals, by name. */
class RecordsOutOfPlaceTest {
  @Test
  void aCertificateOfAnEpochThatIsNotInTheJournalIsRefused() {
    InMemoryStateStore store = new InMemoryStateStore();
    store.append(
        Digest.ZERO,
        new CoordinatorRecord.Certified(
                new AttemptId(1, 0, 0, 0), SiteSet.all(4), Bytes.take(new byte[] {1}))
            .encode());
    assertThatThrownBy(() -> new CoordinatorMemory(store))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_MESSAGE));
  }

  @Test
  void anEndWithACodeThatNobodyKnowsIsRefused() {
    byte[] ended =
        new CoordinatorRecord.JobEnded(
                0, Optional.of(ErrorCode.BAD_FRAME), Set.of(), 0, Bytes.take(new byte[0]))
            .encode();
    assertThat(CoordinatorRecord.decode(ended)).isInstanceOf(CoordinatorRecord.JobEnded.class);
    byte[] other =
        new String(ended, StandardCharsets.ISO_8859_1)
            .replace("BAD_FRAME", "BAD_FRAMA")
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(other).isNotEqualTo(ended);
    assertThatThrownBy(() -> CoordinatorRecord.decode(other))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_MESSAGE));
  }
}
