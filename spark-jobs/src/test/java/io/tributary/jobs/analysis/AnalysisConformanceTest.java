package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.EarlierSums;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Step;
import io.tributary.codec.StudyParser;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.genomics.CallMatrix;
import io.tributary.jobs.genomics.GenotypedSites;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Column;
import io.tributary.report.ResultTable;
import io.tributary.study.Assembly;
import io.tributary.study.ErrorCode;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every analysis of the catalogue has to keep (DESIGN.md 4). An analysis joins with one line
 * in {@link #STUDY}; a type without a line fails {@link #everyTypeIsTested}.
 */
class AnalysisConformanceTest {
  static final Study STUDY =
      StudyParser.parse(
          """
          study: conformance
          sites: [s0, s1, s2, s3, s4, s5, s6, s7, s8, s9]
          cohort: {from: table, derive: {day: floor(t), ill: "case when y = 1 then floor(t / 2) end"}}
          columns:
            sex: {levels: [m, f]}
            arm: {type: integer, range: [1, 3]}
            c: {levels: [none, first, second]}
            e: {type: integer, range: [0, 1]}
            IID: {type: text}
          analyses:
            - {name: plain, type: summary, columns: [x, k, sex]}
            - {name: grouped, type: summary, columns: [x], by: [sex, arm], quantiles: [0.1, 0.9]}
            - {name: cross, type: crosstab, columns: [sex, arm]}
            - {name: found, type: crosstab, columns: [k, sex]}
            - {name: bins, type: histogram, column: x, by: sex}
            - {name: breaks, type: histogram, column: x, breaks: [-2, 0, 1, 4]}
            - {name: pearson, type: correlation, columns: [x, k, w], by: sex}
            - {name: curve, type: kaplan-meier, time: t, event: y}
            - {name: curves, type: kaplan-meier, time: t, event: y, entry: e, by: [sex, arm], resolution: 0.5}
            - {name: ranks, type: logrank, time: t, event: y, by: sex, trend: [0, 1]}
            - {name: strata, type: logrank, time: t, event: y, entry: e, by: arm, strata: sex, resolution: 0.5, test: peto}
            - {name: hazards, type: cox, formula: "Surv(t, y) ~ x + sex + factor(k)", sparse: allow, newData: [{x: 0.5, sex: f, k: 1}, {x: -1, sex: m, k: 2}]}
            - {name: late, type: cox, formula: "Surv(e, t, y) ~ x + strata(sex, arm) + offset(k)", weights: w, ties: breslow, resolution: 10, sparse: allow, proportional: km, variance: robust}
            - {name: own, type: cox, formula: "Surv(e, t, y) ~ x + factor(k)", weights: w, baseline: by-site}
            - {name: causes, type: cumulative-incidence, time: t, event: c, times: [5, 20]}
            - {name: late-causes, type: cumulative-incidence, time: t, event: c, entry: e, by: sex, resolution: 0.5, limits: plain}
            - {name: linear, type: glm, formula: "x ~ k + sex * factor(arm)"}
            - {name: weighted, type: glm, formula: "x ~ 0 + k + sex", weights: w, variance: HC3}
            - {name: logistic, type: glm, formula: "y ~ x + sex", family: binomial}
            - {name: counts, type: glm, formula: "k ~ x + factor(y) + offset(x)", family: poisson}
            - {name: durations, type: glm, formula: "t ~ x + sex", family: gamma, weights: w}
            - {name: visits, type: glm, formula: "day ~ x + sex", family: negative-binomial, weights: w, variance: HC0}
            - {name: lifetimes, type: parametric-survival, formula: "Surv(t, y) ~ x + sex + offset(e)", weights: w, variance: robust}
            - {name: doubled, type: parametric-survival, formula: "Surv(t, y) ~ x", distribution: exponential}
            - {name: net, type: elastic-net, formula: "x ~ k + sex + w", alpha: 0.5, folds: 3, steps: 5}
            - {name: odds-net, type: elastic-net, formula: "y ~ x + sex + w", family: binomial, fold: arm, lambda: [0.1, 0.01]}
            - {name: kinds, type: multinomial, formula: "c ~ x + sex", weights: w}
            - {name: grades, type: ordinal, formula: "arm ~ x + factor(e)"}
            - {name: means, type: t-test, columns: [x, w], by: sex, adjust: holm}
            - {name: within, type: t-test, columns: x, paired: w, mu: -1}
            - {name: ways, type: anova, columns: [x, k], by: arm, adjust: BH}
            - {name: tables, type: contingency-test, columns: [sex, e], by: arm, adjust: hochberg}
            - {name: layers, type: contingency-test, columns: [sex], by: e, strata: arm}
            - {name: order, type: rank-test, columns: [k, w], by: arm, adjust: holm}
            - {name: pairs, type: rank-test, columns: [k, arm], paired: w, resolution: 0.5, adjust: BH}
            - {name: steps, type: rank-test, columns: x, by: sex, resolution: 0.01}
            - {name: persons, type: table1, columns: [arm, y, x, w]}
            - {name: cohorts, type: table1, columns: [x, sex, y], by: arm, join: sex}
            - {name: rates, type: incidence, outcome: ill, time: day}
            - {name: rates-by, type: incidence, outcome: ill, time: day, prior: e, risk: [0, 60], by: sex, standardise: arm, population: {1: 2, 2: 3.5, 3: 1}}
            - {name: heads, type: distinct-persons, by: [sex, arm]}
            - {name: overlapping, type: cohort-overlap, cohorts: [y, e]}
            - {name: quarters, type: prevalence, index: day, outcome: ill, time: day, from: "1970-01-01", to: "1970-12-31", interval: quarters, by: sex}
            - {name: points, type: prevalence, index: day, outcome: day, time: day, from: "1970-01-01", to: "1970-04-30", interval: months, at: point}
            - {name: orders, type: treatment-pathways, treatments: [ill, day], combine: 20}
            - {name: complementary, type: glm, formula: "y ~ x + sex", family: quasibinomial, link: cloglog, variance: HC1, cluster: IID}
          """
              .getBytes(StandardCharsets.UTF_8),
          "study.yaml");

  /** Analyses of a cohort by definition, over the same tables. */
  private static final Study RECORDS =
      StudyParser.parse(
          """
          study: records
          sites: [s0, s1, s2, s3, s4, s5, s6, s7, s8, s9]
          cohort:
            from: omop
            definition: |
              entry: {condition: 1}
              require:
                - {name: adults, age: [18, all]}
                - {name: women, sex: female}
          columns: {}
          analyses:
            - {name: steps, type: attrition}
          """
              .getBytes(StandardCharsets.UTF_8),
          "study.yaml");

  /** Analyses of genotypes, over the same tables. */
  private static final String GENOTYPES =
      """
      [{name: variants, type: variant-qc},
       {name: scan, type: gwas, formula: "x ~ k + sex"},
       {name: odds, type: gwas, model: logistic, formula: "y ~ x + sex", pThreshold: 0.5},
       {name: recessive, type: gwas, formula: "x ~ k + sex", coding: recessive},
       {name: trend, type: gwas, model: logistic, formula: "y ~ 1", test: trend},
       {name: doses, type: gwas, model: logistic, formula: "y ~ x + sex", genotypes: dosages, missing: mean, pThreshold: 0.5},
       {name: pruned, type: ld-prune, window: 8, step: 3, r2: 0.001},
       {name: pairs, type: ld-prune, window: 40, step: 40, r2: 0.005, missing: drop},
       {name: components, type: pca, components: 3, prune: none},
       {name: structure, type: pca, components: 2, r2: 0.02}]
      """;

  @TempDir static Path folder;

  private static GenotypedSites genes;
  private static String bed;

  private static final Map<String, List<SiteTable>> OPENED = new HashMap<>();
  private static final Map<Integer, Trace> IN_ONE_TABLE = new HashMap<>();

  @BeforeAll
  static void writeGenotypes() {
    CallMatrix calls = CallMatrix.random(1, 40, 600);
    genes =
        GenotypedSites.of(
            folder, calls, Assembly.GRCH37, "{sex: {levels: [m, f]}}", GENOTYPES.strip());
    bed = calls.write(folder, "calls", false);
  }

  @AfterAll
  static void close() {
    OPENED.values().forEach(tables -> tables.forEach(SiteTable::close));
    OPENED.clear();
    IN_ONE_TABLE.clear();
  }

  private static int tableJobs() {
    return STUDY.analyses().size() + RECORDS.analyses().size();
  }

  static IntStream jobs() {
    // Read before the study of genotypes is written.
    int genetic = GENOTYPES.split("type:", -1).length - 1;
    return IntStream.range(0, tableJobs() + genetic);
  }

  private static boolean genetic(int job) {
    return job >= tableJobs();
  }

  /** Those whose answer does not depend on which site has which rows. */
  static IntStream pooledJobs() {
    return jobs().filter(job -> !bySite(job));
  }

  static IntStream jobsBySite() {
    return jobs().filter(AnalysisConformanceTest::bySite);
  }

  private static boolean bySite(int job) {
    return job < STUDY.analyses().size()
        && "by-site".equals(STUDY.analyses().get(job).options().get("baseline"));
  }

  /**
   * 300 rows with missing values; the outcome depends on x, k and sex, so that models have a fit.
   */
  static Sheet sheet(long seed) {
    Random random = new Random(seed);
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String person = "i" + (300 * (seed - 1) + i + 1);
      double x = random.nextGaussian() * 1.7 + 0.3;
      boolean male = random.nextBoolean();
      int arm = 1 + random.nextInt(3);
      int k = (int) Math.abs(Math.rint(random.nextGaussian() + 0.4 * x + (male ? 1 : 0) + 1));
      boolean y = random.nextDouble() < 1 / (1 + Math.exp(-0.6 * x - (male ? 0.8 : 0) + 0.3));
      double w = 0.5 + random.nextInt(4);
      rows.add(
          List.of(
              random.nextInt(25) == 0 ? "NA" : Double.toString(x),
              Integer.toString(Math.min(k, 4)),
              random.nextInt(30) == 0 ? "NA" : male ? "m" : "f",
              Integer.toString(arm),
              y ? "1" : "0",
              Double.toString(w),
              Double.toString(1 + Math.rint(-400 * Math.log(random.nextDouble())) / 10),
              Integer.toString(random.nextInt(2)),
              person));
    }
    return new Sheet(List.of("x", "k", "sex", "arm", "y", "w", "t", "e", "IID"), rows)
        .with("c", AnalysisConformanceTest::cause);
  }

  private static String cause(Map<String, String> row) {
    return row.get("y").equals("0") ? "none" : row.get("arm").equals("1") ? "first" : "second";
  }

  /** Tables of one cut, opened once for all analyses. */
  private static synchronized List<SiteTable> cut(int job, int sites) {
    return OPENED.computeIfAbsent(
        genetic(job) + " cut " + sites,
        key -> {
          List<SiteTable> tables = new ArrayList<>();
          for (Sheet part : sheet(1).cut(sites, sites)) {
            tables.add(open(job, part, 1 + tables.size() % 3));
          }
          return tables;
        });
  }

  private static SiteTable open(int job, Sheet sheet, int files) {
    return genetic(job) ? genes.open(sheet, bed) : open(sheet, files);
  }

  /** A table that is also a cohort: some were left out by its steps before the rows were made. */
  private static SiteTable open(Sheet sheet, int files) {
    long rows = sheet.rows().size();
    long third = sheet.where("arm", "3").rows().size();
    long fours = sheet.where("k", "4").rows().size();
    List<Long> left = List.of(rows + third + fours, rows + third, rows, rows);
    return sheet.records(STUDY, folder, files, left);
  }

  /** All rows in one table, in one Spark partition or several. */
  private static synchronized SiteTable pooled(int job, int files) {
    return OPENED
        .computeIfAbsent(
            genetic(job) + " pooled " + files, key -> List.of(open(job, sheet(1), files)))
        .get(0);
  }

  private static synchronized SiteTable other(int job) {
    return OPENED
        .computeIfAbsent(
            genetic(job) + " other", key -> List.of(open(job, sheet(2).slice(0, 170), 2)))
        .get(0);
  }

  /** A slot that counts sites is another one for every cut. */
  private static final String SITES = "sites";

  /**
   * Every word of every round that does not count sites, and the report: equal only if all sums
   * were equal to the bit.
   */
  private record Trace(List<List<Long>> sums, List<String> states, AnalysisReport report) {}

  private static <S, R> Trace trace(StudyAnalysis<S, R> analysis, List<SiteTable> tables) {
    List<List<Long>> sums = new ArrayList<>();
    List<String> states = new ArrayList<>();
    Pooled.Kept kept = new Pooled.Kept(new ArrayList<>(), new ArrayList<>());
    byte[] state = analysis.encode(analysis.start());
    for (int round = 0; round < Pooled.MAX_ROUNDS; round++) {
      S here = analysis.decode(state);
      assertThat(analysis.encode(here)).as("round trip").isEqualTo(state);
      states.add(Arrays.toString(state));
      Aggregate sum = Pooled.sum(analysis, here, tables);
      if (!sum.layout().hasSlot(SITES)) {
        sums.add(Arrays.stream(sum.words(0)).boxed().toList());
      }
      Step<S, R> step = analysis.update(here, sum, analysis.keepsSums() ? kept : EarlierSums.NONE);
      kept.add(state, sum);
      if (step instanceof Step.Done<S, R> done) {
        return new Trace(sums, states, analysis.present(done.result()));
      }
      state = analysis.encode(((Step.Next<S, R>) step).state());
    }
    throw new AssertionError("no end");
  }

  /** That of all rows in one table and one partition, which others are compared with. */
  private static synchronized Trace inOneTable(int job) {
    Trace known = IN_ONE_TABLE.get(job);
    if (known == null) {
      known = trace(analysis(job), List.of(pooled(job, 1)));
      IN_ONE_TABLE.put(job, known);
    }
    return known;
  }

  private static StudyAnalysis<?, ?> analysis(int job) {
    if (genetic(job)) {
      return genes.analysis(job - tableJobs());
    }
    int tables = STUDY.analyses().size();
    return job < tables ? Catalog.create(STUDY, job) : Catalog.create(RECORDS, job - tables);
  }

  @Test
  void everyTypeIsTested() {
    TreeSet<String> tested = new TreeSet<>();
    STUDY.analyses().forEach(spec -> tested.add(spec.type()));
    RECORDS.analyses().forEach(spec -> tested.add(spec.type()));
    genes.study().analyses().forEach(spec -> tested.add(spec.type()));
    assertThat(tested).containsExactlyElementsOf(Catalog.types());
  }

  /** A site's own part depends on its rows, not on how they are stored, nor on the sites' order. */
  @ParameterizedTest
  @MethodSource("jobsBySite")
  void modelBySiteDependsOnNoOrder(int job) {
    Trace one = inOneTable(job);
    assertThat(one.report().outcome()).isEqualTo("OK");
    assertThat(trace(analysis(job), List.of(pooled(job, 5)))).isEqualTo(one);
    List<SiteTable> reversed = new ArrayList<>(cut(job, 7));
    Collections.reverse(reversed);
    assertThat(trace(analysis(job), reversed)).isEqualTo(trace(analysis(job), cut(job, 7)));
  }

  @ParameterizedTest
  @MethodSource("pooledJobs")
  void anySplitOverSitesAndPartitionsGivesThePooledBits(int job) {
    Trace expected = inOneTable(job);
    assertThat(expected.report().outcome()).isEqualTo("OK");
    assertThat(trace(analysis(job), List.of(pooled(job, 5)))).isEqualTo(expected);
    // Genotypes are joined for each site anew, which takes seconds.
    int[] cuts = genetic(job) ? new int[] {3} : new int[] {10, 7, 3};
    for (int sites : cuts) {
      List<SiteTable> tables = cut(job, sites);
      assertThat(trace(analysis(job), tables)).as(sites + " sites").isEqualTo(expected);
    }
    List<SiteTable> reversed = new ArrayList<>(cut(job, cuts[cuts.length - 1]));
    Collections.reverse(reversed);
    assertThat(trace(analysis(job), reversed)).as("site order").isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("pooledJobs")
  void siteThatIsAbsentFromTheStartIsAsIfItsRowsWereNotThere(int job) {
    List<SiteTable> without = cut(job, 3).subList(0, 2);
    Trace federated = trace(analysis(job), without);
    List<SiteTable> pooled =
        OPENED.computeIfAbsent(
            genetic(job) + " without",
            key -> {
              List<Sheet> parts = sheet(1).cut(3, 3);
              return List.of(open(job, parts.get(0).plus(parts.get(1)), 1));
            });
    assertThat(federated).isEqualTo(trace(analysis(job), pooled));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void layoutIsAFunctionOfTheState(int job) {
    layoutsAgree(job, analysis(job));
  }

  private static <S, R> void layoutsAgree(int job, StudyAnalysis<S, R> analysis) {
    byte[] state = analysis.encode(analysis.start());
    for (int round = 0; round < 3; round++) {
      S here = analysis.decode(state);
      Layout layout = analysis.layout(here);
      assertThat(analysis.layout(analysis.decode(state))).isEqualTo(layout);
      assertThat(analysis.contribute(here, pooled(job, 1)).layout()).isEqualTo(layout);
      if (round == 0) {
        // Other rows, same shape: nothing of the data is in it.
        assertThat(analysis.contribute(here, other(job)).layout()).isEqualTo(layout);
      }
      Step<S, R> step = analysis.update(here, Pooled.sum(analysis, here, List.of(pooled(job, 1))));
      if (!(step instanceof Step.Next<S, R> next)) {
        return;
      }
      state = analysis.encode(next.state());
    }
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void stateOfOtherBytesIsRefused(int job) {
    StudyAnalysis<?, ?> analysis = analysis(job);
    for (String state : inOneTable(job).states()) {
      byte[] bytes = bytes(state);
      refused(analysis, Arrays.copyOf(bytes, bytes.length - 1));
      refused(analysis, Arrays.copyOf(bytes, bytes.length + 1));
      refused(analysis, new byte[0]);
      byte[] foreign = bytes.clone();
      foreign[1] ^= 1;
      refused(analysis, foreign);
    }
    Random random = new Random(job);
    for (int i = 0; i < 200; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      refused(analysis, noise);
    }
  }

  /**
   * A changed byte gives a refusal or another state with exactly these bytes, and no other error.
   */
  @ParameterizedTest
  @MethodSource("jobs")
  void changedStateIsRefusedOrReadAsWhatItSays(int job) {
    StudyAnalysis<?, ?> analysis = analysis(job);
    List<String> states = inOneTable(job).states();
    byte[] bytes = bytes(states.get(states.size() - 1));
    Random random = new Random(job);
    int read = 0;
    for (int i = 0; i < 300; i++) {
      byte[] changed = bytes.clone();
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      read += rereads(analysis, changed) ? 1 : 0;
    }
    assertThat(read).isBetween(0, 300);
  }

  private static <S, R> boolean rereads(StudyAnalysis<S, R> analysis, byte[] bytes) {
    S state;
    try {
      state = analysis.decode(bytes);
    } catch (TributaryException refusal) {
      assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
      return false;
    }
    assertThat(analysis.encode(state)).isEqualTo(bytes);
    return true;
  }

  private static void refused(StudyAnalysis<?, ?> analysis, byte[] bytes) {
    assertThatThrownBy(() -> analysis.decode(bytes))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_MESSAGE));
  }

  private static byte[] bytes(String printed) {
    String[] numbers = printed.substring(1, printed.length() - 1).split(", ");
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = Byte.parseByte(numbers[i]);
    }
    return bytes;
  }

  static IntStream jobsOfColumns() {
    // Components are of genotypes alone, and a trend of an outcome of 0 and 1: neither is larger in
    // larger rows.
    return jobs()
        .filter(
            job ->
                !genetic(job)
                    || !List.of("components", "structure", "trend")
                        .contains(genes.study().analyses().get(job - tableJobs()).name()));
  }

  @ParameterizedTest
  @MethodSource("jobsOfColumns")
  void laterRoundRefusesRowsBeyondItsPublicBounds(int job) {
    beyondBounds(job, analysis(job));
  }

  /** Rows a thousand times larger than those the first rounds saw break a bound, or are counted. */
  private static <S, R> void beyondBounds(int job, StudyAnalysis<S, R> analysis) {
    SiteTable larger =
        OPENED
            .computeIfAbsent(
                genetic(job) + " larger",
                key ->
                    List.of(
                        open(
                            job,
                            sheet(1)
                                .with("large", row -> row.get("x").equals("NA") ? "NA" : "1e9")
                                .renamed("x", "old")
                                .renamed("large", "x"),
                            1)))
            .get(0);
    S state = analysis.start();
    Step<S, R> step = analysis.update(state, Pooled.sum(analysis, state, List.of(pooled(job, 1))));
    while (step instanceof Step.Next<S, R> next) {
      S here = next.state();
      Layout layout = analysis.layout(here);
      // Counts have no bound to break, and sums of unknown range hold what any table may hold.
      boolean bounded =
          layout.slots().stream().anyMatch(slot -> slot.scaleBits() != 0)
              && layout.slots().stream().noneMatch(slot -> slot.name().endsWith(".high"));
      if (bounded) {
        assertThatThrownBy(() -> Pooled.sum(analysis, here, List.of(larger)))
            .isInstanceOfSatisfying(
                TributaryException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE_OUT_OF_BOUNDS));
      }
      step = analysis.update(here, Pooled.sum(analysis, here, List.of(pooled(job, 1))));
    }
    assertThat(step).isInstanceOf(Step.Done.class);
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void everySumIsAnnounced(int job) {
    StudyAnalysis<?, ?> analysis = analysis(job);
    assertThat(analysis.reveals()).isNotEmpty().allMatch(sentence -> sentence.startsWith("Sum"));
  }

  /** engine/docs/RESULTS.md names every table with its columns, as scripts will read them. */
  @ParameterizedTest
  @MethodSource("jobs")
  void tablesStandInTheDocument(int job) throws IOException {
    List<String> document = Files.readAllLines(Path.of("..", "engine", "docs", "RESULTS.md"));
    AnalysisReport report = inOneTable(job).report();
    for (ResultTable table : report.tables()) {
      String start = "| `%s` | `%s` |".formatted(report.type(), table.name());
      String line = document.stream().filter(l -> l.startsWith(start)).findFirst().orElse(start);
      for (Column column : table.columns()) {
        if (!sheet(1).header().contains(column.name())) {
          assertThat(line).contains("`" + column.name() + "`");
        }
      }
    }
  }

  @Test
  void closingATableFreesItsBlocks() {
    SiteTable table = open(sheet(3), 1);
    StudyAnalysis<?, ?> analysis = analysis(0);
    trace(analysis, List.of(table));
    assertThat(RowBlocks.kept(table)).isNotEmpty();
    table.close();
    assertThat(RowBlocks.kept(table)).isEmpty();
  }
}
