package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Program;
import io.tributary.analysis.Step;
import io.tributary.codec.Digest;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Message;
import io.tributary.protocol.OpenedSum;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.site.Active;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Every contributor computes a sum itself before it answers the next question (PROTOCOL.md 2.5,
 * Verified sums), so that a coordinator cannot steer a model by a false sum.
 */
class VerifiedSumsTest {
  private static final int SITES = 4;
  private static final int WORDS = 5;

  /** A coordinator that adds one to the first word of every sum. */
  private record OneMore(StepSums honest) implements Program<long[], List<List<Long>>> {
    @Override
    public byte[] start() {
      return honest.start();
    }

    @Override
    public Layout layout(byte[] state) {
      return honest.layout(state);
    }

    @Override
    public Partial contribute(byte[] state, long[] data) {
      return honest.contribute(state, data);
    }

    @Override
    public Step<byte[], List<List<Long>>> update(byte[] state, Aggregate sum) {
      Step<byte[], List<List<Long>>> step = honest.update(state, sum);
      if (step instanceof Step.Next<byte[], List<List<Long>>> next) {
        byte[] other = next.state().clone();
        ByteBuffer.wrap(other).putLong(4, ByteBuffer.wrap(other).getLong(4) + 1);
        return new Step.Next<>(other);
      }
      return step;
    }
  }

  private static Study study(Federation federation, int sites) {
    return federation.study("verified", sites, Optional.empty(), 3, 1);
  }

  private static Federation.Run run(Federation federation, int sites, Map<SiteId, long[]> data) {
    return federation.run(
        study(federation, sites), List.of(new StepSums(sites, WORDS, 3, 2)), data);
  }

  private static List<List<Long>> sums(Map<SiteId, long[]> data, Set<SiteId> contributors) {
    return List.of(
        Federation.expected(data, contributors, 0),
        Federation.expected(data, contributors, 1),
        Federation.expected(data, contributors, 2));
  }

  /** No site masks anything for the second step, and everybody says why. */
  private static void requireCaught(Federation federation, Federation.Run run) {
    assertThat(run.coordinator().results()).isEmpty();
    assertThat(run.coordinator().failures().get(0).code())
        .isEqualTo(ErrorCode.STATE_UPDATE_MISMATCH);
    for (SiteId site : run.terms().study().sites()) {
      assertThat(run.refusedAt.get(site))
          .as("at %s", site)
          .contains(ErrorCode.STATE_UPDATE_MISMATCH);
    }
    assertThat(federation.exchange().list("studies"))
        .noneMatch(name -> name.contains("/s00001/") && name.contains("/upload-"));
    assertThat(run.rounds).hasSize(1);
  }

  /** A coordinator that says something else about a sum than is true. */
  private static Federation.Run lying(
      Federation federation, Map<SiteId, long[]> data, UnaryOperator<Message.Result> lie) {
    federation.wrapCoordinatorExchange(
        exchange ->
            new LyingExchange(
                exchange,
                "coordinator",
                federation.coordinatorIdentity(),
                SITES,
                (name, message) -> List.of(changed(federation, message, lie))));
    Federation.Run run = run(federation, SITES, data);
    run.startAll();
    run.finish();
    return run;
  }

  private static Message changed(
      Federation federation, Message message, UnaryOperator<Message.Result> lie) {
    if (message instanceof Message.Result result) {
      return lie.apply(result);
    }
    if (!(message instanceof Message.RoundOpen open) || open.previous().isEmpty()) {
      return message;
    }
    SignedObject honest = SignedObject.decode(open.previous().get(0).toArray());
    SignedObject other =
        SignedObject.sign(
            "coordinator",
            lie.apply((Message.Result) honest.message(SITES)),
            federation.coordinatorIdentity());
    return new Message.RoundOpen(
        open.epochContext(),
        open.terms(),
        open.deadlineEpochSecond(),
        open.payload(),
        List.of(other.encoded(), open.previous().get(1)),
        open.sealedSum());
  }

  private static Message.Result with(
      Message.Result result, Digest digest, List<Bytes> keys, List<Bytes> seeds) {
    return new Message.Result(
        result.round(), result.contributors(), digest, result.transcript(), keys, seeds);
  }

  @Test
  void everyContributorVerifiesEverySumThatHasASuccessor() {
    try (Federation federation = new Federation(5, 31)) {
      Map<SiteId, long[]> data = federation.data(WORDS);
      Federation.Run run = run(federation, 5, data);
      run.startAll();
      SiteId gone = Federation.id(2);
      while (run.site(gone).study().active(1).isEmpty()) {
        run.pass();
      }
      run.stop(gone);
      run.finish();
      Set<SiteId> contributors = new TreeSet<>(data.keySet());
      contributors.remove(gone);
      assertThat(run.refused).isEmpty();
      assertThat(run.coordinator().results()).isEqualTo(Map.of(0, sums(data, contributors)));
      assertThat(new TreeSet<>(run.verified)).hasSize(2 * contributors.size());
    }
  }

