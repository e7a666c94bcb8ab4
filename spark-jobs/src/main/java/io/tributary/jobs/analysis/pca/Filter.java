package io.tributary.jobs.analysis.pca;

import io.tributary.jobs.analysis.pca.PcaState.Projecting;

/**
 * Subspace iteration that is speeded up by Chebyshev polynomials of A = Z'Z, which damp eigenvalues
 * from 0 to the least Ritz value of the block and raise those above (Zhou, Saad, Tiago, Chelikowsky
 * 2006). A polynomial is applied factor by factor, A less one of its roots, so that no state
 * carries more than one block; each factor takes one masked sum.
 */
final class Filter {
  /** Degrees of polynomials between two turns of the basis; the last one for all further ones. */
  private static final int[] DEGREES = {3, 4, 5};

  private Filter() {}

  /** Degree of a cycle's polynomial. */
  static int degree(int cycle) {
    return DEGREES[Math.min(cycle, DEGREES.length - 1)];
  }

  /** From a turned basis, whose images are at hand, over the first factor. */
  static Projecting first(Projecting state, Basis basis) {
    int columns = basis.values().size();
    double edge = Math.max(basis.values().at(columns - 1), 0x1p-20 * basis.values().at(0));
    return next(state, edge, basis.vectors(), basis.images());
  }

  /**
   * Over one more factor; after the last one the block is made orthonormal.
   *
   * @param product A times the state's block
   */
  static Projecting next(Projecting state, Block product) {
    return next(state, state.edge(), state.block(), product);
  }

  private static Projecting next(Projecting state, double edge, Block block, Block product) {
    int degree = degree(state.cycle());
    Block factor = product.combined(1, -root(degree, state.factors(), edge), block);
    double[] by = new double[factor.columns()];
    for (int j = 0; j < by.length; j++) {
      double length = factor.length(j);
      by[j] = length > 0 ? 1 / length : 1;
    }
    Block scaled = factor.scaled(by);
    boolean last = state.factors() + 1 == degree;
    return new Projecting(
        state.candidates(),
        state.persons(),
        state.round() + 1,
        last ? state.cycle() + 1 : state.cycle(),
        last ? 0 : state.factors() + 1,
        last ? 0 : edge,
        last ? scaled.orthonormal() : scaled);
  }

  /** Roots between 0 and the edge, from both ends in turn. */
  private static double root(int degree, int factor, double edge) {
    int place = factor % 2 == 0 ? factor / 2 : degree - 1 - factor / 2;
    return edge / 2 * (1 + StrictMath.cos(Math.PI * (2 * place + 1) / (2 * degree)));
  }
}
