package io.tributary.jobs.analysis.histogram;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table of a histogram, with the release floor applied. */
final class HistogramTables {
  private final HistogramAnalysis analysis;
  private final HistogramResult result;
  private final Grouping grouping;
  private final Floor floor;
  private final JoinedBins bins;

  HistogramTables(HistogramAnalysis analysis, HistogramResult result) {
    this.analysis = analysis;
    this.result = result;
    this.grouping = analysis.grouping();
    this.floor = analysis.job().floor();
    JoinedBins all = new JoinedBins(result.edges(), Counts.of(insideCounts()), grouping.groups());
    this.bins = analysis.join() ? all.joined(floor.minCell()) : all;
  }

  AnalysisReport report() {
    List<ResultTable> tables = new ArrayList<>();
    List<Plot> plots = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    Map<String, Cell> facts = new LinkedHashMap<>();
    long persons = inside();
    // With a bin left out the others' sum is not the number of persons.
    boolean shown = floor.showsStatistic(persons) && insideLeftOut().isEmpty();
    if (result.outcome().equals(AnalysisReport.OK)) {
      tables.add(bins());
      plots.add(
          new Plot.Histogram(
              "bins",
              "Persons by " + analysis.field().column(),
              "lower",
              "upper",
              "n",
              grouping.plotColumn()));
      facts.put("persons", shown ? Cell.of(persons) : floor.withheldCount());
      facts.put(
          "missing",
          shown && !result.missingLeftOut()
              ? floor.missing(result.missing().sum())
              : floor.withheldCount());
      if (grouping.isGrouped()) {
        facts.put(
            PlacedCount.UNGROUPED,
            result.missingLeftOut() ? floor.withheldCount() : floor.missing(result.ungrouped()));
      }
      notes.add("A bin holds its lower edge and not its upper one; the last bin holds both.");
      if (analysis.join()) {
        notes.add(
            "Bins are joined from the left until each has "
                + floor.minCell()
                + (grouping.isGrouped() ? " persons in each group" : " persons")
                + "; the first holds who is below it too, the last who is above.");
      }
    } else {
      notes.add("TOO_FEW_PERSONS: fewer persons than the release floor asks for.");
    }
    notes.add(floor.sentence());
    return new AnalysisReport(
        analysis.job().name(),
        "histogram",
        result.outcome(),
        shown ? persons : -1,
        0,
        facts,
        tables,
        plots,
        notes);
  }

  private ResultTable bins() {
    List<Column> columns = new ArrayList<>(grouping.columns());
    columns.add(Column.real("lower"));
    columns.add(Column.real("upper"));
    columns.add(Column.whole("n"));
    columns.add(Column.real("proportion"));
    ProtectedCounts counts =
        ProtectedCounts.of(
            new int[] {grouping.groups(), bins.size()},
            bins.counts().toArray(),
            insideLeftOut(),
            floor.minCell());
    List<List<Cell>> rows = new ArrayList<>();
    for (int group = 0; group < grouping.groups(); group++) {
      if (!analysis.join()) {
        rows.add(tail(group, 0));
      }
      for (int bin = 0; bin < bins.size(); bin++) {
        List<Cell> row = new ArrayList<>(grouping.cells(group));
        row.add(Cell.of(bins.edges().at(bin)));
        row.add(Cell.of(bins.edges().at(bin + 1)));
        boolean hidden = counts.hidden(3, group, bin);
        row.add(hidden ? floor.withheldCount() : Cell.of(counts.count(3, group, bin)));
        row.add(
            hidden || counts.hidden(1, group, bin)
                ? floor.withheldCount()
                : Cell.of(counts.count(3, group, bin) / (double) counts.count(1, group, bin)));
        rows.add(row);
      }
      if (!analysis.join()) {
        rows.add(tail(group, result.edges().size()));
      }
    }
    return new ResultTable("bins", "Persons by bin", columns, rows);
  }

  /** Persons beyond the edges stand in no total, so that small tails need no bin withheld. */
  private List<Cell> tail(int group, int place) {
    int last = result.edges().size() - 1;
    List<Cell> row = new ArrayList<>(grouping.cells(group));
    row.add(
        place == 0
            ? new Cell.NotComputed("below the first edge")
            : Cell.of(result.edges().at(last)));
    row.add(
        place == 0 ? Cell.of(result.edges().at(0)) : new Cell.NotComputed("above the last edge"));
    row.add(floor.count(result.counts().at(group * (last + 2) + place)));
    row.add(new Cell.NotComputed("proportions are of the persons between the edges"));
    return row;
  }

  /** Elements of {@link #insideCounts} that the sites left empty; never of joined bins. */
  private BitSet insideLeftOut() {
    int places = result.edges().size() + 1;
    BitSet inside = new BitSet();
    for (int left : result.leftOut()) {
      int group = left / places;
      int place = left % places;
      if (place > 0 && place < places - 1) {
        inside.set(group * (places - 2) + place - 1);
      }
    }
    return inside;
  }

  /** Counts between edges, [groups x bins]; joined ones have no end to the left and right. */
  private long[] insideCounts() {
    int bins = Math.max(0, result.edges().size() - 1);
    long[] inside = new long[grouping.groups() * bins];
    for (int group = 0; group < grouping.groups(); group++) {
      for (int bin = 0; bin < bins; bin++) {
        inside[group * bins + bin] = result.counts().at(group * (bins + 2) + 1 + bin);
      }
      if (analysis.join() && bins > 0) {
        inside[group * bins] += result.counts().at(group * (bins + 2));
        inside[group * bins + bins - 1] += result.counts().at(group * (bins + 2) + bins + 1);
      }
    }
    return inside;
  }

  private long inside() {
    return result.outcome().equals(AnalysisReport.OK) ? Counts.of(insideCounts()).sum() : 0;
  }
}
