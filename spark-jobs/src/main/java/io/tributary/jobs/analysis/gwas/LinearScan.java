package io.tributary.jobs.analysis.gwas;

import io.tributary.analysis.Layout;
import io.tributary.jobs.genomics.Copies;
import io.tributary.jobs.genomics.CopyWeights;
import io.tributary.jobs.genomics.MissingProducts;
import io.tributary.jobs.genomics.PersonVectors;
import io.tributary.jobs.genomics.SumRows;
import io.tributary.jobs.genomics.VariantRows;

/**
 * The sum over variants of a linear model: its slots, and what a site adds.
 *
 * @param test of one variant's sums
 * @param missing whether persons without a call are summed
 */
record LinearScan(NullModel model, LinearTest test, boolean missing) implements Scan {
  LinearScan(NullModel model, boolean missing) {
    this(model, new LinearTest(model), missing);
  }

  /**
   * Sums over any persons are bounded by norms over all of them (Cauchy and Schwarz), so scales are
   * far finer than bounds on single persons would allow.
   */
  @Override
  public Layout layout(int sites, int rows) {
    int k = model.columns() + 1;
    double norm = model.whitening().norm();
    double persons = Math.sqrt((double) model.moments().persons()) * 1.001;
    int words = missing ? 2 * k + k * (k + 1) / 2 : k;
    Layout.Builder layout =
        Layout.of(sites)
            .rows(rows, VariantRows.perBlock(words))
            .narrow("dosages", k, "unit", 2 * norm, 2 * persons * norm);
    if (missing) {
      layout
          .narrow("missing", k, "unit", norm, 2 * persons * norm)
          .narrow("missing products", k * (k + 1) / 2, "unit^2", norm * norm, norm * norm);
    }
    return layout.build();
  }

  @Override
  public CopyWeights weights(Layout layout, ModelRows rows, int samples) {
    Whitening whitening = model.whitening();
    PersonVectors vectors =
        new PersonVectors(samples, whitening.size(), layout.slots().get(DOSAGES).scaleBits());
    int[] positions = rows.positions();
    for (int i = 0; i < positions.length; i++) {
      vectors.set(positions[i], whitening.vector(rows.rows().get(i)));
    }
    return new CopyWeights(
        vectors,
        0,
        missing
            ? new MissingProducts(vectors, vectors, true, layout.slots().get(PRODUCTS).scaleBits())
            : MissingProducts.none());
  }

  @Override
  public Association test(Copies copies, SumRows sums, int row) {
    double[] dosages = sums.values(DOSAGES, row);
    return missing
        ? test.incomplete(copies, dosages, sums.values(MISSING, row), sums.values(PRODUCTS, row))
        : test.complete(copies, dosages);
  }
}
