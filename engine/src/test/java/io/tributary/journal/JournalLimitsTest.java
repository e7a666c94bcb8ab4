package io.tributary.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a journal claims of memory is looked at before it is given. */
class JournalLimitsTest {
  @TempDir Path folder;

  private static void refused(ErrorCode code, String words, ThrowingCallable reading) {
    assertThatThrownBy(reading)
        .hasMessageContaining(words)
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void aLineOfEvidenceWithoutAnEndIsGivenUp() throws IOException {
    byte[] line = new byte[EvidenceJournal.MAX_LINE_BYTES + 100_000];
    Arrays.fill(line, (byte) 'a');
    refused(
        ErrorCode.EVIDENCE_BROKEN,
        "line 1 is too long",
        () -> EvidenceJournal.read(line, EvidenceJournal.Bodies.WHOLE, (head, entry) -> {}));
    // A tebibyte that takes no place on the disk.
    Path state = Files.createDirectories(folder.resolve("state"));
    try (RandomAccessFile sparse =
        new RandomAccessFile(state.resolve(EvidenceJournal.FILE).toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }
    refused(
        ErrorCode.EVIDENCE_BROKEN,
        "line 1 is too long",
        () -> EvidenceJournal.read(state, (head, entry) -> {}));
  }

  @Test
  void aRecordThatClaimsTooMuchIsNotAllocatedFor() throws IOException {
    Path file = folder.resolve("journal");
    for (int length : new int[] {Integer.MAX_VALUE, -1, JournalFile.MAX_RECORD_BYTES + 1}) {
      try (RandomAccessFile journal = new RandomAccessFile(file.toFile(), "rw")) {
        journal.setLength(0);
        journal.writeInt(length);
        journal.setLength(1L << 33);
      }
      refused(
          ErrorCode.STATE_ROLLED_BACK,
          "broken at byte 0",
          () -> JournalFile.read(file, (study, record) -> {}));
    }
    try (JournalFile journal = new JournalFile(folder.resolve("other"))) {
      assertThatThrownBy(
              () ->
                  journal.append(
                      io.tributary.codec.Digest.ZERO, new byte[JournalFile.MAX_RECORD_BYTES + 1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
