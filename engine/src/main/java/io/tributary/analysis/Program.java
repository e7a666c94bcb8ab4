package io.tributary.analysis;

/**
 * An analysis seen by the protocol: states are opaque bytes. Erases the state's type, so that
 * rounds, journals and exchanges need not know it.
 *
 * @param <D> a site's data
 * @param <R> result
 */
public interface Program<D, R> {
  byte[] start();

  Layout layout(byte[] state);

  Partial contribute(byte[] state, D data);

  Step<byte[], R> update(byte[] state, Aggregate sum);

  /** As {@link Analysis#keepsSums}. */
  default boolean keepsSums() {
    return false;
  }

  /** As {@link Analysis#update(Object, Aggregate, EarlierSums)}. */
  default Step<byte[], R> update(byte[] state, Aggregate sum, EarlierSums earlier) {
    return update(state, sum);
  }

  static <D, S, R> Program<D, R> of(Analysis<D, S, R> analysis) {
    return new Program<>() {
      @Override
      public byte[] start() {
        return analysis.encode(analysis.start());
      }

      @Override
      public Layout layout(byte[] state) {
        return analysis.layout(analysis.decode(state));
      }

      @Override
      public Partial contribute(byte[] state, D data) {
        return analysis.contribute(analysis.decode(state), data);
      }

      @Override
      public boolean keepsSums() {
        return analysis.keepsSums();
      }

      @Override
      public Step<byte[], R> update(byte[] state, Aggregate sum) {
        return update(state, sum, EarlierSums.NONE);
      }

      @Override
      public Step<byte[], R> update(byte[] state, Aggregate sum, EarlierSums earlier) {
        Step<S, R> step = analysis.update(analysis.decode(state), sum, earlier);
        if (step instanceof Step.Next<S, R> next) {
          return new Step.Next<>(analysis.encode(next.state()));
        }
        return new Step.Done<>(((Step.Done<S, R>) step).result());
      }
    };
  }
}
