package io.tributary.jobs.analysis.pca;

import io.tributary.connectors.genomics.VariantList;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.genomics.VariantRows;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.LazyRows;
import io.tributary.report.Plot;
import io.tributary.report.ResultFile;
import io.tributary.report.ResultTable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of a decomposition, with the release floor applied. */
final class PcaTables {
  private static final String DENSITY = "density";
  private static final String NOT_CONVERGED = "NOT_CONVERGED";
  private static final String FEW_PERSONS = "SUPPRESSED_FEW_PERSONS";

  /** Shades of the picture: persons of a cell from so many on. */
  private static final long[] SHADES = {1, 10, 30, 100, 300, 1000, Long.MAX_VALUE};

  private static final List<Column> COMPONENTS =
      List.of(
          Column.whole("component"),
          Column.text("code"),
          Column.real("eigenvalue"),
          Column.real("residual"),
          Column.real("effective_persons"));

  private static final List<Column> LOADINGS =
      List.of(
          Column.text("chrom"),
          Column.whole("pos"),
          Column.text("id"),
          Column.text("ref"),
          Column.text("alt"),
          Column.real("alt_freq"),
          Column.whole("component"),
          Column.real("loading"));

  private final PcaAnalysis analysis;
  private final PcaResult result;
  private final Floor floor;

  PcaTables(PcaAnalysis analysis, PcaResult result) {
    this.analysis = analysis;
    this.result = result;
    this.floor = analysis.job().floor();
  }

  AnalysisReport report() {
    return result instanceof PcaResult.Found found
        ? new Tables(found).report()
        : failed((PcaResult.Failed) result);
  }

  private AnalysisReport failed(PcaResult.Failed failed) {
    String sentence =
        switch (failed.code()) {
          case PcaResult.FEW_VARIANTS ->
              "Fewer variants than components are common enough, called and at every site.";
          case PcaResult.MANY_VARIANTS ->
              "More variants are left than a state holds: prune more, or ask for fewer components.";
          case PcaResult.SATURATED -> "Too few persons for so many components.";
          default -> "Fewer persons than the release floor asks for.";
        };
    boolean told = floor.showsStatistic(failed.persons());
    return new AnalysisReport(
        analysis.job().name(),
        "pca",
        failed.code(),
        told ? failed.persons() : -1,
        0,
        Map.of(),
        List.of(),
        List.of(),
        List.of(failed.code() + ": " + sentence, floor.sentence()),
        List.of());
  }

  /** Of components that were found. */
  private final class Tables {
    private final PcaState.Describing state;
    private final PcaResult.Found found;

    Tables(PcaResult.Found found) {
      this.found = found;
      this.state = found.state();
    }

    AnalysisReport report() {
      long persons = Description.persons(found.sum());
      boolean told = floor.showsStatistic(persons);
      Map<String, Cell> facts = new LinkedHashMap<>();
      facts.put("variants", Cell.of((long) state.candidates().means().size()));
      facts.put("products", Cell.of((long) state.rounds()));
      List<ResultTable> tables = new ArrayList<>();
      List<Plot> plots = new ArrayList<>();
      List<ResultFile> files = new ArrayList<>();
      if (told) {
        tables.add(components());
        if (state.values().size() > 1 && shows(0) && shows(1)) {
          tables.add(density());
          plots.add(
              new Plot.Points(
                  DENSITY, "Persons by the first two components", "PC1", "PC2", "persons"));
        }
        if (analysis.showsLoadings()) {
          VariantList list = analysis.job().variants();
          Loadings loadings = new Loadings(list);
          tables.add(new ResultTable("loadings", "Loadings", LOADINGS, loadings));
          files.add(new ResultFile("eigenvec.allele", out -> loadings.write(out)));
        }
      }
      return new AnalysisReport(
          analysis.job().name(),
          "pca",
          told ? AnalysisReport.OK : AnalysisReport.TOO_FEW_PERSONS,
          told ? persons : -1,
          0,
          facts,
          tables,
          plots,
          notes(),
          files);
    }

    /** Whether a component is more than a handful of persons. */
    private boolean shows(int component) {
      return Description.effectivePersons(found.sum(), component) >= floor.minPersons();
    }

    private double eigenvalue(int component) {
      return state.values().at(component) / state.candidates().means().size();
    }

    private ResultTable components() {
      List<List<Cell>> rows = new ArrayList<>();
      for (int j = 0; j < state.values().size(); j++) {
        List<Cell> cells = new ArrayList<>();
        cells.add(Cell.of(j + 1L));
        if (shows(j)) {
          boolean converged = state.residuals().at(j) <= PcaAnalysis.TOLERANCE;
          cells.add(Cell.of(converged ? AnalysisReport.OK : NOT_CONVERGED));
          cells.add(Cell.of(eigenvalue(j)));
          cells.add(Cell.of(state.residuals().at(j)));
          cells.add(Cell.of(Description.effectivePersons(found.sum(), j)));
        } else {
          cells.add(Cell.of(FEW_PERSONS));
          cells.addAll(List.of(withheld(), withheld(), withheld()));
        }
        rows.add(cells);
      }
      return new ResultTable("components", "Components", COMPONENTS, rows);
    }

