package io.tributary.jobs.analysis.gwas;

import io.tributary.connectors.genomics.Chromosome;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import io.tributary.study.Assembly;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Points of a picture of -log10 p along the genome: all above 3, and below one for each cell of a
 * grid of 200 columns a chromosome and 50 rows, 20,000 together.
 */
final class Manhattan {
  private static final String NAME = "manhattan";
  private static final double ALL_ABOVE = 3;
  private static final int COLUMNS = 200;
  private static final int ROWS = 50;
  private static final int MOST = 20_000;
  private static final double MEGABASE = 1e6;

  private final Assembly assembly;
  private final double[] starts = new double[Chromosome.COUNT + 2];
  private final BitSet taken = new BitSet();
  private final List<List<Cell>> rows = new ArrayList<>();

  Manhattan(Assembly assembly) {
    this.assembly = assembly;
    for (int c = 1; c <= Chromosome.COUNT; c++) {
      starts[c + 1] = starts[c] + new Chromosome(c).length(assembly);
    }
  }

  /** One more test, in the list's order. */
  void add(Chromosome chromosome, int position, double negLog10) {
    if (negLog10 < ALL_ABOVE) {
      int column = (int) (COLUMNS * (position - 1.0) / chromosome.length(assembly));
      int row = (int) (negLog10 * ROWS / ALL_ABOVE);
      int cell = (chromosome.number() * COLUMNS + column) * ROWS + row;
      if (taken.get(cell) || rows.size() >= MOST) {
        return;
      }
      taken.set(cell);
    }
    double place = starts[chromosome.number()] + position;
    rows.add(
        List.of(
            Cell.of(chromosome.word()),
            Cell.of((long) position),
            Cell.of(place / MEGABASE),
            Cell.of(negLog10)));
  }

  ResultTable table() {
    return new ResultTable(
        NAME,
        "Points of the picture of -log10 p along the genome",
        List.of(
            Column.text("chrom"),
            Column.whole("pos"),
            Column.real("genome_mb"),
            Column.real("neg_log_10_p_value")),
        rows);
  }

  Plot plot() {
    return new Plot.Points(
        NAME, "-log10 p along the genome", "genome_mb", "neg_log_10_p_value", "chrom");
  }
}
