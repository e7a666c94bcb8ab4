package io.tributary.jobs.analysis.gwas;

import io.tributary.analysis.Layout;
import io.tributary.jobs.genomics.Copies;
import io.tributary.jobs.genomics.CopyWeights;
import io.tributary.jobs.genomics.MissingProducts;
import io.tributary.jobs.genomics.PersonVectors;
import io.tributary.jobs.genomics.SumRows;
import io.tributary.jobs.genomics.VariantRows;

/**
 * The sum over variants of score tests at a logistic model without any: for each g'WX, g'(y - mu)
 * and g'Wg; over persons without a call X'WX and X'(y - mu).
 *
 * @param test of one variant's sums
 * @param missing whether persons without a call are summed
 */
record ScoreScan(NullFit fit, ScoreTest test, boolean missing) implements Scan {
  ScoreScan(NullFit fit, boolean missing) {
    this(fit, new ScoreTest(fit), missing);
  }

  /** Bounds are norms over all persons, as in {@link LinearScan}. */
  @Override
  public Layout layout(int sites, int rows) {
    int c = fit.coefficients().size();
    double norm = fit.model().whitening().norm();
    double persons = Math.sqrt((double) fit.model().moments().persons()) * 1.001;
    int products = MissingProducts.products(c, c + 1);
    Layout.Builder layout =
        Layout.of(sites)
            .rows(rows, VariantRows.perBlock(c + 2 + (missing ? products : 0)))
            .narrow("dosages", c + 2, "unit", 2 * norm, 2 * persons * norm);
    if (missing) {
      layout.narrow("missing products", products, "unit^2", norm * norm, norm * norm);
    }
    return layout.build();
  }

  @Override
  public CopyWeights weights(Layout layout, ModelRows rows, int samples) {
    int c = fit.coefficients().size();
    int scale = layout.slots().get(DOSAGES).scaleBits();
    PersonVectors weighted = new PersonVectors(samples, c + 2, scale);
    PersonVectors plain = new PersonVectors(missing ? samples : 0, c, scale);
    PersonVectors unsquared = new PersonVectors(missing ? samples : 0, c + 1, scale);
    Whitening whitening = fit.model().whitening();
    Logistic person = new Logistic();
    int[] positions = rows.positions();
    for (int i = 0; i < positions.length; i++) {
      double[] row = rows.rows().get(i);
      double[] x = whitening.design(row);
      double eta = 0;
      for (int j = 0; j < c; j++) {
        eta += fit.coefficients().at(j) * x[j];
      }
      person.set(eta, row[c - 1]);
      double[] vector = new double[c + 2];
      for (int j = 0; j < c; j++) {
        vector[j] = person.weight() * x[j];
      }
      vector[c] = person.residual();
      vector[c + 1] = person.weight();
      weighted.set(positions[i], vector);
      if (missing) {
        plain.set(positions[i], x);
        unsquared.set(positions[i], java.util.Arrays.copyOf(vector, c + 1));
      }
    }
    return new CopyWeights(
        weighted,
        1,
        missing
            ? new MissingProducts(plain, unsquared, false, layout.slots().get(MISSING).scaleBits())
            : MissingProducts.none());
  }

  @Override
  public Association test(Copies copies, SumRows sums, int row) {
    return Association.untestable(copies, fit.coefficients().size())
        .orElseGet(() -> test(sums, row));
  }

  /** The test of cases, of a model without columns: there the score is of y less its mean. */
  Association test(CaseTest cases, Copies copies, SumRows sums, int row) {
    int residual = fit.coefficients().size();
    return Association.untestable(copies, residual)
        .orElseGet(
            () ->
                cases.of(
                    copies,
                    sums.values(DOSAGES, row)[residual],
                    missing ? sums.values(MISSING, row)[residual] : 0));
  }

  /** The test of one variant of which some persons carry either allele. */
  Association test(SumRows sums, int row) {
    double[] dosages = sums.values(DOSAGES, row);
    return missing ? test.incomplete(dosages, sums.values(MISSING, row)) : test.complete(dosages);
  }
}
