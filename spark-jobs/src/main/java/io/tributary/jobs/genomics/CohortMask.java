package io.tributary.jobs.genomics;

import io.tributary.connectors.genomics.CohortGenotypes;
import io.tributary.connectors.genomics.VariantTile;
import io.tributary.connectors.tables.SiteTable;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Which samples of a file are persons of the cohort: both bits of a sample's pair are set, as calls
 * stand in a {@link VariantTile}.
 */
public final class CohortMask implements Serializable {
  private final long[] pairs;

  private CohortMask(long[] pairs) {
    this.pairs = pairs;
  }

  /** All persons of a table. */
  public static CohortMask of(SiteTable table, CohortGenotypes genotypes) {
    List<Row> rows = table.rowsWithKey(List.of()).collectAsList();
    int[] positions = rows.stream().mapToInt(row -> genotypes.position(row.getString(0))).toArray();
    return of(positions, genotypes.source().samples().size());
  }

  /** Samples at these positions of a file. */
  public static CohortMask of(int[] positions, int samples) {
    long[] pairs = new long[VariantTile.stride(samples)];
    for (int position : positions) {
      pairs[position / 32] |= 3L << (2 * (position % 32));
    }
    return new CohortMask(pairs);
  }

  /** Samples that are persons of the cohort. */
  long persons() {
    long set = 0;
    for (long word : pairs) {
      set += Long.bitCount(word);
    }
    return set / 2;
  }

  /** Words of 32 pairs. */
  int words() {
    return pairs.length;
  }

  /** Pairs of 32 samples. */
  long word(int at) {
    return pairs[at];
  }
}
