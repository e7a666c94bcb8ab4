package io.tributary.vectors;

import static io.tributary.vectors.VectorFile.bytes;
import static io.tributary.vectors.VectorFile.context;
import static io.tributary.vectors.VectorFile.dataWords;
import static io.tributary.vectors.VectorFile.digest;
import static io.tributary.vectors.VectorFile.ints;
import static io.tributary.vectors.VectorFile.list;
import static io.tributary.vectors.VectorFile.secret;
import static io.tributary.vectors.VectorFile.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.codec.Digest;
import io.tributary.codec.FixedVector;
import io.tributary.codec.FrameShape;
import io.tributary.codec.SiteSet;
import io.tributary.identity.AgreementKey;
import io.tributary.masking.AttemptRandomness;
import io.tributary.masking.Commitment;
import io.tributary.masking.Masker;
import io.tributary.masking.PairSecret;
import io.tributary.masking.ResultDigest;
import io.tributary.masking.RoundContext;
import io.tributary.masking.Secret32;
import io.tributary.masking.Shamir;
import io.tributary.masking.StepRandomness;
import io.tributary.masking.Unmasker;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Complete sums from the sites' private keys to the transcript, and what goes wrong in each twin.
 */
class SumVectorsTest {
  private static final String FIVE = "sum_5_sites_one_dropout";

