package io.tributary.privacy;

import io.tributary.analysis.Layout;
import io.tributary.analysis.Noise;
import io.tributary.analysis.Slot;
import io.tributary.analysis.Width;
import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.codec.FixedVector;
import io.tributary.study.Rho;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The noise of one step: for every slot of its layout what one person can add, what its sum costs,
 * and each site's share (PROTOCOL.md 3.1). It follows from the study and the layout alone, so its
 * cost is known, and can be charged, before any row is read.
 *
 * @param slots in the layout's order
 * @param honest m_h, honest sites that are sure to be in the sum
 * @param sitesPerPerson sites at which one person may have rows: each adds what a person adds at
 *     most, so the sensitivity of the sum is that many times a site's
 */
public record NoisePlan(List<SlotNoise> slots, int honest, int sitesPerPerson) {
  /** dp_hash of sums without noise. */
  public static final Digest NONE = Canonical.hash("dp/v1", Canonical.utf8("none"));

  /** A share beyond this many standard deviations has probability below 1e-31. */
  public static final int MARGIN = 12;

  /**
   * Noise of one slot.
   *
   * @param clip what one person adds at most
   * @param rho cost of the slot's sum
   */
  public record SlotNoise(String slot, PersonClip clip, Rho rho) {}

  /** DP_GRID_TOO_COARSE if a slot's grid is too coarse or too fine for its noise. */
  public NoisePlan {
    slots = List.copyOf(slots);
    Set<String> names = new HashSet<>();
    for (SlotNoise noise : slots) {
      if (!names.add(noise.slot())) {
        throw new IllegalArgumentException("slot named twice: " + noise.slot());
      }
      share(noise, honest, sitesPerPerson);
    }
    if (slots.isEmpty()) {
      throw new IllegalArgumentException("a step has a slot");
    }
  }

  /** For persons at one site each. */
  public NoisePlan(List<SlotNoise> slots, int honest) {
    this(slots, honest, 1);
  }

  /** The noise that a layout says its sums carry; empty if they are exact. */
  public static Optional<NoisePlan> of(Layout layout) {
    return layout
        .noise()
        .map(
            noise -> {
              List<SlotNoise> slots = new ArrayList<>();
              for (int i = 0; i < layout.slots().size(); i++) {
                Slot slot = layout.slots().get(i);
                PersonClip clip =
                    new PersonClip(slot.boundPerPerson(), slot.scaleBits(), slot.size());
                slots.add(new SlotNoise(slot.name(), clip, noise.costs().get(i)));
              }
              return new NoisePlan(slots, noise.honest(), noise.sitesPerPerson());
            });
  }

  /** dp_hash of a layout's sums (PROTOCOL.md 2.3). */
  public static Digest hash(Layout layout) {
    return of(layout).map(NoisePlan::digest).orElse(NONE);
  }

  /** The noise of a slot whose scale is the least that is fine enough. */
  public static SlotNoise slot(String slot, double norm, int elements, Rho rho, int honest) {
    int bits = NoiseShare.scaleBits(norm, elements, rho, honest);
    return new SlotNoise(slot, new PersonClip(norm, bits, elements), rho);
  }

  /** Cost of the step: that of all slots together, since all are released. */
  public Rho cost() {
    Rho cost = Rho.ZERO;
    for (SlotNoise noise : slots) {
      cost = cost.plus(noise.rho());
    }
    return cost;
  }

  /**
   * The layout of the noised sums: each slot's bound has room for the noise.
   *
   * @param sites roster size
   * @param unit of the slots
   * @param personsPerSite most persons a site can have
   */
  public Layout layout(int sites, String unit, long personsPerSite) {
    Layout.Builder layout = Layout.of(sites);
    for (SlotNoise noise : slots) {
      PersonClip clip = noise.clip();
      double margin =
          MARGIN
              * StrictMath.sqrt(share(noise).varianceOfSum(1) * sites)
              * Math.scalb(1.0, -clip.scaleBits());
      layout.add(
          new Slot(
              noise.slot(),
              clip.elements(),
              unit,
              clip.norm(),
              clip.norm() * personsPerSite + margin,
              clip.scaleBits(),
              Width.NARROW));
    }
    return layout
        .noise(new Noise(slots.stream().map(SlotNoise::rho).toList(), honest, sitesPerPerson))
        .build();
  }

  /**
   * Adds this site's shares to a step's one block, in the order of slots and elements.
   *
   * @param words plaintext words, [layout.words(0)]; changed in place
   * @param random the step's noise stream from its beginning
   * @throws IllegalArgumentException if a slot of the layout would stay without noise
   */
  public void addTo(Layout layout, long[] words, RandomWords random) {
    requireMatch(layout);
    for (int i = 0; i < slots.size(); i++) {
      share(slots.get(i)).addTo(words, layout.offset(i, 0), slots.get(i).clip().elements(), random);
    }
  }

  /** As above, on the vector that is masked next. */
  public void addTo(Layout layout, FixedVector vector, RandomWords random) {
    addTo(layout, vector.wordsInTheClear(), random);
  }

  private void requireMatch(Layout layout) {
    boolean same = layout.slots().size() == slots.size() && layout.rows() == 1;
    for (int i = 0; same && i < slots.size(); i++) {
      Slot slot = layout.slots().get(i);
      PersonClip clip = slots.get(i).clip();
      same =
          slot.name().equals(slots.get(i).slot())
              && slot.size() == clip.elements()
              && slot.scaleBits() == clip.scaleBits()
              && slot.width() == Width.NARROW;
    }
    if (!same) {
      throw new IllegalArgumentException("the noise is not that of " + layout);
    }
  }

  private NoiseShare share(SlotNoise noise) {
    return share(noise, honest, sitesPerPerson);
  }

  private static NoiseShare share(SlotNoise noise, int honest, int sitesPerPerson) {
    BigInteger sensitivity =
        noise.clip().sensitivity().multiply(BigInteger.valueOf(sitesPerPerson));
    return new NoiseShare(sensitivity, noise.rho(), honest);
  }

  /**
   * Standard deviation of the noise in each element of a slot's sum, in its unit; intervals of
   * results add its square to their variance.
   *
   * @param contributors sites in the sum
   */
  public double standardDeviation(String slot, int contributors) {
    for (SlotNoise noise : slots) {
      if (noise.slot().equals(slot)) {
        return Math.scalb(
            StrictMath.sqrt(share(noise).varianceOfSum(contributors)), -noise.clip().scaleBits());
      }
    }
    throw new IllegalArgumentException("no slot named " + slot);
  }

  /**
   * dp_hash (PROTOCOL.md 2.3): mechanism, m_h, sites a person, and cost, clip and scale of every
   * slot.
   */
  public Digest digest() {
    List<byte[]> encoded = new ArrayList<>();
    for (SlotNoise noise : slots) {
      BigInteger sensitivity = noise.clip().sensitivity();
      encoded.add(
          Canonical.enc(
              "slot-noise/v1",
              Canonical.utf8(noise.slot()),
              Canonical.utf8(noise.rho().toString()),
              Canonical.u64(Double.doubleToRawLongBits(noise.clip().norm())),
              Canonical.u64(noise.clip().scaleBits()),
              Canonical.u32(noise.clip().elements()),
              sensitivity.toByteArray()));
    }
    return Canonical.hash(
        "dp/v1",
        Canonical.utf8("discrete-gaussian"),
        Canonical.u32(honest),
        Canonical.u32(sitesPerPerson),
        Canonical.list(encoded));
  }
}
