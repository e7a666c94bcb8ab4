package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.masking.Shamir;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.StateStore;
import io.tributary.protocol.UnmaskAnswer;
import io.tributary.protocol.site.Abandoned;
import io.tributary.protocol.site.SiteStudy;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One input, one opened set and one memory for a step, whatever is retried (PROTOCOL.md 2.5). */
class RetriesTest {
  private static final SiteId A = Federation.id(0);
  private static final SiteId B = Federation.id(1);
  private static final SiteId D = Federation.id(3);

  private static Federation.Run run(Federation federation, Map<SiteId, long[]> data) {
    Study study = federation.study("retries", data.size(), Optional.empty(), 3, 1);
    return federation.run(study, List.of(new StepSums(data.size(), 4, 1, 2)), data);
  }

  private static List<Object> codes(Federation federation, String kind) {
    List<Object> codes = new ArrayList<>();
    for (String name : federation.exchange().list("studies")) {
      if (name.contains(kind)) {
        Message message =
            SignedObject.decode(federation.exchange().get(name).orElseThrow()).message(1);
        codes.add(
            message instanceof Message.AttemptDead dead
                ? dead.code()
                : ((Message.EpochRefusal) message).code());
      }
    }
    return codes;
  }

  private static Set<SiteId> without(Map<SiteId, long[]> data, SiteId gone) {
    Set<SiteId> left = new TreeSet<>(data.keySet());
    left.remove(gone);
    return left;
  }

  private static void lyingCoordinator(Federation federation, int sites, LyingExchange.Lie lie) {
    federation.wrapCoordinatorExchange(
        exchange ->
            new LyingExchange(
                exchange, "coordinator", federation.coordinatorIdentity(), sites, lie));
  }

  @Test
  void inputChangedBetweenAttemptsIsNotMasked() {
    try (Federation federation = new Federation(4, 61)) {
      Map<SiteId, long[]> data = federation.data(4);
      Federation.Run run = run(federation, data);
      // The first attempt ends in a tie of commitments; meanwhile the table of A is refreshed.
      federation.wrapExchange(
          D,
          exchange ->
              new LyingExchange(
                  exchange,
                  D.value(),
                  federation.identity(D),
                  4,
                  (name, message) -> {
                    if (message instanceof Message.Upload upload && name.contains("/a00/")) {
                      data.get(A)[3]++;
                      return List.of(otherPair(upload));
                    }
                    return List.of(message);
                  }));
      run.startAll();
      run.finish();
      assertThat(codes(federation, "/dead-" + A)).containsExactly(ErrorCode.STEP_INPUT_CHANGED);
      assertThat(run.coordinator().results())
          .isEqualTo(Map.of(0, List.of(Federation.expected(data, without(data, A), 0))));
    }
  }

  private static Message otherPair(Message.Upload upload) {
    List<Digest> commitments = new ArrayList<>(upload.pairCommitments());
    commitments.set(1, Digest.sha256(new byte[] {1}));
    return new Message.Upload(
        upload.round(),
        upload.nonce(),
        upload.selfCommitment(),
        commitments,
        upload.boxes(),
        upload.frames());
  }

  @Test
  void retryOverAnotherSetIsRefusedOnceAnswered() {
    try (Federation federation = new Federation(5, 62)) {
      Map<SiteId, long[]> data = federation.data(4);
      federation.wrapExchange(A, exchange -> new Silence(exchange, "/a00/unmask-"));
      federation.wrapExchange(B, exchange -> new Silence(exchange, "/a00/unmask-"));
      lyingCoordinator(
          federation,
          5,
          (name, message) ->
              List.of(
                  name.contains("/a01/") && message instanceof Message.SurvivorSet set
                      ? new Message.SurvivorSet(
                          set.round(), SiteSet.of(5, 0, 1, 2, 3), set.uploads().subList(0, 4))
                      : message));
      Federation.Run run = run(federation, data);
      run.startAll();
      run.settle();
      federation.clock().pass(Duration.ofMinutes(2));
      run.settle();
      assertThat(run.coordinator().forceAttempt()).isTrue();
      run.settle();
      for (int site = 0; site < 4; site++) {
        assertThat(run.refusedAt.get(Federation.id(site)))
            .as("at %s", Federation.id(site))
            .contains(ErrorCode.STEP_LOCKED);
      }
      assertThat(federation.exchange().list("studies"))
          .noneMatch(name -> name.contains("/a01/signature-") || name.contains("/a01/unmask-"));
    }
  }

  @Test
  void frameReplayedAfterACrashHasTheSameBytesOrDies() {
    int died = 0;
    int crashes = 0;
    for (int write = 1; write < 100; write++) {
      try (Federation federation = new Federation(4, 63)) {
        int at = write;
        RecordingExchange record = new RecordingExchange(federation.exchange());
        federation.wrapExchange(exchange -> record);
        federation.wrapStore(A, store -> new CrashingStore(store, at, CrashingStore.When.AFTER));
        Map<SiteId, long[]> data = federation.data(4);
        long[] before = data.get(A).clone();
        Federation.Run run = run(federation, data);
        run.startAll();
        boolean crashed = false;
        try {
          run.settle();
        } catch (CrashingStore.Killed expected) {
          crashed = true;
          data.get(A)[0]++;
          run.restart(A);
        }
        run.finish();
        record.requireOneObjectInAPlace();
        List<List<Long>> sums =
            List.of(
                Federation.expected(data, data.keySet(), 0),
                Federation.expected(data, without(data, A), 0));
        Map<SiteId, long[]> old = new TreeMap<>(data);
        old.put(A, before);
        Object result = ((List<?>) run.coordinator().results().get(0)).get(0);
        assertThat(result)
            .isIn(sums.get(0), sums.get(1), Federation.expected(old, old.keySet(), 0));
        boolean dead = codes(federation, "/dead-" + A).contains(ErrorCode.STEP_INPUT_CHANGED);
        assertThat(result.equals(sums.get(1))).isEqualTo(dead);
        died += dead ? 1 : 0;
        crashes += crashed ? 1 : 0;
        if (!crashed) {
          break;
        }
      }
    }
    assertThat(died).as("frames that were journaled and then recomputed").isPositive();
    assertThat(crashes).isGreaterThan(8);
  }

