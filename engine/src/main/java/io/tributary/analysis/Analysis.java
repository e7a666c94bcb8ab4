package io.tributary.analysis;

/**
 * A federated analysis: a function of sums of fixed-shape vectors (DESIGN.md 1 and 4).
 *
 * <p>{@code start}, {@code layout} and {@code update} run at the coordinator and again at every
 * site, which compares; so they are deterministic over machines: StrictMath, fixed summation order,
 * no clock, no randomness (PROTOCOL.md 2.11).
 *
 * @param <D> a site's data
 * @param <S> public state, broadcast before each round; immutable
 * @param <R> result
 */
public interface Analysis<D, S, R> {
  /** The first public state. */
  S start();

  /** Shape of one partial; depends on the state, never on data. */
  Layout layout(S state);

  /** A site's partial at this state. Refuses NaN, infinity and values beyond their bounds. */
  Partial contribute(S state, D data);

  /** Goes on from a sum: {@code Next} broadcasts another state, {@code Done} ends the analysis. */
  Step<S, R> update(S state, Aggregate sum);

  /**
   * Whether the result is made from several sums that no state carries: then the coordinator keeps
   * all of the job's sums, and {@link #update(Object, Aggregate, EarlierSums)} is called there.
   */
  default boolean keepsSums() {
    return false;
  }

  /**
   * {@link #update(Object, Aggregate)} with the earlier sums at hand. They may go into the result
   * of {@code Done}, and never into a state: sites compute states without them.
   */
  default Step<S, R> update(S state, Aggregate sum, EarlierSums earlier) {
    return update(state, sum);
  }

  /** The state as bytes; equal states give equal bytes. */
  byte[] encode(S state);

  /** The state from bytes that another party sent; trusts nothing. */
  S decode(byte[] bytes);
}
