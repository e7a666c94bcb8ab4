package io.tributary.analysis;

/**
 * The sums of a job so far, with the states they were asked for in: what a result of several sums
 * is made from when they are too large for a state. The coordinator keeps them for an analysis that
 * {@link Analysis#keepsSums}; sites have none.
 */
public interface EarlierSums {
  /** Nothing was kept. */
  EarlierSums NONE =
      new EarlierSums() {
        @Override
        public int size() {
          return 0;
        }

        @Override
        public byte[] state(int step) {
          throw new IndexOutOfBoundsException(step);
        }

        @Override
        public Aggregate sum(int step) {
          throw new IndexOutOfBoundsException(step);
        }
      };

  /** Sums before the one at hand. */
  int size();

  /** The state, as bytes, of step {@code step}, 0 or more. */
  byte[] state(int step);

  /** The sum of step {@code step}; its blocks are read when they are asked for. */
  Aggregate sum(int step);
}
