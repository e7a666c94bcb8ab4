package io.tributary.analysis;

import io.tributary.study.Rho;
import java.io.Serializable;
import java.util.List;

/**
 * The noise that the sums of a layout carry (PROTOCOL.md 3.1): with each slot's bound per person,
 * its L2 norm, it says how much every site adds, and what the sum costs.
 *
 * @param costs of the slots, in the layout's order, each above 0
 * @param honest m_h, honest sites that are sure to be in the sum
 * @param sitesPerPerson sites at which one person may have rows
 */
public record Noise(List<Rho> costs, int honest, int sitesPerPerson) implements Serializable {
  public Noise {
    costs = List.copyOf(costs);
    if (honest < 1 || sitesPerPerson < 1 || costs.stream().anyMatch(Rho::isZero)) {
      throw new IllegalArgumentException("honest=" + honest + " sitesPerPerson=" + sitesPerPerson);
    }
  }

  /** What the sum costs: all slots are released together. */
  public Rho cost() {
    return costs.stream().reduce(Rho.ZERO, Rho::plus);
  }
}
