package io.tributary.jobs.analysis.incidence;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.jobs.analysis.incidence.Strata.Stratum;
import io.tributary.jobs.probability.ExactIntervals;
import io.tributary.jobs.probability.ExactIntervals.Limits;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tables of an incidence, with the release floor applied. */
final class IncidenceTables {
  static final String INCIDENCE = "incidence";
  private static final String PERSONS = "persons_at_risk";
  private static final String OUTCOMES = "person_outcomes";
  private static final String OTHERS = "persons_not_at_risk";
  private static final double DAYS_OF_100_YEARS = 36_525;

  private final IncidenceAnalysis analysis;
  private final IncidenceResult result;
  private final Strata strata;
  private final Floor floor;
  private final ProtectedCounts counts;
  private final ProtectedCounts statistics;

  IncidenceTables(IncidenceAnalysis analysis, IncidenceResult result) {
    this.analysis = analysis;
    this.result = result;
    this.strata = new Strata(analysis.grouping());
    this.floor = analysis.job().floor();
    int groups = analysis.grouping().groups();
    long[] persons = new long[groups];
    long[] cells = new long[2 * groups];
    for (int group = 0; group < groups; group++) {
      persons[group] = sum(result.atRisk(), List.of(group));
      cells[2 * group] = sum(result.events(), List.of(group));
      cells[2 * group + 1] = persons[group] - cells[2 * group];
    }
    int[] sizes = strata.sizes();
    int[] wider = java.util.Arrays.copyOf(sizes, sizes.length + 1);
    wider[sizes.length] = 2;
    this.counts = ProtectedCounts.of(wider, cells, floor.minCell());
    this.statistics = ProtectedCounts.of(sizes, persons, floor.minPersons());
  }

  private long sum(Counts all, List<Integer> groups) {
    int ages = all.size() / analysis.grouping().groups();
    long sum = 0;
    for (int group : groups) {
      for (int age = 0; age < ages; age++) {
        sum += all.at(group * ages + age);
      }
    }
    return sum;
  }

  AnalysisReport report() {
    List<ResultTable> tables = new ArrayList<>(List.of(incidence()));
    analysis.standard().ifPresent(standard -> addStandardised(standard, tables));
    long persons = result.atRisk().sum();
    boolean enough = floor.showsStatistic(persons);
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("persons", enough ? Cell.of(persons) : floor.withheldCount());
    facts.put("missing", enough ? floor.missing(result.missing()) : floor.withheldCount());
    if (analysis.grouping().isGrouped()) {
      facts.put(PlacedCount.UNGROUPED, floor.missing(result.ungrouped()));
    }
    List<String> notes = new ArrayList<>();
    notes.add(
        "Rates are for 100 person-years of 365.25 days. Limits of rates are Garwood's, of"
            + " proportions those of Clopper and Pearson, and of Wilson.");
    notes.add(floor.sentence());
    return new AnalysisReport(
        analysis.job().name(),
        "incidence",
        enough ? AnalysisReport.OK : AnalysisReport.TOO_FEW_PERSONS,
        enough ? persons : -1,
        0,
        facts,
        tables,
        List.of(
            new Plot.Forest(
                INCIDENCE,
                "Events in 100 person-years",
                "stratum",
                "incidence_rate_p100py",
                "rate_conf_low",
                "rate_conf_high",
                Plot.Scale.LINEAR)),
        notes);
  }

  private List<Column> naming() {
    List<Column> columns = new ArrayList<>(analysis.grouping().columns());
    columns.add(Column.text("stratum"));
    return columns;
  }

  private List<Cell> named(Stratum stratum) {
    List<Cell> cells = new ArrayList<>(strata.cells(stratum));
    cells.add(Cell.of(strata.name(stratum)));
    return cells;
  }

  // ---- crude -----------------------------------------------------------------------------------

