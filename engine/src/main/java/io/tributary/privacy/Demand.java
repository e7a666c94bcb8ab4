package io.tributary.privacy;

/**
 * What one analysis of a study asks for beyond its columns, for a policy's limits.
 *
 * @param ways columns of its crosstab, 0 if it makes none
 * @param bins bins of its histogram, 0 if it makes none
 * @param rounds sums it may take at most
 * @param sparse whether sums over fewer persons than the study's {@code minCell} may be among them
 */
public record Demand(int ways, int bins, int rounds, boolean sparse) {
  /** One that makes neither a crosstab nor a histogram. */
  public static Demand ofRounds(int rounds) {
    return new Demand(0, 0, rounds, false);
  }
}
