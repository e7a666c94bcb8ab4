package io.tributary.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import io.tributary.codec.FixedVector;
import io.tributary.codec.FrameShape;
import io.tributary.codec.SiteSet;
import io.tributary.masking.EpochTerms;
import io.tributary.masking.MaskedFrame;
import io.tributary.masking.Masker;
import io.tributary.masking.RoundContext;
import io.tributary.masking.RoundTerms;
import io.tributary.masking.Secret32;
import io.tributary.masking.Unmasker;
import io.tributary.study.ErrorCode;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** For any number of sites, any frame, any participants and any dropouts the sum comes out. */
class MasksCancelTest {
  private static final BigInteger TWO_128 = BigInteger.ONE.shiftLeft(128);

  @Property(tries = 150)
  void theSumOfTheContributorsComesOut(
      @ForAll @IntRange(min = 3, max = 12) int sites,
      @ForAll @IntRange(max = 1100) int wide,
      @ForAll @IntRange(max = 2300) int narrow,
      @ForAll @IntRange(max = 9) int frame,
      @ForAll long seed) {
    Attempt attempt = new Attempt(sites, wide, Math.max(narrow, wide == 0 ? 1 : 0), frame, seed);

    long[] sum = attempt.open(attempt.masked(attempt.contributors));

    attempt.assertIsSum(sum);
  }

  @Property(tries = 60)
  void aChangedWordIsCaught(
      @ForAll @IntRange(min = 3, max = 5) int sites,
      @ForAll @IntRange(max = 20) int wide,
      @ForAll @IntRange(min = 1, max = 20) int narrow,
      @ForAll long seed) {
    Attempt attempt = new Attempt(sites, wide, narrow, 0, seed);
    for (int word = 0; word < attempt.shape.totalWords(); word++) {
      long[][] frames = attempt.masked(attempt.contributors);
      int at = word;
      frames[0][at] ^= 1L << attempt.numbers.nextInt(40);

      assertCheckFails(() -> attempt.open(frames));
    }
  }

  @Property(tries = 30)
  void aMissingOrForeignFrameIsCaught(@ForAll long seed) {
    Attempt attempt = new Attempt(5, 2, 3, 1, seed);
    long[][] frames = attempt.masked(attempt.contributors);
    long[][] fewer = java.util.Arrays.copyOf(frames, frames.length - 1);
    assertCheckFails(() -> attempt.open(fewer));

    frames[0] = attempt.frame(attempt.contributors[0], 2).words();
    assertCheckFails(() -> attempt.open(frames));
  }

  /** A masked word tells nothing without the seeds: two inputs give unrelated frames. */
  @Example
  void maskedFramesLookAlike() {
    Attempt attempt = new Attempt(4, 0, 4000, 0, 9);
    long[] words = attempt.frame(0, 0).words();
    int ones = 0;
    for (long word : words) {
      ones += Long.bitCount(word);
    }
    // 4002 words have 256,128 bits; six standard deviations are 1518.
    assertThat(ones).isBetween(32 * words.length - 1518, 32 * words.length + 1518);
  }

