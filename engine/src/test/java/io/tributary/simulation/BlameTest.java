package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.masking.Seal;
import io.tributary.masking.Secret32;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Message;
import io.tributary.protocol.UnmaskAnswer;
import io.tributary.protocol.coordinator.AttemptFailed;
import io.tributary.protocol.site.SiteKeys;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** An error carries the sites that the evidence leaves, and no others (PROTOCOL.md 2.6). */
class BlameTest {
  private static final SiteId A = Federation.id(0);
  private static final SiteId B = Federation.id(1);
  private static final SiteId C = Federation.id(2);
  private static final SiteId LIAR = Federation.id(3);

  private static Federation.Run run(Federation federation, int sites, Map<SiteId, long[]> data) {
    Study study = federation.study("blame", sites, Optional.empty(), 3, 1);
    return federation.run(study, List.of(StepSums.of(sites, 3, 1)), data);
  }

  /** A site that says something else in place of some of its messages. */
  private static void lie(Federation federation, SiteId site, int sites, LyingExchange.Lie lie) {
    federation.wrapExchange(
        site,
        exchange ->
            new LyingExchange(exchange, site.value(), federation.identity(site), sites, lie));
  }

  private static void requireSum(
      Federation.Run run, Map<SiteId, long[]> data, Set<SiteId> contributors) {
    assertThat(run.coordinator().failures()).isEmpty();
    assertThat(run.coordinator().results())
        .isEqualTo(Map.of(0, List.of(Federation.expected(data, contributors, 0))));
  }

  private static Set<SiteId> without(Map<SiteId, long[]> data, SiteId gone) {
    Set<SiteId> left = new TreeSet<>(data.keySet());
    left.remove(gone);
    return left;
  }

  private static void requireSuspicion(Federation.Run run, ErrorCode code, Set<SiteId> suspects) {
    assertThat(run.suspicions)
        .anySatisfy(
            suspicion -> {
              assertThat(suspicion.code()).isEqualTo(code);
              assertThat(suspicion.suspects()).isEqualTo(suspects);
            });
    assertThat(run.coordinator().status().suspects()).containsAll(suspects);
  }

  private static Bytes flipped(Bytes bytes) {
    byte[] copy = bytes.toArray();
    copy[0] ^= 1;
    return Bytes.take(copy);
  }

  /** An Upload that commits to other pair seeds with some sites. */
  private static Message disagreeing(Message.Upload upload, int self, Set<Integer> with) {
    List<Digest> commitments = new ArrayList<>(upload.pairCommitments());
    for (int peer : with) {
      commitments.set(peer < self ? peer : peer - 1, Digest.sha256(new byte[] {(byte) peer}));
    }
    return new Message.Upload(
        upload.round(),
        upload.nonce(),
        upload.selfCommitment(),
        commitments,
        upload.boxes(),
        upload.frames());
  }

  /** Answers changed inside their seal, as only their sender can. */
  private static LyingExchange.Lie answering(
      Federation federation,
      Federation.Run[] run,
      int self,
      SiteSet everybody,
      UnaryOperator<UnmaskAnswer> change) {
    return (name, message) -> {
      if (!(message instanceof Message.Unmask unmask)) {
        return List.of(message);
      }
      Secret32 channel =
          SiteKeys.channel(federation.store(Federation.id(self)), run[0].terms().studyDigest(), 1);
      byte[] plaintext =
          Seal.open(
                  channel,
                  "unmask/v1",
                  self,
                  Seal.COORDINATOR,
                  unmask.round(),
                  unmask.sealed().toArray())
              .orElseThrow();
      UnmaskAnswer answer = UnmaskAnswer.decode(plaintext, everybody, everybody);
      byte[] sealed =
          Seal.seal(
              channel,
              "unmask/v1",
              self,
              Seal.COORDINATOR,
              unmask.round(),
              change.apply(answer).encode());
      return List.of(new Message.Unmask(unmask.round(), unmask.certificate(), Bytes.take(sealed)));
    };
  }

  @Test
  void siteThatDisagreesWithMostIsLeftOutAndNamed() {
    try (Federation federation = new Federation(5, 21)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run = run(federation, 5, data);
      lie(
          federation,
          LIAR,
          5,
          (name, message) ->
              List.of(
                  message instanceof Message.Upload upload
                      ? disagreeing(upload, 3, Set.of(0, 1))
                      : message));
      run.startAll();
      run.finish();
      requireSum(run, data, without(data, LIAR));
      requireSuspicion(run, ErrorCode.CONTEXT_MISMATCH, Set.of(LIAR));
    }
  }

