package io.tributary.jobs.analysis.gwas;

import io.tributary.connectors.genomics.CohortGenotypes;
import io.tributary.connectors.tables.SiteTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/** Complete rows of a model at one site, with the places of their samples in the file. */
final class ModelRows {
  private final List<double[]> rows;
  private final int[] positions;
  private final long dropped;

  private ModelRows(List<double[]> rows, int[] positions, long dropped) {
    this.rows = rows;
    this.positions = positions;
    this.dropped = dropped;
  }

  static ModelRows read(SiteTable table, GwasModel model) {
    CohortGenotypes genotypes = CohortGenotypes.of(table);
    List<double[]> rows = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    long dropped = 0;
    int key = model.columns().size();
    for (Row row : table.rowsWithKey(model.columns()).collectAsList()) {
      double[] read = new double[model.design().size() + 1];
      if (model.read(row, read)) {
        rows.add(read);
        positions.add(genotypes.position(row.getString(key)));
      } else {
        dropped++;
      }
    }
    return new ModelRows(rows, positions.stream().mapToInt(Integer::intValue).toArray(), dropped);
  }

  /** Columns of the design, then the outcome. */
  List<double[]> rows() {
    return rows;
  }

  /** Places of the rows' samples. */
  int[] positions() {
    return positions.clone();
  }

  /** Rows with a missing value. */
  long dropped() {
    return dropped;
  }
}