  @Test
  void dealersShareOfItsOwnSeedsHasNoPlaceInAnAnswer() {
    SiteSet everybody = SiteSet.all(4);
    Bytes seed = Bytes.of(new byte[32]);
    Bytes share = Bytes.of(new byte[Shamir.SHARE_BYTES]);
    UnmaskAnswer others =
        new UnmaskAnswer(seed, Collections.nCopies(3, share), List.of(), List.of());
    assertThat(UnmaskAnswer.decode(others.encode(), everybody, everybody)).isEqualTo(others);
    UnmaskAnswer withOwn =
        new UnmaskAnswer(seed, Collections.nCopies(4, share), List.of(), List.of());
    byte[] encoded = withOwn.encode();
    assertThatThrownBy(() -> UnmaskAnswer.decode(encoded, everybody, everybody))
        .hasMessageContaining(ErrorCode.BAD_MESSAGE.name());
  }

  @Test
  void restoredBackupIsNoticedAndTheStudyGoesOnInANewEpoch() {
    try (Federation federation = new Federation(4, 64)) {
      Map<SiteId, long[]> data = federation.data(4);
      Federation.Run run = run(federation, data);
      // Nobody certifies before D was set back.
      run.startAll();
      while (run.site(D).study().active(1).isEmpty()) {
        run.pass();
      }
      StateStore backup = Federation.copy(federation.store(D));
      run.stop(A);
      run.settle();
      assertThat(federation.exchange().list("studies"))
          .anyMatch(name -> name.contains("/upload-" + D));
      run.stop(D);
      federation.restore(D, backup);
      run.restart(D);
      run.restart(A);
      run.finish();
      assertThat(codes(federation, "/refusal-" + D)).containsExactly(ErrorCode.STATE_ROLLED_BACK);
      assertThat(run.coordinator().results()).hasSize(1);
      assertThat(run.coordinator().results().get(0))
          .isIn(
              List.of(Federation.expected(data, data.keySet(), 0)),
              List.of(Federation.expected(data, without(data, D), 0)));
    }
  }

  @Test
  void twoAnnouncementsForOneAttemptKillIt() {
    try (Federation federation = new Federation(4, 65)) {
      Map<SiteId, long[]> data = federation.data(4);
      lyingCoordinator(
          federation,
          4,
          (name, message) ->
              message instanceof Message.RoundOpen open
                  ? List.of(
                      open,
                      new Message.RoundOpen(
                          open.epochContext(),
                          open.terms(),
                          open.deadlineEpochSecond() + 1,
                          open.payload(),
                          open.previous(),
                          open.sealedSum()))
                  : List.of(message));
      Federation.Run run = run(federation, data);
      run.startAll();
      run.settle();
      for (SiteId site : data.keySet()) {
        assertThat(run.refusedAt.get(site)).contains(ErrorCode.EQUIVOCATION);
      }
      assertThat(federation.exchange().list("studies"))
          .noneMatch(name -> name.contains("/unmask-"));
      assertThat(run.coordinator().results()).isEmpty();
    }
  }

  @Test
  void twoSurvivorSetsInOneAttemptAreNotBothSigned() {
    try (Federation federation = new Federation(5, 66)) {
      Map<SiteId, long[]> data = federation.data(4);
      RecordingExchange record = new RecordingExchange(federation.exchange());
      federation.wrapExchange(exchange -> record);
      lyingCoordinator(
          federation,
          5,
          (name, message) ->
              message instanceof Message.SurvivorSet set
                  ? List.of(
                      set,
                      new Message.SurvivorSet(
                          set.round(), SiteSet.of(5, 0, 1, 2, 3), set.uploads().subList(0, 4)))
                  : List.of(message));
      Federation.Run run = run(federation, data);
      run.startAll();
      run.settle();
      record.requireOneObjectInAPlace();
      assertThat(codes(federation, "/dead-")).contains(ErrorCode.EQUIVOCATION);
    }
  }

  @Test
  void epochThatNobodyUsesIsDroppedAfterADay() {
    try (Federation federation = new Federation(4, 67)) {
      Map<SiteId, long[]> data = federation.data(4);
      Federation.Run run = run(federation, data);
      data.keySet().stream().filter(site -> !site.equals(D)).forEach(run::start);
      run.settle();
      assertThat(run.site(A).study().epoch(1)).isNotInstanceOf(Abandoned.class);
      federation.clock().pass(SiteStudy.UNUSED_LIFETIME.plusMinutes(1));
      run.site(A).poll();
      assertThat(run.site(A).study().epoch(1)).isInstanceOf(Abandoned.class);
    }
  }
}