  @Test
  void sumOfALastStepIsGivenToNobody() {
    try (Federation federation = new Federation(SITES, 32)) {
      Map<SiteId, long[]> data = federation.data(WORDS);
      Federation.Run run = run(federation, SITES, data);
      run.startAll();
      run.finish();
      List<String> results =
          federation.exchange().list("studies").stream()
              .filter(name -> name.contains("/3-result-"))
              .toList();
      assertThat(results).hasSize(3);
      List<Integer> keys = new ArrayList<>();
      for (String name : results) {
        SignedObject object = SignedObject.decode(federation.exchange().get(name).orElseThrow());
        keys.add(((Message.Result) object.message(SITES)).sealedSum().size());
      }
      assertThat(keys).containsExactly(SITES, SITES, 0);
    }
  }

  @Test
  void falseSumIsCaughtAtEverySite() {
    try (Federation federation = new Federation(SITES, 33)) {
      Map<SiteId, long[]> data = federation.data(WORDS);
      StepSums honest = new StepSums(SITES, WORDS, 3, 2);
      Federation.Run run =
          federation.run(
              study(federation, SITES), List.of(honest), List.of(new OneMore(honest)), data);
      run.startAll();
      run.finish();
      requireCaught(federation, run);
    }
  }

  @Test
  void sumThatIsNotExplainedIsRefused() {
    try (Federation federation = new Federation(SITES, 34)) {
      Map<SiteId, long[]> data = federation.data(WORDS);
      Federation.Run run =
          lying(federation, data, result -> with(result, result.result(), List.of(), List.of()));
      requireCaught(federation, run);
    }
  }

  @Test
  void wrongSeedsAreRefused() {
    try (Federation federation = new Federation(SITES, 35)) {
      Map<SiteId, long[]> data = federation.data(WORDS);
      Federation.Run run =
          lying(
              federation,
              data,
              result -> {
                if (result.sealedSeeds().isEmpty()) {
                  return result;
                }
                byte[] seeds = result.sealedSeeds().get(0).toArray();
                seeds[seeds.length - 1] ^= 1;
                return with(
                    result, result.result(), result.sealedSum(), List.of(Bytes.take(seeds)));
              });
      requireCaught(federation, run);
    }
  }

  @Test
  void digestOfAnotherSumIsRefused() {
    try (Federation federation = new Federation(SITES, 36)) {
      Map<SiteId, long[]> data = federation.data(WORDS);
      Federation.Run run =
          lying(
              federation,
              data,
              result ->
                  with(
                      result,
                      Digest.sha256(new byte[] {1}),
                      result.sealedSum(),
                      result.sealedSeeds()));
      requireCaught(federation, run);
    }
  }

  @Test
  void epochThatEndsInMidStepIsFollowedByOneThatVerifiesToo() {
    try (Federation federation = new Federation(SITES, 37)) {
      federation.studyLife(Duration.ofDays(30));
      Map<SiteId, long[]> data = federation.data(WORDS);
      Federation.Run run = run(federation, SITES, data);
      run.startAll();
      while (run.rounds.isEmpty()) {
        run.pass();
      }
      data.keySet().forEach(run::stop);
      run.settle();
      assertThat(run.coordinator().study().round(0).orElseThrow().id())
          .isEqualTo(new AttemptId(1, 0, 1, 0));
      federation.clock().pass(Active.LIFETIME.plusDays(1));
      run.settle();
      data.keySet().forEach(run::restart);
      run.finish();
      assertThat(run.refused).isEmpty();
      assertThat(run.coordinator().results()).isEqualTo(Map.of(0, sums(data, data.keySet())));
      assertThat(run.rounds.get(1).id().epoch()).isGreaterThan(1);
      assertThat(new TreeSet<>(run.verified)).hasSize(2 * SITES);
    }
  }

  @Test
  void sitesRestartedBetweenStepsVerify() {
    try (Federation federation = new Federation(SITES, 38)) {
      Map<SiteId, long[]> data = federation.data(WORDS);
      Federation.Run run = run(federation, SITES, data);
      run.startAll();
      while (run.rounds.isEmpty()) {
        run.pass();
      }
      data.keySet().forEach(run::stop);
      run.settle();
      run.restartCoordinator();
      data.keySet().forEach(run::restart);
      run.finish();
      assertThat(run.refused).isEmpty();
      assertThat(run.coordinator().results()).isEqualTo(Map.of(0, sums(data, data.keySet())));
      assertThat(new TreeSet<>(run.verified)).hasSize(2 * SITES);
    }
  }

  @Test
  void limitIsWordsTimesContributors() {
    assertThat(OpenedSum.isVerified(4, 1L << 20)).isTrue();
    assertThat(OpenedSum.isVerified(4, (1L << 20) + 1)).isFalse();
    assertThat(OpenedSum.isVerified(256, Long.MAX_VALUE)).isFalse();
  }
}
