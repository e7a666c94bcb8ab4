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
import java.util.Comparator;
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
 * floor's {@code minCell}, one of the released counts that the bound follows from is withheld too:
 * the one that takes least with it, in the later analysis first. What cannot be proven is not
 * released: then the counts of whole analyses go, the last one first.
 */
public final class StudyGate {
  /** The fact that counts all persons of a report. */
  private static final String PERSONS = "persons";

  /** Columns of whole numbers that are counts wherever they stand, or follow from them. */
  private static final Set<String> DERIVED =
      Set.of("n", "n_risk", "n_event", "n_censor", "n_enter", "df_null", "df_residual", "clusters");

  private final Floor floor;
  private final List<Place> places = new ArrayList<>();
  private final List<CountClaim> claims = new ArrayList<>();
  private final SortedMap<String, Integer> sizes = new TreeMap<>();
  // Counts that no report shows and that must not follow: parts of derived columns, pieces of bins.
  private final List<CountClaim> parts;
  private final List<SortedMap<String, BitSet>> impossible;
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
    StatesOfStudy states =
        new StatesOfStudy(
            places.stream().map(Place::count).toList(), study.cohort().derive(), study.columns());
    for (Place place : places) {
      claims.add(new CountClaim(states.where(place.count()), place.count().others(), value(place)));
    }
    this.impossible = states.impossible();
    this.parts = states.parts();
    sizes.putAll(states.sizes());
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
    if (isFact(place.count())) {
      return reports.get(place.job()).facts().get(place.count().column());
    }
    ResultTable table = table(reports.get(place.job()), place.count().table());
    return table.rows().get(place.count().row()).get(table.column(place.count().column()));
  }

  private static boolean isFact(PlacedCount count) {
    return count.table().equals(PlacedCount.FACTS);
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
      Optional<List<Exposure>> exposures = exposures();
      if (exposures.isPresent() && exposures.get().isEmpty()) {
        return hidden;
      }
      List<Integer> from =
          exposures.stream().flatMap(found -> found.get(0).from().stream()).toList();
      if (from.isEmpty()) {
        hideLastAnalysis(hidden);
      } else {
        hide(cheapest(from), hidden);
      }
    }
    return hidden;
  }

  /** What follows; empty where nothing is proven. */
  private Optional<List<Exposure>> exposures() {
    List<CountClaim> all = new ArrayList<>(claims);
    all.addAll(parts);
    return new CountAudit(sizes, all, impossible)
        .exposures(floor.minCell())
        .map(found -> found.stream().filter(this::matters).toList());
  }

  /** A part may be known to be nobody, or as many as a count that is shown. */
  private boolean matters(Exposure exposure) {
    return exposure.claim() < claims.size()
        || (exposure.high() > 0 && exposure.low() < floor.minCell());
  }

  /**
   * The count whose loss takes least with it: one that goes alone before one that statistics are
   * about, and last one that a whole report is about; then one of the latest analysis, and there
   * the one with the fewest persons.
   */
  private int cheapest(List<Integer> from) {
    return from.stream()
        .min(
            Comparator.<Integer>comparingInt(this::loss)
                .thenComparing(claim -> -places.get(claim).job())
                .thenComparing(this::persons))
        .orElseThrow();
  }

  private int loss(int claim) {
    PlacedCount count = places.get(claim).count();
    if (count.goesAlone()) {
      return 0;
    }
    return count.basis() ? 2 : 1;
  }

  private long persons(int claim) {
    return claims.get(claim).value().orElse(0);
  }

  private void hide(int claim, SortedSet<Integer> hidden) {
    claims.set(claim, claims.get(claim).withheld());
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
   * percentages of its table, the tables without counts, such as tests and quantiles, numbers among
   * the facts, and the pictures. A count over which nothing is computed goes alone.
   */
  private AnalysisReport withhold(AnalysisReport report, SortedSet<Integer> own) {
    TreeSet<String> touched = new TreeSet<>();
    own.stream()
        .map(claim -> places.get(claim).count())
        .filter(count -> !count.goesAlone())
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
          String name = table.columns().get(column).name();
          boolean gone = isHidden(own, table.name(), row, name);
          if (gone) {
            cells.set(column, floor.withheldCount());
          } else if (derived && isComputed(cells.get(column), name, counts)) {
            cells.set(column, floor.withheldStatistic());
          } else if (derived && isDerivedCount(cells.get(column), table.name(), row, name)) {
            cells.set(column, floor.withheldCount());
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
    boolean told =
        (touched.isEmpty() && !isHidden(own, PlacedCount.FACTS, 0, PERSONS))
            ? !total
            : shown.contains(report.persons());
    report
        .facts()
        .forEach(
            (name, cell) -> {
              boolean gone =
                  total
                      || (!told && name.equals(PERSONS))
                      || isHidden(own, PlacedCount.FACTS, 0, name)
                      || (!touched.isEmpty() && !isPlacedFact(report, name));
              facts.put(name, gone ? hiddenFact(cell) : cell);
            });
    return new AnalysisReport(
        report.name(),
        report.type(),
        report.outcome(),
        told ? report.persons() : -1,
        report.rounds(),
        facts,
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
  private static boolean isComputed(Cell cell, String column, boolean counts) {
    List<String> names = counts ? List.of("lower", "upper") : List.of("probability");
    return cell instanceof Cell.Real && !names.contains(column);
  }

  /** Whole numbers that follow from counts and are none of a place of their own. */
  private boolean isDerivedCount(Cell cell, String table, int row, String column) {
    return cell instanceof Cell.Whole
        && DERIVED.contains(column)
        && places.stream()
            .map(Place::count)
            .noneMatch(
                count ->
                    count.table().equals(table)
                        && count.row() == row
                        && count.column().equals(column));
  }

  private boolean isPlacedFact(AnalysisReport report, String name) {
    return places.stream()
        .anyMatch(
            place ->
                isOf(place, report)
                    && isFact(place.count())
                    && place.count().column().equals(name));
  }
}
