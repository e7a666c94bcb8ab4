package io.tributary.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import io.tributary.identity.SigningIdentity;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceJournalTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC);
  private static final Digest STUDY = Digest.sha256(new byte[] {1});
  private static final Digest OTHER = Digest.sha256(new byte[] {2});
  private static final SigningIdentity IDENTITY = SigningIdentity.generate(RANDOM);

  @TempDir Path folder;

  @Test
  void aLineSaysInWordsWhatHappened() {
    try (EvidenceJournal journal = open("north")) {
      journal.append(Optional.of(STUDY), EvidenceEvent.ENDED, ended("OK"));
    }
    List<String> words = new ArrayList<>();
    EvidenceJournal.read(folder, (head, line) -> words.add(line.orElseThrow().words()));
    assertThat(words)
        .containsExactly(
            "The journal of site north begins; its key is " + IDENTITY.verifyingKey().hex(),
            "Study 'lung' ended: OK");
  }

  @Test
  void aLineHasTheDetailsOfItsSentenceAndNoOthers() {
    try (EvidenceJournal journal = open("north")) {
      for (Map<String, String> details :
          List.of(Map.of("name", "lung"), Map.of("name", "a", "outcome", "b", "more", "c"))) {
        assertThatThrownBy(() -> journal.append(Optional.of(STUDY), EvidenceEvent.ENDED, details))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void aLineCutShortByACrashIsCutOffAtEveryLength() throws IOException {
    long kept;
    try (EvidenceJournal journal = open("north")) {
      kept = Files.size(file());
      journal.append(Optional.of(STUDY), EvidenceEvent.ENDED, ended("torn"));
    }
    byte[] whole = Files.readAllBytes(file());
    for (int size = (int) kept; size < whole.length; size += 7) {
      Files.write(file(), Arrays.copyOf(whole, size));
      assertThat(EvidenceJournal.read(folder, (head, line) -> {}).count()).isEqualTo(1);
      try (EvidenceJournal journal = open("north")) {
        assertThat(journal.head().count()).isEqualTo(1);
        assertThat(journal.append(Optional.of(STUDY), EvidenceEvent.ENDED, ended("OK")).count())
            .isEqualTo(2);
      }
    }
  }

  @Test
  void anyChangedByteIsFoundOut() throws IOException {
    journalOf("north", 3);
    byte[] whole = Files.readAllBytes(file());
    // A last line without its end counts as torn, so the very last byte stays.
    for (int at = 0; at < whole.length - 1; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x01;
      Files.write(file(), changed);
      refuses(ErrorCode.EVIDENCE_BROKEN, () -> EvidenceJournal.read(folder, (head, line) -> {}));
    }
    refuses(ErrorCode.EVIDENCE_BROKEN, () -> open("north"));
  }

  @Test
  void aLineLeftOutOrPutElsewhereIsFoundOut() throws IOException {
    journalOf("north", 5);
    List<String> lines = Files.readAllLines(file());
    for (int at = 0; at < lines.size() - 1; at++) {
      List<String> without = new ArrayList<>(lines);
      without.remove(at);
      write(without);
      refuses(ErrorCode.EVIDENCE_BROKEN, () -> EvidenceJournal.read(folder, (head, line) -> {}));
      List<String> swapped = new ArrayList<>(lines);
      Collections.swap(swapped, at, at + 1);
      write(swapped);
      refuses(ErrorCode.EVIDENCE_BROKEN, () -> EvidenceJournal.read(folder, (head, line) -> {}));
    }
  }

  @Test
  void aCutJournalIsFoundOutByACopyThatOthersHold() throws IOException {
    journalOf("north", 4);
    List<String> lines = Files.readAllLines(file());
    EvidenceJournal.Head head = EvidenceJournal.read(folder, (at, line) -> {});
    List<EvidenceCheck.Copy> copies =
        List.of(new EvidenceCheck.Copy("south", head.chain(), Optional.of(head.count())));
    assertThat(check("north", copies).uncovered()).isZero();
    write(lines.subList(0, lines.size() - 1));
    assertThat(check("north", List.of()).lines()).isEqualTo(head.count() - 1);
    refuses(ErrorCode.STATE_ROLLED_BACK, () -> check("north", copies));
  }

  @Test
  void aJournalWrittenAnewWithoutTheKeyIsFoundOutByItsSignatures() throws IOException {
    journalOf("north", 2);
    Files.delete(file());
    SigningIdentity thief = SigningIdentity.generate(RANDOM);
    try (EvidenceJournal journal = open("north")) {
      journal.append(Optional.of(STUDY), EvidenceEvent.ENDED, ended("never happened"));
      journal.checkpoint(STUDY, Digest.ZERO, thief);
    }
    refuses(ErrorCode.EVIDENCE_BROKEN, () -> check("north", List.of()));
  }

  @Test
  void anotherPartysJournalIsNotThisPartys() {
    journalOf("south", 2);
    refuses(ErrorCode.EVIDENCE_BROKEN, () -> check("north", List.of()));
  }

  @Test
  void twoWritersOfOnePartyTakeTurns() throws InterruptedException {
    try (EvidenceJournal one = open("north");
        EvidenceJournal two = open("north")) {
      List<Thread> threads = new ArrayList<>();
      for (EvidenceJournal journal : List.of(one, two, one, two)) {
        Thread thread =
            new Thread(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    journal.append(Optional.of(STUDY), EvidenceEvent.ENDED, ended("turn " + i));
                  }
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      one.checkpoint(STUDY, Digest.ZERO, IDENTITY);
    }
    assertThat(check("north", List.of()).lines()).isEqualTo(82);
  }

  @Test
  void linesOfOneStudyAreFoundWhoeverWroteThem() throws IOException {
    try (EvidenceJournal one = open("north");
        EvidenceJournal two = open("north")) {
      one.append(Optional.of(OTHER), EvidenceEvent.ENDED, ended("before"));
      one.append(Optional.of(STUDY), EvidenceEvent.ENDED, ended("first"));
      two.append(Optional.of(OTHER), EvidenceEvent.ENDED, ended("between"));
      two.append(Optional.of(STUDY), EvidenceEvent.ENDED, ended("second"));
      one.append(Optional.empty(), EvidenceEvent.ENDED, ended("after"));
      for (EvidenceJournal journal : List.of(one, two)) {
        assertThat(journal.of(STUDY).stream().map(line -> line.detail("outcome")))
            .containsExactly("first", "second");
        assertThat(journal.of(OTHER)).hasSize(2);
        assertThat(journal.of(Digest.sha256(new byte[] {3}))).isEmpty();
      }
    }
    try (EvidenceJournal again = open("north")) {
      assertThat(again.of(STUDY)).hasSize(2);
      again.append(Optional.of(STUDY), EvidenceEvent.ENDED, ended("third"));
      assertThat(again.of(STUDY).get(2).detail("outcome")).isEqualTo("third");
      // A line of a study that was changed meanwhile is noticed when the study is read.
      String text = Files.readString(file());
      Files.writeString(file(), text.replace("second", "Second"));
      refuses(ErrorCode.EVIDENCE_BROKEN, () -> again.of(STUDY));
      assertThat(again.of(Digest.sha256(new byte[] {3}))).isEmpty();
    }
  }

  @Test
  void anExcerptShowsOneStudyAndKeepsTheChain() {
    try (EvidenceJournal journal = open("north")) {
      journal.append(Optional.of(STUDY), EvidenceEvent.ENDED, ended("mine"));
      journal.append(Optional.of(OTHER), EvidenceEvent.ENDED, ended("somebody else's"));
      journal.checkpoint(STUDY, Digest.ZERO, IDENTITY);
    }
    EvidenceJournal.Head head = EvidenceJournal.read(folder, (at, line) -> {});
    byte[] excerpt = EvidenceJournal.excerpt(folder, STUDY, head);
    assertThat(new String(excerpt, StandardCharsets.UTF_8))
        .contains("mine")
        .doesNotContain("somebody");
    EvidenceCheck check = new EvidenceCheck("north", List.of(IDENTITY.verifyingKey()));
    assertThat(EvidenceJournal.read(excerpt, EvidenceJournal.Bodies.SOME_WITHHELD, check))
        .isEqualTo(head);
    assertThat(check.against(List.of()).checkpoints()).isEqualTo(1);
    refuses(
        ErrorCode.EVIDENCE_BROKEN,
        () -> EvidenceJournal.read(excerpt, EvidenceJournal.Bodies.WHOLE, (at, line) -> {}));
  }

  @Test
  void aCheckpointIsReadBackAndBoundToEveryField() {
    try (EvidenceJournal journal = open("north")) {
      Checkpoint made = journal.checkpoint(STUDY, OTHER, IDENTITY);
      assertThat(Checkpoint.decode(made.encode())).isEqualTo(made);
      made.verify(IDENTITY.verifyingKey());
      for (Checkpoint changed :
          List.of(
              new Checkpoint(
                  "south", STUDY, made.count(), made.head(), made.policy(), made.signature()),
              new Checkpoint(
                  "north", OTHER, made.count(), made.head(), made.policy(), made.signature()),
              new Checkpoint("north", STUDY, 7, made.head(), made.policy(), made.signature()),
              new Checkpoint("north", STUDY, made.count(), OTHER, made.policy(), made.signature()),
              new Checkpoint("north", STUDY, made.count(), made.head(), STUDY, made.signature()))) {
        refuses(ErrorCode.BAD_SIGNATURE, () -> changed.verify(IDENTITY.verifyingKey()));
      }
    }
  }

  private EvidenceCheck.Outcome check(String party, List<EvidenceCheck.Copy> copies) {
    EvidenceCheck check = new EvidenceCheck(party, List.of(IDENTITY.verifyingKey()));
    EvidenceJournal.read(folder, check);
    return check.against(copies);
  }

  private void journalOf(String party, int lines) {
    try (EvidenceJournal journal = open(party)) {
      for (int i = 0; i < lines; i++) {
        journal.append(Optional.of(STUDY), EvidenceEvent.ENDED, ended("line " + i));
      }
      journal.checkpoint(STUDY, Digest.ZERO, IDENTITY);
    }
  }

  private EvidenceJournal open(String party) {
    return EvidenceJournal.open(
        folder, "site", party, IDENTITY.verifyingKey().hex(), CLOCK, RANDOM);
  }

  private static Map<String, String> ended(String outcome) {
    return Map.of("name", "lung", "outcome", outcome);
  }

  private Path file() {
    return folder.resolve(EvidenceJournal.FILE);
  }

  private void write(List<String> lines) throws IOException {
    Files.writeString(file(), String.join("\n", lines) + "\n");
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
