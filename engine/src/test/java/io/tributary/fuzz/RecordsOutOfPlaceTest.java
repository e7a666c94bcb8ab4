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
}
