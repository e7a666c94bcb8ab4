package io.tributary.jobs.analysis;

import io.tributary.privacy.CountAudit;
import io.tributary.privacy.CountAudit.Exposure;
import io.tributary.privacy.CountClaim;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Study;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The gate that all reports of a study pass together. Each analysis has withheld small counts and
 * what they follow from inside its own tables; here {@link CountAudit} computes what follows from
 * all tables of the study. As long as a withheld count is known to within fewer persons than the
 * floor's {@code minCell}, one of the released counts that the bound follows from is withheld too,
 * in the later analysis first. What cannot be proven is not released: then the counts of whole
 * analyses go, the last one first.
 */
public final class StudyGate {
  /** The fact that counts all persons of a report. */
  private static final String PERSONS = "persons";

  private final Floor floor;
  private final List<Place> places = new ArrayList<>();
  private final List<CountClaim> claims = new ArrayList<>();
  private final SortedMap<String, Integer> sizes = new TreeMap<>();
  private final List<AnalysisReport> reports;

  private record Place(int job, PlacedCount count) {}

  private StudyGate(Study study, List<AnalysisReport> reports) {
    this.floor = new Job(study, 0).floor();
    this.reports = reports;
    for (int job = 0; job < reports.size(); job++) {
      if (!reports.get(job).tables().isEmpty()) {
        for (PlacedCount count : Catalog.create(study, job).counts(reports.get(job))) {
          Place place = new Place(job, count);
          // A cell that was not computed, or failed, says nothing about persons.
          if (cell(place) instanceof Cell.Whole || cell(place) instanceof Cell.Suppressed) {
            places.add(place);
          }
        }
      }
    }
    SortedMap<String, List<String>> states = new TreeMap<>();
    for (Place place : places) {
      place
          .count()
          .where()
          .forEach(
              (column, wanted) -> {
                List<String> known =
                    states.computeIfAbsent(
                        column, c -> new ArrayList<>(List.of(PlacedCount.MISSING)));
                for (String state : new TreeSet<>(wanted)) {
                  if (!known.contains(state)) {
                    known.add(state);
                  }
                }
              });
    }
    states.forEach((column, known) -> sizes.put(column, known.size()));
    for (Place place : places) {
      SortedMap<String, BitSet> where = new TreeMap<>();
      place
          .count()
          .where()
          .forEach(
              (column, wanted) -> {
                BitSet set = new BitSet();
                wanted.forEach(state -> set.set(states.get(column).indexOf(state)));
                if (wanted.contains(PlacedCount.PRESENT)) {
                  // Whoever has a value has one of the levels that another table names.
                  set.set(1, states.get(column).size());
                }
                where.put(column, set);
              });
      claims.add(new CountClaim(where, value(place)));
    }
  }

  /**
   * The reports with what must be withheld beside what they withhold themselves.
   *
   * @param reports of all analyses of the study, in its order
   */
  public static List<AnalysisReport> review(Study study, List<AnalysisReport> reports) {
    StudyGate gate = new StudyGate(study, reports);
    SortedSet<Integer> hidden = gate.hide();
    return hidden.isEmpty() ? reports : gate.withhold(hidden);
  }

  private OptionalLong value(Place place) {
    Cell cell = cell(place);
    return cell instanceof Cell.Whole whole ? OptionalLong.of(whole.value()) : OptionalLong.empty();
  }

  private Cell cell(Place place) {
    ResultTable table = table(reports.get(place.job()), place.count().table());
    return table.rows().get(place.count().row()).get(table.column(place.count().column()));
  }