  @ParameterizedTest
  @ValueSource(strings = {"sum_3_sites", FIVE})
  void everySiteMasksAsTheSlowImplementationDoes(String name) {
    Sum sum = new Sum(name);
    for (int u = 0; u < sum.sites; u++) {
      JsonNode site = sum.file.get("site").get(u);
      AttemptRandomness attempt =
          StepRandomness.restore(secret(site.get("rho"))).attempt(sum.context);
      Secret32 own = attempt.selfSeed();
      assertThat(Commitment.ofSelfSeed(sum.context, u, own))
          .isEqualTo(digest(site.get("commitment")));
      assertThat(attempt.dealSelfSeed(u, own, sum.threshold, sum.sites))
          .isDeepEqualTo(list(site.get("self_seed_shares")));
      Secret32[] pairSeeds = sum.pairSeeds(u);
      for (int v = 0; v < sum.sites; v++) {
        if (v > u) {
          assertThat(Commitment.ofPairSeed(sum.context, u, v, pairSeeds[v]))
              .isEqualTo(digest(sum.file.get("pair_commitments").get(u + "-" + v)));
        }
      }
      FixedVector vector =
          FixedVector.of(sum.shape, dataWords(site.get("wide"), site.get("narrow")));
      assertThat(Masker.mask(vector, sum.context, u, own, pairSeeds, sum.frame).words())
          .isEqualTo(words(site.get("masked")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sum_3_sites", FIVE})
  void theSumOpensFromTheReleasedSeeds(String name) {
    Sum sum = new Sum(name);

    long[] opened = sum.open();

    JsonNode expected = sum.file.get("sum");
    assertThat(opened)
        .isEqualTo(words(expected.get("words")))
        .isEqualTo(dataWords(expected.get("wide"), expected.get("narrow")));
    byte[] salt = bytes(sum.file.get("salt"));
    Digest result = ResultDigest.of(salt, List.of(ResultDigest.ofFrame(salt, sum.frame, opened)));
    assertThat(result).isEqualTo(digest(sum.file.get("result_digest")));
    List<Digest> uploads = new ArrayList<>();
    sum.file.get("uploads").forEach(upload -> uploads.add(digest(upload)));
    assertThat(
            sum.context.transcriptHash(
                SiteSet.of(sum.sites, sum.contributors),
                uploads,
                RoundContext.openedHash(sum.released),
                result))
        .isEqualTo(digest(sum.file.get("transcript_hash")));
  }

  @Test
  void sharesRebuildTheSeedsThatOwnersDidNotRelease() {
    Sum sum = new Sum(FIVE);
    Secret32 selfSeed = sum.rebuiltSelfSeedOfSite0().orElseThrow();
    assertThat(selfSeed).isEqualTo(Secret32.copyOf(sum.released[0]));
    assertThat(Commitment.ofSelfSeed(sum.context, 0, selfSeed))
        .isEqualTo(digest(sum.file.get("site").get(0).get("commitment")));

    byte[][] shares = list(sum.file.get("dropout_shares").get("0-3"));
    int[] answering = {0, 1, 2, 4};
    byte[][] given = {shares[0], shares[1], shares[2], shares[4]};
    assertThat(Shamir.rebuild(answering, given, sum.threshold))
        .contains(Secret32.copyOf(sum.released[sum.contributors.length]));
  }

  @Test
  void badShareMissesTheCommitment() {
    Sum sum = new Sum(FIVE + "_bad_share");
    Digest commitment = digest(sum.file.get("site").get(0).get("commitment"));

    Optional<Secret32> rebuilt = sum.rebuiltSelfSeedOfSite0();

    assertThat(rebuilt.map(seed -> Commitment.ofSelfSeed(sum.context, 0, seed)))
        .isNotEqualTo(Optional.of(commitment));
  }

  @Test
  void badCommitmentMissesTheSeed() {
    Sum sum = new Sum(FIVE + "_bad_commitment");

    assertThat(Commitment.ofSelfSeed(sum.context, 0, Secret32.copyOf(sum.released[0])))
        .isNotEqualTo(digest(sum.file.get("site").get(0).get("commitment")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"_bad_context", "_bad_check"})
  void badContextAndBadCheckFailTheCheck(String twin) {
    Sum sum = new Sum(FIVE + twin);

    assertThatThrownBy(sum::open)
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECK_FAILED));
  }

  /** One file. */
  private static final class Sum {
    final JsonNode file;
    final RoundContext context;
    final int sites;
    final int threshold;
    final int frame;
    final int[] contributors;
    final int[] dropouts;
    final byte[][] released;
    final FrameShape shape;

    Sum(String name) {
      file = VectorFile.read(name);
      context = context(file);
      sites = context.epochTerms().sites();
      threshold = context.epochTerms().shares();
      frame = file.get("frame").intValue();
      contributors = ints(file.get("contributors"));
      dropouts = ints(file.get("dropouts"));
      released = list(file.get("released"));
      JsonNode site = file.get("site").get(0);
      shape = new FrameShape(site.get("wide").size(), site.get("narrow").size());
      assertThat(context.round()).isEqualTo(digest(file.get("ctx_round")));
    }

    Secret32[] pairSeeds(int u) {
      AgreementKey own = key(u);
      Secret32[] seeds = new Secret32[sites];
      for (int v = 0; v < sites; v++) {
        if (v != u) {
          byte[] agreed = own.agree(key(v).publicKey());
          PairSecret pair = PairSecret.agree(context.epoch(), u, v, agreed);
          seeds[v] = pair.jobKey(context.terms().job()).pairSeed(context);
          assertThat(agreed).containsOnly(0);
        }
      }
      return seeds;
    }

    private AgreementKey key(int u) {
      return AgreementKey.restore(bytes(file.get("site").get(u).get("private")));
    }

    Optional<Secret32> rebuiltSelfSeedOfSite0() {
      byte[][] shares = list(file.get("site").get(0).get("self_seed_shares"));
      return Shamir.rebuild(new int[] {0, 1, 2, 3}, Arrays.copyOf(shares, 4), threshold);
    }

    long[] open() {
      long[][] frames =
          Arrays.stream(contributors)
              .mapToObj(u -> words(file.get("site").get(u).get("masked")))
              .toArray(long[][]::new);
      return Unmasker.open(
          frames,
          shape.wideElements(),
          shape.narrowElements(),
          context.round().bytes(),
          context.checkKey().bytes(),
          frame,
          released,
          Unmasker.releasedSigns(contributors, dropouts));
    }
  }
}
