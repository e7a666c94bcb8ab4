package io.tributary.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.protocol.StepId;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStateStoreTest {
  private static final Digest STUDY = Digest.sha256(new byte[] {1});
  private static final Digest OTHER = Digest.sha256(new byte[] {2});
  private static final StepId STEP = new StepId(3, 7);

  @TempDir Path folder;

  @Test
  void everythingIsThereAfterARestart() {
    try (FileStateStore store = open()) {
      store.append(STUDY, record("one"));
      store.replaceSecrets(STUDY, new byte[] {1, 2, 3});
      store.append(OTHER, record("two"));
      store.replaceSecrets(STUDY, new byte[] {4, 5});
      store.putWords(STUDY, STEP, 2, new long[] {-1, Long.MIN_VALUE});
    }
    try (FileStateStore store = open()) {
      assertThat(records(store))
          .containsExactly(STUDY.shortHex() + " one", OTHER.shortHex() + " two");
      assertThat(store.secrets(STUDY)).hasValue(new byte[] {4, 5});
      assertThat(store.secrets(OTHER)).isEmpty();
      assertThat(store.words(STUDY, STEP, 2)).hasValue(new long[] {-1, Long.MIN_VALUE});
      assertThat(store.words(STUDY, STEP, 0)).isEmpty();
      store.removeWords(STUDY, STEP);
      assertThat(store.words(STUDY, STEP, 2)).isEmpty();
    }
  }

  @Test
  void recordsOfOneStudyAreThoseOfTheWholeJournalThatAreItsOwn() {
    Digest third = Digest.sha256(new byte[] {3});
    try (FileStateStore store = open()) {
      store.append(OTHER, record("one"));
      store.replaceSecrets(STUDY, new byte[] {1});
      store.append(STUDY, record("two"));
      store.append(OTHER, record("three"));
      store.append(STUDY, record("four"));
      assertThat(records(store, STUDY)).containsExactly("two", "four");
    }
    try (FileStateStore store = open()) {
      store.append(STUDY, record("five"));
      assertThat(records(store, STUDY)).containsExactly("two", "four", "five");
      assertThat(records(store, OTHER)).containsExactly("one", "three");
      assertThat(records(store, third)).isEmpty();
    }
  }

  private static List<String> records(FileStateStore store, Digest study) {
    List<String> records = new ArrayList<>();
    store.replay(
        study,
        (owner, record) -> {
          assertThat(owner).isEqualTo(study);
          records.add(text(record));
        });
    return records;
  }

  @Test
  void aRecordCutShortByACrashIsCutOffAtEveryLength() throws IOException {
    try (FileStateStore store = open()) {
      store.append(STUDY, record("kept"));
    }
    long kept = Files.size(journal());
    try (FileStateStore store = open()) {
      store.append(STUDY, record("torn"));
    }
    byte[] whole = Files.readAllBytes(journal());
    for (int size = (int) kept; size < whole.length; size++) {
      Files.write(journal(), java.util.Arrays.copyOf(whole, size));
      try (FileStateStore store = open()) {
        assertThat(records(store)).containsExactly(STUDY.shortHex() + " kept");
        store.append(STUDY, record("after"));
      }
      try (FileStateStore store = open()) {
        assertThat(records(store)).hasSize(2);
      }
    }
  }

  @Test
  void anyChangedByteIsFoundOut() throws IOException {
    try (FileStateStore store = open()) {
      store.append(STUDY, record("one"));
      store.append(STUDY, record("two"));
    }
    byte[] whole = Files.readAllBytes(journal());
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x40;
      Files.write(journal(), changed);
      // A length grown past the end looks like a torn record; every other change breaks the chain.
      if (at % (whole.length / 2) < 4) {
        continue;
      }
      refuses(ErrorCode.STATE_ROLLED_BACK, this::open);
    }
  }

  @Test
  void secretsRestoredAloneAreRefused() throws IOException {
    try (FileStateStore store = open()) {
      store.replaceSecrets(STUDY, new byte[] {1});
      store.append(STUDY, record("one"));
    }
    Path backup = Files.copy(secrets(), folder.resolve("backup"));
    try (FileStateStore store = open()) {
      store.replaceSecrets(STUDY, new byte[] {2});
    }
    Files.copy(backup, secrets(), StandardCopyOption.REPLACE_EXISTING);
    refuses(ErrorCode.STATE_ROLLED_BACK, this::open);
    Files.delete(secrets());
    refuses(ErrorCode.STATE_ROLLED_BACK, this::open);
  }

  @Test
  void aJournalRestoredAloneIsRefused() throws IOException {
    try (FileStateStore store = open()) {
      store.replaceSecrets(STUDY, new byte[] {1});
    }
    Path backup = Files.copy(journal(), folder.resolve("backup"));
    try (FileStateStore store = open()) {
      store.append(STUDY, record("one"));
      store.replaceSecrets(STUDY, new byte[] {2});
    }
    Files.copy(backup, journal(), StandardCopyOption.REPLACE_EXISTING);
    refuses(ErrorCode.STATE_ROLLED_BACK, this::open);
  }

  @Test
  void aCrashBetweenSecretsAndTheirRecordIsMadeGood() throws IOException {
    try (FileStateStore store = open()) {
      store.replaceSecrets(STUDY, new byte[] {1});
      store.append(STUDY, record("one"));
    }
    long before = Files.size(journal());
    try (FileStateStore store = open()) {
      store.replaceSecrets(STUDY, new byte[] {2});
    }
    try (FileChannel channel = FileChannel.open(journal(), StandardOpenOption.WRITE)) {
      channel.truncate(before);
    }
    for (int start = 0; start < 2; start++) {
      try (FileStateStore store = open()) {
        assertThat(store.secrets(STUDY)).hasValue(new byte[] {2});
      }
    }
  }

  @Test
  void twoProcessesExcludeEachOther() {
    try (FileStateStore store = open()) {
      refuses(ErrorCode.STORAGE_FAILED, this::open);
      store.append(STUDY, record("one"));
    }
  }

  @Test
  void aStoredSumThatWasChangedIsRefused() throws IOException {
    try (FileStateStore store = open()) {
      store.putWords(STUDY, STEP, 0, new long[] {5});
      Path file = folder.resolve("state/words").resolve(STUDY.hex()).resolve("3-7/0");
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length - 1] ^= 1;
      Files.write(file, bytes);
      refuses(ErrorCode.STATE_ROLLED_BACK, () -> store.words(STUDY, STEP, 0));
    }
  }

  @Test
  void secretsAreNowhereInTheFolder() throws IOException {
    byte[] marker = "MARKER-4711-MARKER".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    try (FileStateStore store = open()) {
      store.replaceSecrets(STUDY, marker);
    }
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
            .doesNotContain("MARKER-4711");
      }
    }
  }

  private FileStateStore open() {
    return FileStateStore.open(folder.resolve("state"), new SecureRandom());
  }

  private Path journal() {
    return folder.resolve("state/journal");
  }

  private Path secrets() {
    return folder.resolve("state/secrets").resolve(STUDY.hex());
  }

  private static byte[] record(String text) {
    return Canonical.enc("test/v1", Canonical.utf8(text));
  }

  private static List<String> records(FileStateStore store) {
    List<String> found = new ArrayList<>();
    store.replay((study, record) -> found.add(study.shortHex() + " " + text(record)));
    return found;
  }

  private static String text(byte[] record) {
    return Canonical.read(record, "test/v1", 1).text(99);
  }

  private static void refuses(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.remedy()).isNotBlank();
            });
  }
}
