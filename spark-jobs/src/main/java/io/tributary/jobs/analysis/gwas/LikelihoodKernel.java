package io.tributary.jobs.analysis.gwas;

import io.tributary.connectors.genomics.DosageTile;
import io.tributary.jobs.analysis.gwas.GwasState.Iterating;
import io.tributary.jobs.genomics.CopiesKernel;
import io.tributary.jobs.genomics.VariantRows;

/**
 * Persons' parts of {@link LikelihoodScan}: each product is put on its slot's grid and integers are
 * added, so sums are exact in any order and for any split. Persons without a call are left out,
 * unless they have a mean.
 */
final class LikelihoodKernel implements CopiesKernel {

  private final int parameters;
  private final boolean firth;
  private final double[] coefficients;
  private final int stride;
  private final boolean dosages;
  private final double[] means;
  private final int[] positions;
  private final double[] columns;
  private final double[] outcomes;
  private final double score;
  private final double information;
  private final double third;

  LikelihoodKernel(
      Iterating state,
      ModelRows rows,
      boolean dosages,
      int scoreScale,
      int informationScale,
      int thirdScale) {
    this.parameters = state.fit().parametersWithVariant();
    this.firth = state.firth();
    this.coefficients = state.numbers().toArray();
    this.stride = Iterating.stride(parameters, firth);
    this.dosages = dosages;
    this.means = state.means().of(VariantRows.of(state.variants()));
    this.positions = rows.positions();
    int c = parameters - 1;
    this.columns = new double[Math.multiplyExact(positions.length, c)];
    this.outcomes = new double[positions.length];
    Whitening whitening = state.fit().model().whitening();
    for (int i = 0; i < positions.length; i++) {
      double[] row = rows.rows().get(i);
      System.arraycopy(whitening.design(row), 0, columns, i * c, c);
      outcomes[i] = row[c - 1];
    }
    this.score = Math.scalb(1.0, scoreScale);
    this.information = Math.scalb(1.0, informationScale);
    this.third = Math.scalb(1.0, thirdScale);
  }

  @Override
  public int words() {
    return LikelihoodScan.words(parameters, firth);
  }

  @Override
  public boolean dosages() {
    return dosages;
  }

  @Override
  public boolean readsAbsent() {
    return means.length > 0;
  }

  /** A variant takes a thousand times as long as in a scan. */
  @Override
  public int leastTile() {
    return 8;
  }

  @Override
  public long[] sum(DosageTile tile, int[] rows) {
    long[] words = new long[Math.multiplyExact(rows.length, words())];
    double[] x = new double[parameters];
    Logistic person = new Logistic();
    for (int variant = 0; variant < rows.length; variant++) {
      for (int i = 0; i < positions.length; i++) {
        int dosage = tile.dosage(variant, positions[i]);
        boolean missing = dosage == DosageTile.MISSING;
        if (!missing || means.length > 0) {
          double copies = missing ? means[rows[variant]] : dosage / (double) DosageTile.COPY;
          System.arraycopy(columns, i * (parameters - 1), x, 0, parameters - 1);
          x[parameters - 1] = copies;
          person.set(predictor(x, rows[variant]), outcomes[i]);
          add(x, person, words, variant * words());
        }
      }
    }
    return words;
  }

  private double predictor(double[] x, int row) {
    double eta = 0;
    for (int j = 0; j < parameters; j++) {
      eta += coefficients[row * stride + j] * x[j];
    }
    return eta;
  }

  private void add(double[] x, Logistic person, long[] words, int from) {
    int at = from;
    double residual = person.residual() * score;
    for (int j = 0; j < parameters; j++) {
      words[at++] += (long) Math.rint(residual * x[j]);
    }
    double weight = person.weight() * information;
    for (int i = 0; i < parameters; i++) {
      double weighted = weight * x[i];
      for (int j = i; j < parameters; j++) {
        words[at++] += (long) Math.rint(weighted * x[j]);
      }
    }
    if (firth) {
      addThird(x, person.skew() * third, words, at);
    }
  }

  private void addThird(double[] x, double skew, long[] words, int from) {
    int at = from;
    for (int i = 0; i < parameters; i++) {
      for (int j = i; j < parameters; j++) {
        double two = skew * x[i] * x[j];
        for (int k = j; k < parameters; k++) {
          words[at++] += (long) Math.rint(two * x[k]);
        }
      }
    }
  }
}
