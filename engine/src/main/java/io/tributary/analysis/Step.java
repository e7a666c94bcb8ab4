package io.tributary.analysis;

/** What the coordinator does after a sum: another round, or the end. */
public sealed interface Step<S, R> {
  /** Broadcast {@code state} and sum again. */
  record Next<S, R>(S state) implements Step<S, R> {}

  /** The analysis is done. */
  record Done<S, R>(R result) implements Step<S, R> {}
}