  @Test
  void tieOfCommitmentsEndsTheAttemptWithThePairAndTheNextOneSucceeds() {
    try (Federation federation = new Federation(4, 22)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run = run(federation, 4, data);
      boolean[] lied = new boolean[1];
      lie(
          federation,
          LIAR,
          4,
          (name, message) -> {
            boolean now = message instanceof Message.Upload && name.contains("/a00/");
            lied[0] |= now;
            return List.of(now ? disagreeing((Message.Upload) message, 3, Set.of(1)) : message);
          });
      run.startAll();
      run.finish();
      assertThat(lied[0]).isTrue();
      requireSum(run, data, data.keySet());
      assertThat(run.rounds.get(0).id().attempt()).isEqualTo(1);
      requireSuspicion(run, ErrorCode.CONTEXT_MISMATCH, Set.of(B, LIAR));
    }
  }

  @Test
  void tieInEveryAttemptEndsTheJobAndNamesThePairAlsoAfterARestart() {
    try (Federation federation = new Federation(4, 23)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run = run(federation, 4, data);
      lie(
          federation,
          LIAR,
          4,
          (name, message) ->
              List.of(
                  message instanceof Message.Upload upload
                      ? disagreeing(upload, 3, Set.of(1))
                      : message));
      run.startAll();
      run.finish();
      TributaryException reason = run.coordinator().failures().get(0);
      assertThat(reason.code()).isEqualTo(ErrorCode.CONTEXT_MISMATCH);
      assertThat(reason.suspects()).containsExactlyInAnyOrder(B, LIAR);
      assertThat(reason.problem()).contains(B.value()).contains(LIAR.value());
      assertThat(run.coordinator().study().round(0).orElseThrow())
          .isInstanceOfSatisfying(
              AttemptFailed.class,
              failed -> assertThat(failed.suspects()).containsExactlyInAnyOrder(B, LIAR));
      run.restartCoordinator();
      assertThat(run.coordinator().failures().get(0).suspects()).containsExactlyInAnyOrder(B, LIAR);
      assertThat(run.coordinator().study().round(0).orElseThrow())
          .isInstanceOfSatisfying(
              AttemptFailed.class,
              failed -> assertThat(failed.suspects()).containsExactlyInAnyOrder(B, LIAR));
    }
  }

  @Test
  void wrongOwnSeedIsRepairedFromSharesAndItsOwnerNamed() {
    try (Federation federation = new Federation(4, 24)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run[] run = {run(federation, 4, data)};
      lie(
          federation,
          LIAR,
          4,
          answering(
              federation,
              run,
              3,
              SiteSet.all(4),
              answer ->
                  new UnmaskAnswer(
                      flipped(answer.ownSelfSeed()),
                      answer.selfShares(),
                      answer.ownPairSeeds(),
                      answer.pairShares())));
      run[0].startAll();
      run[0].finish();
      requireSum(run[0], data, data.keySet());
      requireSuspicion(run[0], ErrorCode.SHARE_MISMATCH, Set.of(LIAR));
      assertThat(run[0].suspicions).hasSize(1);
    }
  }

  @Test
  void wrongShareNamesItsHolderAndTheDealerAndOtherSharesAreUsed() {
    try (Federation federation = new Federation(5, 25)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run[] run = {run(federation, 5, data)};
      // The first site's seed has to be rebuilt: it is gone after its upload. k = 4 of the others.
      federation.wrapExchange(A, exchange -> new Silence(exchange, "/unmask-"));
      lie(
          federation,
          B,
          5,
          answering(
              federation,
              run,
              1,
              SiteSet.all(5),
              answer -> {
                List<Bytes> shares = new ArrayList<>(answer.selfShares());
                shares.set(0, flipped(shares.get(0)));
                return new UnmaskAnswer(
                    answer.ownSelfSeed(), shares, answer.ownPairSeeds(), answer.pairShares());
              }));
      run[0].startAll();
      run[0].finish();
      // Four shares, one of them wrong, and it takes four: the sum cannot be had.
      assertThat(run[0].coordinator().status().waitingFor()).containsExactly(A);
      federation.clock().pass(Duration.ofDays(3));
      run[0].settle();
      TributaryException reason = run[0].coordinator().gaveUp().orElseThrow();
      assertThat(reason.code()).isEqualTo(ErrorCode.THRESHOLD_LOST);
      assertThat(reason.suspects()).contains(A, B);
      requireSuspicion(run[0], ErrorCode.SHARE_MISMATCH, Set.of(A, B, C, LIAR, Federation.id(4)));
    }
    try (Federation federation = new Federation(6, 26)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run[] run = {run(federation, 6, data)};
      federation.wrapExchange(A, exchange -> new Silence(exchange, "/unmask-"));
      lie(
          federation,
          B,
          6,
          answering(
              federation,
              run,
              1,
              SiteSet.all(6),
              answer -> {
                List<Bytes> shares = new ArrayList<>(answer.selfShares());
                shares.set(0, flipped(shares.get(0)));
                return new UnmaskAnswer(
                    answer.ownSelfSeed(), shares, answer.ownPairSeeds(), answer.pairShares());
              }));
      run[0].startAll();
      run[0].finish();
      requireSum(run[0], data, data.keySet());
      requireSuspicion(run[0], ErrorCode.SHARE_MISMATCH, Set.of(A, B));
    }
  }

