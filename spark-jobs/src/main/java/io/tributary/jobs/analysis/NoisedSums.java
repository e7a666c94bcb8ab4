package io.tributary.jobs.analysis;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * The noised sums of one step.
 *
 * @param slots elements of each slot in its unit, in the layout's order
 * @param contributors sites in the sum, each of which added its share of noise
 */
public record NoisedSums(List<Reals> slots, int contributors) {
  public NoisedSums {
    slots = List.copyOf(slots);
  }

  public static NoisedSums of(Aggregate sum) {
    List<Reals> slots = new ArrayList<>();
    for (Slot slot : sum.layout().slots()) {
      slots.add(Reals.of(sum.values(slot.name())));
    }
    return new NoisedSums(slots, sum.contributors());
  }
}
