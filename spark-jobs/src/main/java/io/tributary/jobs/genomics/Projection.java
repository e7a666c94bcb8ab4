package io.tributary.jobs.genomics;

import io.tributary.analysis.Layout;
import io.tributary.analysis.Slot;
import io.tributary.analysis.Width;
import io.tributary.connectors.genomics.CohortGenotypes;
import io.tributary.connectors.genomics.VariantTile;
import io.tributary.connectors.tables.SiteTable;
import java.io.Serializable;

/**
 * Persons' standardised genotypes z, times vectors over variants: scores y = sum of z x of each
 * person, and sums over persons of centred copies times y. z of a person is (g - mean) / sqrt(mean
 * (1 - mean / 2)), 0 without a call.
 *
 * <p>Public numbers are put on grids first, so that all sums are of whole numbers: they are exact
 * for any split over tiles, tasks and sites. Means are on the grid 2^-r when products are summed.
 */
public final class Projection {
  /** Bits of a word beside the sign, less one for bounds that are powers of two. */
  private static final int BITS = 61;

  private static final int MOST_MEAN_BITS = 20;
  private static final String PRODUCTS = "centred copies times scores";

  private final VariantRows rows;
  private final double[] means;
  private final double[] weights;
  private final int columns;
  private final double bound;

  /**
   * A projection.
   *
   * @param means copies of a person with a call, above 0 and below 2, by row
   * @param vectors row-major [rows x columns]
   */
  public Projection(VariantRows rows, double[] means, double[] vectors, int columns) {
    this.rows = rows;
    this.means = means.clone();
    this.columns = columns;
    this.weights = new double[vectors.length];
    double[] most = new double[columns];
    for (int row = 0; row < means.length; row++) {
      double sd = sd(means[row]);
      double reach = Math.max(means[row], 2 - means[row]);
      for (int j = 0; j < columns; j++) {
        double weight = vectors[row * columns + j] / sd;
        weights[row * columns + j] = weight;
        most[j] += Math.abs(weight) * reach;
      }
    }
    double greatest = 0;
    for (double each : most) {
      greatest = Math.max(greatest, each);
    }
    this.bound = greatest * (1 + 0x1p-30);
  }

  /** Standard deviation of copies in Hardy-Weinberg proportions. */
  public static double sd(double mean) {
    return Math.sqrt(mean * (1 - mean / 2));
  }

  /** Absolute value that no score exceeds; 0 if all vectors are 0. */
  public double bound() {
    return bound;
  }

  /** Scores of the samples of a site's cohort; zeros for others. */
  public Scores scores(SiteTable table) {
    CohortGenotypes genotypes = CohortGenotypes.of(table);
    int scale = Math.min(52, BITS - exponent(bound));
    long[] sums = VariantSums.of(table).overSamples(rows, columns, new ScoreKernel(this, scale));
    return new Scores(CohortMask.of(table, genotypes), columns, scale, sums);
  }

  /**
   * Slots of the sum of centred copies times scores, which {@link #products} makes.
   *
   * @param persons of all sites
   */
  public Layout layout(int sites, long persons) {
    double person = 2 * bound;
    return Layout.of(sites)
        .rows(rows.size(), VariantRows.perBlock(columns))
        .add(
            new Slot(
                PRODUCTS,
                columns,
                "copy x score",
                person,
                person * persons,
                scale(sites, persons),
                Width.NARROW))
        .build();
  }

  private int scale(int sites, long persons) {
    return BITS - exponent(2 * bound * persons * sites);
  }

  /** r of the means' grid: a little less than half of what a word has room for. */
  private int meanBits(int sites, long persons) {
    return Math.max(4, Math.min(MOST_MEAN_BITS, 9 * scale(sites, persons) / 20));
  }

  /** A site's sums of centred copies times scores. */
  public CallKernel products(Scores scores, int sites, long persons) {
    int bits = meanBits(sites, persons);
    return new ScoreProducts(scores, means, bits, scale(sites, persons) - bits);
  }

  /** Least k with 2^k above a bound. */
  private static int exponent(double value) {
    return Math.getExponent(value) + 1;
  }

  /** Sums of each sample: z x over the variants of a tile. */
  private static final class ScoreKernel implements PersonKernel {
    private final double[] means;
    private final double[] weights;
    private final int columns;
    private final int scale;

    ScoreKernel(Projection of, int scale) {
      this.means = of.means;
      this.weights = of.weights;
      this.columns = of.columns;
      this.scale = scale;
    }