  @Test
  void boxThatDoesNotOpenNamesItsDealerAndItsReceiver() {
    try (Federation federation = new Federation(6, 27)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run = run(federation, 6, data);
      Bytes[] spoilt = new Bytes[1];
      lie(
          federation,
          LIAR,
          6,
          (name, message) -> {
            if (message instanceof Message.Boxes bundle) {
              List<Bytes> boxes = new ArrayList<>(bundle.boxes());
              boxes.set(1, flipped(boxes.get(1)));
              spoilt[0] = boxes.get(1);
              return List.of(new Message.Boxes(bundle.round(), bundle.to(), boxes));
            }
            if (message instanceof Message.Upload upload) {
              List<Digest> hashes = new ArrayList<>(upload.boxes());
              hashes.set(1, Digest.sha256(spoilt[0].toArray()));
              return List.of(
                  new Message.Upload(
                      upload.round(),
                      upload.nonce(),
                      upload.selfCommitment(),
                      upload.pairCommitments(),
                      hashes,
                      upload.frames()));
            }
            return List.of(message);
          });
      run.startAll();
      run.finish();
      requireSum(run, data, data.keySet());
      assertThat(run.unreadable).containsEntry(B, List.of(LIAR));
      // The coordinator cannot see the box: its dealer or whoever says so.
      requireSuspicion(run, ErrorCode.SHARE_MISMATCH, Set.of(B, LIAR));
    }
  }

  @Test
  void twoUploadsInOnePlaceAreEquivocationOfTheirSigner() {
    try (Federation federation = new Federation(5, 28)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run = run(federation, 5, data);
      lie(
          federation,
          LIAR,
          5,
          (name, message) ->
              message instanceof Message.Upload upload
                  ? List.of(upload, disagreeing(upload, 3, Set.of(0)))
                  : List.of(message));
      run.startAll();
      run.finish();
      requireSum(run, data, without(data, LIAR));
      requireSuspicion(run, ErrorCode.EQUIVOCATION, Set.of(LIAR));
      assertThat(
              federation.exchange().list("studies").stream()
                  .filter(name -> name.contains("/upload-" + LIAR + "-")))
          .as("both are kept as evidence")
          .hasSize(2);
    }
  }

  @Test
  void honestSitesAreNeverSuspected() {
    try (Federation federation = new Federation(6, 29)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run = run(federation, 6, data);
      federation.wrapExchange(A, exchange -> new Silence(exchange, "/unmask-"));
      federation.wrapExchange(B, exchange -> new Silence(exchange, "/signature-"));
      run.startAll();
      run.finish();
      requireSum(run, data, data.keySet());
      assertThat(run.suspicions).isEmpty();
    }
  }

  @Test
  void operatorMayForceAnotherAttemptWhichHasTheSameContributors() {
    try (Federation federation = new Federation(4, 30)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run = run(federation, 4, data);
      // Two of four never answer the first attempt, and it takes three.
      federation.wrapExchange(A, exchange -> new Silence(exchange, "/a00/unmask-"));
      federation.wrapExchange(B, exchange -> new Silence(exchange, "/a00/unmask-"));
      run.startAll();
      assertThat(run.coordinator().forceAttempt()).as("no certificate is out").isFalse();
      for (int i = 0; i < 4; i++) {
        run.settle();
        federation.clock().pass(Duration.ofMinutes(31));
      }
      assertThat(run.coordinator().results()).isEmpty();
      assertThat(run.coordinator().status().waitingFor()).containsExactlyInAnyOrder(A, B);
      assertThat(run.coordinator().forceAttempt()).isTrue();
      run.finish();
      requireSum(run, data, data.keySet());
      assertThat(run.rounds.get(0).id().attempt()).isEqualTo(1);
    }
  }

  @Test
  void framesAndBoxesOfAFinishedJobLeaveTheExchangeAndWhatWasSignedStays() {
    try (Federation federation = new Federation(4, 31)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run = run(federation, 4, data);
      run.startAll();
      run.finish();
      requireSum(run, data, data.keySet());
      List<String> left = federation.exchange().list("studies");
      assertThat(left).noneMatch(name -> name.contains("/f/") || name.contains("/d/"));
      assertThat(left)
          .filteredOn(name -> name.contains("/upload-") || name.contains("/unmask-"))
          .hasSize(8);
    }
  }
}