  @Example
  void seedsMustFitTheParticipants() {
    Attempt attempt = new Attempt(4, 0, 1, 0, 1);
    FixedVector vector = FixedVector.of(attempt.shape, new long[1]);
    Secret32 own = attempt.selfSeeds[0];
    Secret32[] missing = attempt.pairSeeds(0);
    missing[attempt.context.participants().indices()[1]] = null;
    Secret32[] extra = attempt.pairSeeds(0);
    extra[0] = own;

    assertThatThrownBy(() -> Masker.mask(vector, attempt.context, 0, own, missing, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Masker.mask(vector, attempt.context, 0, own, extra, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertCheckFails(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable opening) {
    assertThatThrownBy(opening)
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECK_FAILED));
  }

  /** One attempt with everything drawn from one number: who takes part, who drops out, values. */
  private static final class Attempt {
    final Random numbers;
    final FrameShape shape;
    final int frame;
    final RoundContext context;
    final int[] contributors;
    final int[] dropouts;
    final Secret32[] selfSeeds;
    final Secret32[][] pairs;
    final long[][] inputs;

    Attempt(int sites, int wide, int narrow, int frame, long seed) {
      this.numbers = new Random(seed);
      this.shape = new FrameShape(wide, narrow);
      this.frame = frame;
      List<Integer> present = new ArrayList<>();
      List<Integer> gone = new ArrayList<>();
      List<Integer> taking = new ArrayList<>();
      for (int i = 0; i < sites; i++) {
        if (i < 2 || numbers.nextInt(5) > 0) {
          taking.add(i);
          (i == 0 || numbers.nextInt(4) > 0 ? present : gone).add(i);
        }
      }
      this.contributors = present.stream().mapToInt(Integer::intValue).toArray();
      this.dropouts = gone.stream().mapToInt(Integer::intValue).toArray();
      this.context = context(sites, taking.stream().mapToInt(Integer::intValue).toArray());
      this.selfSeeds = new Secret32[sites];
      this.pairs = new Secret32[sites][sites];
      this.inputs = new long[sites][];
      for (int u = 0; u < sites; u++) {
        selfSeeds[u] = secret();
        inputs[u] = values();
        for (int v = 0; v < u; v++) {
          pairs[u][v] = secret();
          pairs[v][u] = pairs[u][v];
        }
      }
    }

    /** Values whose sum over the sites does not wrap: narrow below 2^59, wide below 2^123. */
    private long[] values() {
      long[] words = numbers.longs(shape.dataWords()).toArray();
      for (int i = 1; i < 2 * shape.wideElements(); i += 2) {
        words[i] >>= 4;
      }
      for (int i = 2 * shape.wideElements(); i < words.length; i++) {
        words[i] >>= 4;
      }
      return words;
    }

    private Secret32 secret() {
      byte[] bytes = new byte[32];
      numbers.nextBytes(bytes);
      return Secret32.take(bytes);
    }

    Secret32[] pairSeeds(int u) {
      Secret32[] seeds = new Secret32[selfSeeds.length];
      for (int v : context.participants().indices()) {
        seeds[v] = v == u ? null : pairs[u][v];
      }
      return seeds;
    }

    MaskedFrame frame(int u, int number) {
      return Masker.mask(
          FixedVector.of(shape, inputs[u]), context, u, selfSeeds[u], pairSeeds(u), number);
    }

    long[][] masked(int[] sites) {
      long[][] frames = new long[sites.length][];
      for (int i = 0; i < sites.length; i++) {
        frames[i] = frame(sites[i], frame).words();
      }
      return frames;
    }

    long[] open(long[][] frames) {
      List<byte[]> seeds = new ArrayList<>();
      for (int u : contributors) {
        seeds.add(selfSeeds[u].reveal());
      }
      for (int u : contributors) {
        for (int z : dropouts) {
          seeds.add(pairs[u][z].reveal());
        }
      }
      return Unmasker.open(
          frames,
          shape.wideElements(),
          shape.narrowElements(),
          context.round().bytes(),
          context.checkKey().bytes(),
          frame,
          seeds.toArray(byte[][]::new),
          Unmasker.releasedSigns(contributors, dropouts));
    }

    void assertIsSum(long[] sum) {
      int narrowFrom = 2 * shape.wideElements();
      for (int i = 0; i < narrowFrom; i += 2) {
        BigInteger expected = BigInteger.ZERO;
        for (int u : contributors) {
          long[] words = inputs[u];
          expected = expected.add(wide(words[i], words[i + 1]));
        }
        assertThat(wide(sum[i], sum[i + 1])).isEqualTo(signed(expected));
      }
      for (int i = narrowFrom; i < sum.length; i++) {
        long expected = 0;
        for (int u : contributors) {
          expected += inputs[u][i];
        }
        assertThat(sum[i]).isEqualTo(expected);
      }
    }

    private static BigInteger signed(BigInteger value) {
      BigInteger reduced = value.mod(TWO_128);
      return reduced.testBit(127) ? reduced.subtract(TWO_128) : reduced;
    }

    private static BigInteger wide(long low, long high) {
      return BigInteger.valueOf(high).shiftLeft(64).add(new BigInteger(Long.toUnsignedString(low)));
    }

    private static RoundContext context(int sites, int[] participants) {
      Digest any = Digest.sha256(new byte[] {1});
      return RoundContext.of(
          new EpochTerms(EpochTerms.SUITE, any, any, 1, any, Study.Shape.QUORUM, sites, 3, 3, 3, 1),
          new RoundTerms(
              0, 0, 0, SiteSet.of(sites, participants), any, any, any, any, Digest.ZERO));
    }
  }
}
