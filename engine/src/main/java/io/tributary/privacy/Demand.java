package io.tributary.privacy;

/**
 * What one analysis of a study asks for beyond its columns, for a policy's limits.
 *
 * @param ways columns whose levels it crosses with each other in one table: those of a crosstab, of
 *     {@code by} and of strata; 0 if it makes no groups
 * @param bins bins of its histogram, 0 if it makes none
 * @param rounds sums it may take at most
 * @param sparse whether sums over fewer persons than the study's {@code minCell} may be among them
 */
public record Demand(int ways, int bins, int rounds, boolean sparse) {
  /** One that makes neither groups nor a histogram. */
  public static Demand ofRounds(int rounds) {
    return new Demand(0, 0, rounds, false);
  }

  /** The same in groups of {@code columns} columns. */
  public Demand crossing(int columns) {
    return new Demand(columns, bins, rounds, sparse);
  }
}