  private ResultTable incidence() {
    List<Column> columns = naming();
    columns.add(Column.whole(OTHERS));
    columns.add(Column.whole(PERSONS));
    columns.add(Column.whole("person_days"));
    columns.add(Column.whole(OUTCOMES));
    for (String name :
        List.of(
            "incidence_proportion_p100p",
            "proportion_conf_low",
            "proportion_conf_high",
            "wilson_conf_low",
            "wilson_conf_high",
            "incidence_rate_p100py",
            "rate_conf_low",
            "rate_conf_high")) {
      columns.add(Column.real(name));
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (Stratum stratum : strata.all()) {
      List<Cell> row = named(stratum);
      boolean told = !counts.hidden(stratum.kept(), stratum.with(0));
      row.add(told ? others(stratum) : floor.withheldCount());
      row.add(told ? Cell.of(persons(stratum)) : floor.withheldCount());
      Cell days = Cell.of(sum(result.days(), stratum.members()));
      row.add(
          !showsStatistics(stratum)
              ? floor.withheldStatistic()
              : boundsShare(stratum) ? days : floor.withheldMagnitude());
      row.add(showsEvents(stratum) ? Cell.of(events(stratum)) : floor.withheldCount());
      addMeasures(stratum, row);
      rows.add(row);
    }
    return new ResultTable(INCIDENCE, "First events in the time at risk", columns, rows);
  }

  private long persons(Stratum stratum) {
    return sum(result.atRisk(), stratum.members());
  }

  private long events(Stratum stratum) {
    return sum(result.events(), stratum.members());
  }

  private boolean showsEvents(Stratum stratum) {
    int outcome = 1 << strata.sizes().length;
    return !counts.hidden(stratum.kept() | outcome, stratum.with(0));
  }

  private boolean showsRate(Stratum stratum) {
    return showsEvents(stratum) && showsStatistics(stratum) && boundsShare(stratum);
  }

  private boolean showsStatistics(Stratum stratum) {
    return !counts.hidden(stratum.kept(), stratum.with(0))
        && !statistics.hidden(stratum.kept(), stratum.indices());
  }

  /**
   * Whether nobody makes up too much of the days of any of its groups: of one with a group that is
   * not so, that group's days would be what the others leave.
   */
  private boolean boundsShare(Stratum stratum) {
    double reach = analysis.mostDays();
    return stratum.members().stream()
        .allMatch(
            group ->
                floor.boundsShare(reach, BigDecimal.valueOf(sum(result.days(), List.of(group)))));
  }

  /** A handful that is not at risk is withheld, and each sum that would tell it. */
  private Cell others(Stratum stratum) {
    long others = 0;
    for (int group : stratum.members()) {
      if (!floor.showsMissing(result.notAtRisk().at(group))) {
        return floor.withheldCount();
      }
      others += result.notAtRisk().at(group);
    }
    return Cell.of(others);
  }

  private void addMeasures(Stratum stratum, List<Cell> row) {
    if (!showsEvents(stratum) || !showsStatistics(stratum)) {
      Cell withheld = showsStatistics(stratum) ? floor.withheldCount() : floor.withheldStatistic();
      for (int i = 0; i < 8; i++) {
        row.add(withheld);
      }
      return;
    }
    long persons = persons(stratum);
    long events = events(stratum);
    double confidence = analysis.confidence();
    row.add(Cell.of(100.0 * events / persons));
    addLimits(ExactIntervals.binomial(events, persons, confidence), 100, row);
    addLimits(ExactIntervals.wilson(events, persons, confidence), 100, row);
    if (!boundsShare(stratum)) {
      for (int i = 0; i < 3; i++) {
        row.add(floor.withheldMagnitude());
      }
      return;
    }
    double scale = DAYS_OF_100_YEARS / sum(result.days(), stratum.members());
    row.add(Cell.of(events * scale));
    addLimits(ExactIntervals.poisson(events, confidence), scale, row);
  }

  private static void addLimits(Limits limits, double scale, List<Cell> row) {
    row.add(Cell.of(limits.low() * scale));
    row.add(Cell.of(limits.high() * scale));
  }

  // ---- standardised ----------------------------------------------------------------------------

  private void addStandardised(StandardPopulation standard, List<ResultTable> tables) {
    List<Stratum> all = strata.all();
    int full = (1 << strata.sizes().length) - 1;
    List<Stratum> shown =
        all.stream()
            .filter(stratum -> stratum.kept() == full)
            .filter(stratum -> showsRate(stratum))
            .toList();
    StandardisedRates rates =
        new StandardisedRates(
            standard,
            result,
            shown.isEmpty() ? all.subList(all.size() - 1, all.size()) : shown,
            floor.minCell());
    List<Column> columns = naming();
    for (String name : List.of("standardised_rate_p100py", "rate_conf_low", "rate_conf_high")) {
      columns.add(Column.real(name));
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (Stratum stratum : all) {
      List<Cell> row = named(stratum);
      if (showsRate(stratum) && rates.has(stratum)) {
        StandardisedRates.Rate rate = rates.of(stratum, analysis.confidence());
        row.add(Cell.of(rate.value() * DAYS_OF_100_YEARS));
        addLimits(rate.limits(), DAYS_OF_100_YEARS, row);
      } else {
        for (int i = 0; i < 3; i++) {
          row.add(floor.withheldStatistic());
        }
      }
      rows.add(row);
    }
    tables.add(
        new ResultTable("standardised", "Rates with the ages of the standard", columns, rows));
    tables.add(standard(standard, rates));
  }

  private static ResultTable standard(StandardPopulation standard, StandardisedRates rates) {
    List<List<Cell>> rows = new ArrayList<>();
    for (StandardisedRates.Band band : rates.bands()) {
      List<String> levels = standard.ages().levels();
      String first = levels.get(band.from());
      String name =
          band.to() == band.from() + 1 ? first : first + " to " + levels.get(band.to() - 1);
      rows.add(List.of(Cell.of(name), Cell.of(band.share())));
    }
    return new ResultTable(
        "standard",
        "Ages that are told apart, and their share of the standard",
        List.of(Column.text(standard.ages().column()), Column.real("share")),
        rows);
  }

  // ---- for the study's gate --------------------------------------------------------------------

  /** Persons are with an event, free of it, or not at risk; or they lack a value. */
  static List<PlacedCount> placed(IncidenceAnalysis analysis, AnalysisReport report) {
    List<PlacedCount> placed = new ArrayList<>(PlacedCount.ungrouped(analysis.grouping()));
    String state = "at risk of " + analysis.question();
    for (ResultTable table : report.tables()) {
      for (int row = 0; row < table.rows().size() && table.name().equals(INCIDENCE); row++) {
        Map<String, Set<String>> where = new TreeMap<>();
        for (Field by : analysis.grouping().fields()) {
          Cell cell = table.rows().get(row).get(table.column(by.column()));
          String level = ((Cell.Text) cell).value();
          where.put(
              by.column(), level.equals(Plot.ALL) ? new TreeSet<>(by.levels()) : Set.of(level));
        }
        where.put(state, Set.of("event", "free"));
        placed.add(new PlacedCount(INCIDENCE, row, PERSONS, where));
        where.put(state, Set.of("event"));
        placed.add(new PlacedCount(INCIDENCE, row, OUTCOMES, where));
        where.put(state, Set.of("not at risk"));
        placed.add(new PlacedCount(INCIDENCE, row, OTHERS, where));
      }
    }
    return placed;
  }
}
