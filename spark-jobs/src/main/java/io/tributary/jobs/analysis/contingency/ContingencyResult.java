package io.tributary.jobs.analysis.contingency;

import io.tributary.jobs.analysis.Counts;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts before the release floor.
 *
 * @param strata at least 1
 * @param groups in each stratum
 * @param cells for each column persons, [strata x groups x levels]
 * @param dropped rows without a level or a group, by column
 */
public record ContingencyResult(int strata, int groups, List<Counts> cells, Counts dropped) {
  public ContingencyResult {
    cells = List.copyOf(cells);
  }

  /** A column's tables, one for each stratum, [levels][groups]. */
  public List<long[][]> tables(int column) {
    Counts own = cells.get(column);
    int levels = own.size() / strata / groups;
    List<long[][]> tables = new ArrayList<>();
    for (int stratum = 0; stratum < strata; stratum++) {
      long[][] table = new long[levels][groups];
      for (int group = 0; group < groups; group++) {
        for (int level = 0; level < levels; level++) {
          table[level][group] = own.at((stratum * groups + group) * levels + level);
        }
      }
      tables.add(table);
    }
    return tables;
  }

  /** A column's table over all strata, [levels][groups]. */
  public long[][] table(int column) {
    List<long[][]> tables = tables(column);
    long[][] table = tables.get(0);
    for (long[][] other : tables.subList(1, tables.size())) {
      for (int level = 0; level < table.length; level++) {
        for (int group = 0; group < groups; group++) {
          table[level][group] += other[level][group];
        }
      }
    }
    return table;
  }
}