    @Override
    public long[] sum(VariantTile tile, int[] rows) {
      long[] sums = new long[Math.multiplyExact(tile.samples(), columns)];
      long[] base = new long[columns];
      // What a call adds beyond a person without a copy: one copy, two, and no call.
      long[][] adds = new long[4][columns];
      for (int variant = 0; variant < rows.length; variant++) {
        for (int j = 0; j < columns; j++) {
          double weight = Math.scalb(weights[rows[variant] * columns + j], scale);
          adds[1][j] = (long) Math.rint(weight);
          adds[2][j] = 2 * adds[1][j];
          adds[3][j] = (long) Math.rint(means[rows[variant]] * weight);
          base[j] -= adds[3][j];
        }
        for (int w = 0; w < tile.stride(); w++) {
          long pairs = tile.words()[variant * tile.stride() + w];
          while (pairs != 0) {
            int pair = Long.numberOfTrailingZeros(pairs) / 2;
            long[] add = adds[(int) (pairs >>> (2 * pair)) & 3];
            int at = (32 * w + pair) * columns;
            for (int j = 0; j < columns; j++) {
              sums[at + j] += add[j];
            }
            pairs &= ~(3L << (2 * pair));
          }
        }
      }
      for (int at = 0; at < sums.length; at++) {
        sums[at] += base[at % columns];
      }
      return sums;
    }
  }

  /** Scores of a site's samples on a grid. They stay at the site. */
  public static final class Scores {
    private final CohortMask cohort;
    private final int columns;
    private final int scale;
    private final long[] sums;

    Scores(CohortMask cohort, int columns, int scale, long[] sums) {
      this.cohort = cohort;
      this.columns = columns;
      this.scale = scale;
      this.sums = sums;
    }

    /** Vectors of the cohort's persons, row-major [persons x columns]. */
    public double[] ofPersons() {
      double[] scores = new double[Math.multiplyExact((int) cohort.persons(), columns)];
      int at = 0;
      for (int sample = 0; sample < sums.length / columns; sample++) {
        if (has(sample)) {
          for (int j = 0; j < columns; j++) {
            scores[at++] = value(sample, j);
          }
        }
      }
      return scores;
    }

    private boolean has(int sample) {
      return (cohort.word(sample / 32) >>> (2 * (sample % 32)) & 1) != 0;
    }

    private double value(int sample, int column) {
      return Math.scalb((double) sums[sample * columns + column], -scale);
    }

    private PersonVectors onGrid(int bits) {
      PersonVectors vectors = new PersonVectors(sums.length / columns, columns, bits);
      double[] vector = new double[columns];
      for (int sample = 0; sample < vectors.samples(); sample++) {
        if (has(sample)) {
          for (int j = 0; j < columns; j++) {
            vector[j] = value(sample, j);
          }
          vectors.set(sample, vector);
        }
      }
      return vectors;
    }

    @Override
    public String toString() {
      return "Scores[values withheld]";
    }
  }

  /** Sums of (2^r g - 2^r mean) y over persons with a call, both factors whole numbers. */
  private static final class ScoreProducts implements CallKernel, Serializable {
    private final DosageKernel kernel;
    private final long[] total;
    private final double[] means;
    private final int meanBits;

    ScoreProducts(Scores scores, double[] means, int meanBits, int scoreBits) {
      PersonVectors vectors = scores.onGrid(scoreBits);
      this.kernel =
          new DosageKernel(
              scores.cohort,
              new CopyWeights(
                  vectors, 0, new MissingProducts(new PersonVectors(0, 0, 0), vectors, true, 0)));
      this.means = means;
      this.meanBits = meanBits;
      this.total = new long[vectors.columns()];
      for (int at = 0; at < vectors.samples() * total.length; at++) {
        total[at % total.length] += vectors.at(at);
      }
    }

    @Override
    public boolean readsAbsent() {
      return true;
    }

    @Override
    public int words() {
      return total.length;
    }

    @Override
    public long[] sum(VariantTile tile, int[] rows) {
      int k = total.length;
      long[] both = kernel.sum(tile, rows);
      long[] words = new long[rows.length * k];
      for (int variant = 0; variant < rows.length; variant++) {
        long mean = (long) Math.rint(Math.scalb(means[rows[variant]], meanBits));
        for (int j = 0; j < k; j++) {
          long copies = both[2 * variant * k + j];
          long missing = both[(2 * variant + 1) * k + j];
          words[variant * k + j] = (copies << meanBits) - mean * (total[j] - missing);
        }
      }
      return words;
    }
  }
}
