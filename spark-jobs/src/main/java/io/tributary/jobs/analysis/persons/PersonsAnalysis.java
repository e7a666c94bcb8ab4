package io.tributary.jobs.analysis.persons;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.OneSum;
import io.tributary.jobs.analysis.OneSumAnalysis;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.jobs.analysis.Values;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Study.AnalysisSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Different persons, in all or in groups; see the package's card. */
public final class PersonsAnalysis implements OneSumAnalysis<PersonsResult> {
  private static final String GROUPS = "groups";
  private static final String UNGROUPED = "ungrouped";
  private static final String PERSONS = "persons";
  private static final String SUBJECTS = "number_subjects";

  private final Job job;
  private final Grouping grouping;

  private PersonsAnalysis(Job job, Options options) {
    this.job = job;
    this.grouping = Grouping.of(job, options);
    requireOnly();
  }

  /** Reads the option {@code by}. */
  public static PersonsAnalysis of(Job job) {
    return new PersonsAnalysis(job, Options.of(job.spec(), "by"));
  }

  private boolean severalRows() {
    return job.study().cohort().rowsPerPerson() > 1;
  }

  /** Then they do not add up, and a total beside them would tell how many are in no other one. */
  private boolean groupsOverlap() {
    return severalRows() && grouping.isGrouped();
  }

  /** Two counts of persons tell how many are in one group only. */
  private void requireOnly() {
    for (int other = 0; other < job.study().analyses().size(); other++) {
      AnalysisSpec spec = job.study().analyses().get(other);
      boolean twice =
          severalRows() && other < job.number() && spec.type().equals(job.spec().type());
      boolean total =
          groupsOverlap()
              && (spec.type().equals("attrition") || spec.options().containsKey("cluster"));
      if (twice || total) {
        throw Errors.invalid(
            ErrorCode.STUDY_INVALID,
            "analyses." + job.name(),
            "'"
                + spec.name()
                + "' counts persons too; where one may have several rows, two such counts tell how"
                + " many persons are in one group only.",
            "Leave one of them out.");
      }
    }
  }

  @Override
  public Layout layout(OneSum state) {
    long most = job.personsPerSite();
    Layout.Builder layout =
        Layout.of(job.sites()).count(GROUPS, grouping.groups(), "person", 1, most);
    return groupsOverlap() ? layout.build() : layout.count(UNGROUPED, 1, "person", 1, most).build();
  }

  @Override
  public Partial contribute(OneSum state, SiteTable table) {
    Layout layout = layout(state);
    List<String> columns = grouping.fields().stream().map(Field::column).toList();
    long[] words = new long[layout.words(0)];
    int groups = layout.offset(layout.slotIndex(GROUPS), 0);
    if (!groupsOverlap()) {
      words[layout.offset(layout.slotIndex(UNGROUPED), 0)] = table.use(columns).dropped();
    }
    if (!grouping.isGrouped()) {
      words[groups] = table.use(columns).persons();
      return Partial.of(layout, words);
    }
    Values values = new Values(grouping.fields());
    for (Row row : counted(table, columns)) {
      double[] levels = new double[columns.size()];
      for (int d = 0; d < levels.length; d++) {
        levels[d] = values.value(d, row, d);
      }
      int group = grouping.group(levels);
      if (group >= 0) {
        words[groups + group] += row.getLong(columns.size());
      }
    }
    return Partial.of(layout, words);
  }

  /** Values of the columns, and how many persons have them; a row is a person if none is named. */
  private List<Row> counted(SiteTable table, List<String> columns) {
    boolean named = table.personColumn().isPresent();
    Dataset<Row> rows = named ? table.rowsByPerson(columns).distinct() : table.rows(columns);
    String[] positions = new String[rows.columns().length];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = "c" + i;
    }
    return rows.toDF(positions)
        .groupBy(positions[0], java.util.Arrays.copyOfRange(positions, 1, columns.size()))
        .count()
        .collectAsList();
  }

  @Override
  public String form() {
    return "distinct-persons/2";
  }

  @Override
  public PersonsResult result(Aggregate sum) {
    return new PersonsResult(
        Counts.of(sum.counts(GROUPS)), groupsOverlap() ? 0 : sum.count(UNGROUPED));
  }

  @Override
  public AnalysisReport present(PersonsResult result) {
    // Persons are counted here, also where a person may have several rows.
    Floor floor = new Floor(job.study().release(), 1);
    int groups = grouping.groups();
    ProtectedCounts counts =
        ProtectedCounts.of(new int[] {groups}, result.groups().toArray(), floor.minCell());
    List<List<Cell>> rows = new ArrayList<>();
    long most = 0;
    for (int group = 0; group < groups && grouping.isGrouped(); group++) {
      List<Cell> row = new ArrayList<>(grouping.cells(group));
      long persons = result.groups().at(group);
      row.add(counts.hidden(1, group) ? floor.withheldCount() : Cell.of(persons));
      rows.add(row);
      most = Math.max(most, counts.hidden(1, group) ? 0 : persons);
    }
    Map<String, Cell> facts = new LinkedHashMap<>();
    long all = result.groups().sum();
    boolean total = !groupsOverlap() && floor.showsCount(all) && !counts.anyHidden();
    if (!groupsOverlap()) {
      Cell cell = total ? Cell.of(all) : floor.withheldCount();
      List<Cell> last = new ArrayList<>(grouping.cells(groups));
      last.add(cell);
      rows.add(last);
      facts.put("persons", cell);
      if (grouping.isGrouped()) {
        facts.put(PlacedCount.UNGROUPED, floor.missing(result.ungrouped()));
      }
    }
    List<Column> columns = new ArrayList<>(grouping.columns());
    columns.add(Column.whole(SUBJECTS));
    boolean enough = floor.showsStatistic(groupsOverlap() ? most : all);
    return new AnalysisReport(
        job.name(),
        "distinct-persons",
        enough ? AnalysisReport.OK : AnalysisReport.TOO_FEW_PERSONS,
        total && enough ? all : -1,
        0,
        facts,
        List.of(new ResultTable(PERSONS, "Different persons", columns, rows)),
        grouping.isGrouped()
            ? List.of(
                new Plot.Bars(
                    PERSONS,
                    "Persons",
                    grouping.fields().get(0).column(),
                    SUBJECTS,
                    grouping.fields().size() == 2 ? grouping.plotColumn() : ""))
            : List.of(),
        groupsOverlap()
            ? List.of(
                "A person is in each group that a row of theirs is in; what these add up to, and"
                    + " rows without a group, are not counted.",
                floor.sentence())
            : List.of(floor.sentence()));
  }

  @Override
  public String resolution() {
    return "exact";
  }

  /** Other analyses count rows. */
  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    List<PlacedCount> placed =
        new ArrayList<>(severalRows() ? List.of() : PlacedCount.ungrouped(grouping));
    int groups = grouping.isGrouped() ? grouping.groups() : 0;
    for (int row = 0; row <= groups && !severalRows(); row++) {
      Map<String, java.util.Set<String>> where = new LinkedHashMap<>();
      if (row < groups) {
        where.putAll(grouping.states(row));
      } else {
        grouping.fields().forEach(by -> where.put(by.column(), java.util.Set.copyOf(by.levels())));
      }
      placed.add(new PlacedCount(PERSONS, row, SUBJECTS, where));
    }
    return placed;
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(1).crossing(grouping.fields().size());
  }

  @Override
  public List<String> reveals() {
    return List.of(
        "Sum 1: different persons"
            + grouping.sentence()
            + (groupsOverlap() ? "." : "; rows without a group."));
  }
}
