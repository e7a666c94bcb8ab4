package io.tributary.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.masking.Secret32;
import io.tributary.masking.Shamir;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Any k of n shares rebuild the secret; a wrong share among them does not. */
class SharesRebuildTest {
  @Property(tries = 300)
  void anyThresholdOfSharesRebuilds(
      @ForAll @IntRange(min = 1, max = 40) int sites, @ForAll long seed) {
    Random numbers = new Random(seed);
    int threshold = 1 + numbers.nextInt(sites);
    Secret32 secret = secret(numbers);
    byte[][] shares = Shamir.deal(secret, threshold, sites, secret(numbers));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < sites; i++) {
      order.add(i);
    }
    Collections.shuffle(order, numbers);
    int given = threshold + numbers.nextInt(sites - threshold + 1);
    int[] indices = order.subList(0, given).stream().mapToInt(Integer::intValue).toArray();
    byte[][] chosen = new byte[given][];
    for (int i = 0; i < given; i++) {
      chosen[i] = shares[indices[i]];
    }

    assertThat(Shamir.rebuild(indices, chosen, threshold)).contains(secret);

    int lowest = 0;
    for (int i = 1; i < given; i++) {
      lowest = indices[i] < indices[lowest] ? i : lowest;
    }
    chosen[lowest] = chosen[lowest].clone();
    chosen[lowest][numbers.nextInt(5) * 8] ^= 1;
    if (Shamir.isShare(chosen[lowest])) {
      assertThat(Shamir.rebuild(indices, chosen, threshold))
          .isNotEqualTo(java.util.Optional.of(secret));
    }
  }

  @Example
  void theLargestRosterRebuilds() {
    Random numbers = new Random(256);
    Secret32 secret = secret(numbers);
    byte[][] shares = Shamir.deal(secret, 129, 256, secret(numbers));
    int[] last = new int[129];
    byte[][] chosen = new byte[129][];
    for (int i = 0; i < 129; i++) {
      last[i] = 127 + i;
      chosen[i] = shares[127 + i];
    }

    assertThat(Shamir.basis(last).rebuild(chosen)).contains(secret);
  }

  private static Secret32 secret(Random numbers) {
    byte[] bytes = new byte[32];
    numbers.nextBytes(bytes);
    return Secret32.take(bytes);
  }
}