  private static ResultTable table(AnalysisReport report, String name) {
    return report.tables().stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  // ---- what to hide ----------------------------------------------------------------------------

  private SortedSet<Integer> hide() {
    TreeSet<Integer> hidden = new TreeSet<>();
    while (claims.stream().anyMatch(claim -> claim.value().isPresent())) {
      Optional<List<Exposure>> exposures = new CountAudit(sizes, claims).exposures(floor.minCell());
      if (exposures.isPresent() && exposures.get().isEmpty()) {
        return hidden;
      }
      if (exposures.isEmpty() || exposures.get().get(0).from().isEmpty()) {
        hideLastAnalysis(hidden);
      } else {
        hide(cheapest(exposures.get().get(0).from()), hidden);
      }
    }
    return hidden;
  }

  /** Of the latest analysis, the count with the fewest persons. */
  private int cheapest(List<Integer> from) {
    int best = from.get(0);
    for (int claim : from) {
      int later = Integer.compare(places.get(claim).job(), places.get(best).job());
      if (later > 0 || (later == 0 && persons(claim) < persons(best))) {
        best = claim;
      }
    }
    return best;
  }

  private long persons(int claim) {
    return claims.get(claim).value().orElse(0);
  }

  private void hide(int claim, SortedSet<Integer> hidden) {
    claims.set(claim, new CountClaim(claims.get(claim).where(), OptionalLong.empty()));
    hidden.add(claim);
  }

  /** Withholds every count of the last analysis that shows one. */
  private void hideLastAnalysis(SortedSet<Integer> hidden) {
    int last = -1;
    for (int claim = 0; claim < claims.size(); claim++) {
      if (claims.get(claim).value().isPresent()) {
        last = Math.max(last, places.get(claim).job());
      }
    }
    if (last < 0) {
      throw new IllegalStateException("nothing follows where nothing is released");
    }
    for (int claim = 0; claim < claims.size(); claim++) {
      if (places.get(claim).job() == last && claims.get(claim).value().isPresent()) {
        hide(claim, hidden);
      }
    }
  }

  // ---- how it is hidden ------------------------------------------------------------------------

  private List<AnalysisReport> withhold(SortedSet<Integer> hidden) {
    SortedMap<Integer, TreeSet<Integer>> byJob = new TreeMap<>();
    for (int claim : hidden) {
      byJob.computeIfAbsent(places.get(claim).job(), j -> new TreeSet<>()).add(claim);
    }
    List<AnalysisReport> reviewed = new ArrayList<>(reports);
    byJob.forEach((job, own) -> reviewed.set(job, withhold(reports.get(job), own)));
    return List.copyOf(reviewed);
  }

  /**
   * A count goes, and with it what was computed over the persons it counts: statistics and
   * percentages of its table, the tables without counts, such as tests and quantiles, and the
   * pictures. Nothing is computed over persons without a value, so their count goes alone.
   */
  private AnalysisReport withhold(AnalysisReport report, SortedSet<Integer> own) {
    TreeSet<String> touched = new TreeSet<>();
    own.stream()
        .map(claim -> places.get(claim).count())
        .filter(count -> !count.ofMissing())
        .forEach(count -> touched.add(count.table()));
    TreeSet<String> counted = new TreeSet<>();
    places.stream()
        .filter(place -> isOf(place, report))
        .forEach(place -> counted.add(place.count().table()));
    List<ResultTable> tables = new ArrayList<>();
    for (ResultTable table : report.tables()) {
      boolean counts = counted.contains(table.name());
      boolean derived = !touched.isEmpty() && (touched.contains(table.name()) || !counts);
      List<List<Cell>> rows = new ArrayList<>();
      for (int row = 0; row < table.rows().size(); row++) {
        List<Cell> cells = new ArrayList<>(table.rows().get(row));
        for (int column = 0; column < cells.size(); column++) {
          boolean gone = isHidden(own, table.name(), row, table.columns().get(column).name());
          if (gone) {
            cells.set(column, floor.withheldCount());
          } else if (derived && isComputed(cells.get(column), table, column, counts)) {
            cells.set(column, floor.withheldStatistic());
          }
        }
        rows.add(cells);
      }
      tables.add(new ResultTable(table.name(), table.title(), table.columns(), rows));
    }
    List<String> notes = new ArrayList<>(report.notes());
    notes.add(
        own.size()
            + " counts, and what is computed from counts, are withheld here because other tables of"
            + " this study would let a withheld count follow from them.");
    Map<String, Cell> facts = new TreeMap<>();
    Set<Long> shown = ownShown(report);
    boolean total = shown.isEmpty();
    // All persons, less the groups that are shown, would be the one that is not.
    boolean told = touched.isEmpty() ? !total : shown.contains(report.persons());
    report
        .facts()
        .forEach(
            (name, cell) -> {
              boolean gone = total || (!told && name.equals(PERSONS));
              facts.put(name, gone ? hiddenFact(cell) : cell);
            });
    return new AnalysisReport(
        report.name(),
        report.type(),
        report.outcome(),
        told ? report.persons() : -1,
        report.rounds(),
        told ? report.facts() : facts,
        tables,
        touched.isEmpty() ? report.plots() : List.of(),
        notes);
  }

  /** Counts of a report that are still shown. */
  private Set<Long> ownShown(AnalysisReport report) {
    Set<Long> shown = new TreeSet<>();
    for (int claim = 0; claim < claims.size(); claim++) {
      if (isOf(places.get(claim), report)) {
        claims.get(claim).value().ifPresent(shown::add);
      }
    }
    return shown;
  }

  /** Names of analyses are unique in a study. */
  private boolean isOf(Place place, AnalysisReport report) {
    return reports.get(place.job()).name().equals(report.name());
  }

  private Cell hiddenFact(Cell cell) {
    return cell instanceof Cell.Whole || cell instanceof Cell.Real ? floor.withheldCount() : cell;
  }

  private boolean isHidden(SortedSet<Integer> own, String table, int row, String column) {
    for (int claim : own) {
      PlacedCount count = places.get(claim).count();
      if (count.table().equals(table) && count.row() == row && count.column().equals(column)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Real numbers, but for the ones that name a row: edges of bins beside counts, probabilities of
   * quantiles elsewhere.
   */
  private static boolean isComputed(Cell cell, ResultTable table, int column, boolean counts) {
    String name = table.columns().get(column).name();
    List<String> names = counts ? List.of("lower", "upper") : List.of("probability");
    return cell instanceof Cell.Real && !names.contains(name);
  }
}