    private Cell withheld() {
      return new Cell.Suppressed(FEW_PERSONS);
    }

    private ResultTable density() {
      long[] cells = Description.cells(found.sum());
      Description description = new Description(state);
      List<List<Cell>> rows = new ArrayList<>();
      for (int shade = 0; shade + 1 < SHADES.length; shade++) {
        for (int cell = 0; cell < cells.length; cell++) {
          if (cells[cell] >= SHADES[shade]
              && cells[cell] < SHADES[shade + 1]
              && floor.showsCount(cells[cell])) {
            rows.add(
                List.of(
                    Cell.of(middle(description, 0, cell / Description.BINS)),
                    Cell.of(middle(description, 1, cell % Description.BINS)),
                    Cell.of(cells[cell]),
                    Cell.of(SHADES[shade] + " or more")));
          }
        }
      }
      return new ResultTable(
          DENSITY,
          "Persons by cells of the first two components",
          List.of(
              Column.real("PC1"), Column.real("PC2"), Column.whole("n"), Column.text("persons")),
          rows);
    }

    /** Middle of a cell, of scores whose squares add up to 1. */
    private double middle(Description description, int component, int bin) {
      return (description.edge(component, bin) + description.edge(component, bin + 1))
          / (2 * Math.sqrt(state.values().at(component)));
    }

    private List<String> notes() {
      List<String> notes = new ArrayList<>();
      notes.add(
          "Eigenvalues of Z Z' / m: of m variants' copies of ALT, less the mean and over the"
              + " standard deviation in Hardy-Weinberg proportions, 0 without a call. Loadings have"
              + " length 1.");
      notes.add(
          "Considered are variants that every site has, with a minor allele of frequency "
              + analysis.pruning().leastFrequency()
              + " or more and "
              + analysis.pruning().leastCarriers()
              + " carriers of each allele"
              + (analysis.prunes()
                  ? ", pruned in windows of "
                      + analysis.pruning().windows().window()
                      + " at r2 "
                      + analysis.pruning().windows().r2()
                      + "."
                  : "."));
      notes.add(
          "A component is shown if it is of at least "
              + floor.minPersons()
              + " persons: 1 over the sum of fourth powers of their scores, whose squares add up to"
              + " 1. A component of one person is that person's genome.");
      notes.add(floor.sentence());
      return notes;
    }

    /** One row a variant and component. */
    private final class Loadings extends LazyRows {
      private final VariantList list;
      private final VariantRows rows = VariantRows.of(state.candidates().variants());

      Loadings(VariantList list) {
        super(
            LOADINGS, Math.multiplyExact(state.candidates().means().size(), state.values().size()));
        this.list = list;
      }

      @Override
      protected List<Cell> cells(int at) {
        int row = at / state.values().size();
        int component = at % state.values().size();
        int variant = rows.variant(row);
        return List.of(
            Cell.of(list.chromosome(variant).word()),
            Cell.of((long) list.position(variant)),
            Cell.of(list.id(variant)),
            Cell.of(list.ref(variant)),
            Cell.of(list.alt(variant)),
            Cell.of(state.candidates().means().at(row) / 2),
            Cell.of(component + 1L),
            shows(component) ? Cell.of(state.loadings().at(row, component)) : withheld());
      }

      /** As plink2 {@code --pca allele-wts} writes them and {@code --score} reads them. */
      void write(OutputStream out) throws IOException {
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        writer.write("#CHROM\tID\tREF\tALT\tA1");
        for (int j = 0; j < state.values().size(); j++) {
          if (shows(j)) {
            writer.write("\tPC" + (j + 1));
          }
        }
        writer.write('\n');
        for (int row = 0; row < rows.size(); row++) {
          int variant = rows.variant(row);
          String start =
              String.join(
                  "\t",
                  list.chromosome(variant).word(),
                  list.id(variant),
                  list.ref(variant),
                  list.alt(variant));
          line(writer, start + "\t" + list.ref(variant), row, -1);
          line(writer, start + "\t" + list.alt(variant), row, 1);
        }
        writer.flush();
      }

      private void line(Writer writer, String start, int row, int sign) throws IOException {
        writer.write(start);
        for (int j = 0; j < state.values().size(); j++) {
          if (shows(j)) {
            writer.write("\t" + sign * state.loadings().at(row, j));
          }
        }
        writer.write('\n');
      }
    }
  }
}
