package io.tributary.jobs.analysis.gwas;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.linalg.Cholesky;
import java.math.BigDecimal;

/** The two sums of the model without a variant: of columns, and of products about their means. */
final class NullSums {
  private static final String PERSONS = "persons";
  private static final String DROPPED = "dropped";
  private static final String COLUMNS = "columns";
  private static final String ABSOLUTES = "absolute columns";
  private static final String PRODUCTS = "products ";

  private NullSums() {}

  static Layout centring(int sites, long personsPerSite, int columns) {
    return Layout.of(sites)
        .count(PERSONS, 1, "person", 1, personsPerSite)
        .count(DROPPED, 1, "person", 1, personsPerSite)
        .unbounded(COLUMNS, columns, "unit")
        .unbounded(ABSOLUTES, columns, "unit")
        .build();
  }

  static GridSum centring(Layout layout, ModelRows rows) {
    GridSum sum = new GridSum(layout);
    int persons = sum.slot(PERSONS);
    int dropped = sum.slot(DROPPED);
    int columns = sum.slot(COLUMNS + ".high");
    int absolutes = sum.slot(ABSOLUTES + ".high");
    for (long i = 0; i < rows.dropped(); i++) {
      sum.count(dropped, 0, 1);
    }
    for (double[] row : rows.rows()) {
      sum.count(persons, 0, 1);
      for (int j = 0; j < row.length; j++) {
        sum.unbounded(columns, j, row[j]);
        sum.unbounded(absolutes, j, Math.abs(row[j]));
      }
    }
    return sum;
  }

  static BigDecimal total(Aggregate sum, int column) {
    return sum.unbounded(COLUMNS, column);
  }

  static Moments moments(Aggregate sum, int columns) {
    long persons = sum.count(PERSONS);
    double[] means = new double[columns];
    double[] reaches = new double[columns];
    for (int j = 0; j < columns; j++) {
      means[j] = Exact.mean(total(sum, j), persons);
      double absolute = Exact.upperBound(sum.unbounded(ABSOLUTES, j));
      reaches[j] = absolute + persons * Math.abs(means[j]) * (1 + 0x1p-40);
    }
    return new Moments(persons, sum.count(DROPPED), Reals.of(means), Reals.of(reaches));
  }

  /** A product of two sums of absolute values bounds each product, and their sum. */
  static Layout crossing(int sites, Moments moments) {
    Layout.Builder layout = Layout.of(sites);
    int columns = moments.means().size();
    for (int i = 0; i < columns; i++) {
      for (int j = i; j < columns; j++) {
        double bound = moments.reaches().at(i) * moments.reaches().at(j) * (1 + 0x1p-40);
        layout.wide(PRODUCTS + i + " " + j, 1, "unit^2", bound, bound);
      }
    }
    return layout.build();
  }

  static GridSum crossing(Layout layout, Moments moments, ModelRows rows) {
    GridSum sum = new GridSum(layout);
    int columns = moments.means().size();
    double[] centred = new double[columns];
    for (double[] row : rows.rows()) {
      for (int j = 0; j < columns; j++) {
        centred[j] = row[j] - moments.means().at(j);
      }
      int slot = 0;
      for (int i = 0; i < columns; i++) {
        for (int j = i; j < columns; j++) {
          sum.add(slot++, 0, centred[i] * centred[j]);
        }
      }
    }
    return sum;
  }

  static NullModel model(Moments moments, Aggregate sum) {
    int columns = moments.means().size();
    double[] products = new double[columns * (columns + 1) / 2];
    for (int i = 0; i < columns; i++) {
      for (int j = i; j < columns; j++) {
        products[Cholesky.packed(columns, i, j)] = sum.values(PRODUCTS + i + " " + j)[0];
      }
    }
    return new NullModel(moments, Reals.of(products));
  }
}
