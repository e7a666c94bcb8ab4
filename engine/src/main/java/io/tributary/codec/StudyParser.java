package io.tributary.codec;

import io.tributary.cohort.Domain;
import io.tributary.study.Assembly;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Rho;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import io.tributary.study.Study.AnalysisSpec;
import io.tributary.study.Study.Cohort;
import io.tributary.study.Study.ColumnSpec;
import io.tributary.study.Study.ColumnType;
import io.tributary.study.Study.Genotypes;
import io.tributary.study.Study.Join;
import io.tributary.study.Study.Privacy;
import io.tributary.study.Study.Range;
import io.tributary.study.Study.ReleaseFloor;
import io.tributary.study.Study.Shape;
import io.tributary.study.Study.SupportRound;
import io.tributary.study.TributaryException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads a study (DESIGN.md 9, annotated in conf/study.yaml) from the bytes that its analyst signed.
 * Every error is STUDY_INVALID, or EXPRESSION_INVALID for {@code where} and {@code derive}, and
 * names file, line, path, problem and remedy.
 *
 * <p>Only {@code study}, {@code sites}, {@code cohort.from} and {@code analyses} are required.
 * Defaults: minContributors 3, colluding 1, shape by the number of sites, analyst whoever signs,
 * validUntil none (then {@link Study#VALID_DAYS_AFTER_SIGNING} days after signing), release {@link
 * ReleaseFloor#DEFAULT}, privacy none, genotypes none.
 */
public final class StudyParser {
  /** Jobs are numbered by one byte (PROTOCOL.md 2.3). */
  public static final int MAX_ANALYSES = 256;

  /** Full graph (PROTOCOL.md 2.11). */
  public static final int MAX_SITES = 256;

  public static final int MAX_COLUMNS = 10_000;
  public static final int MAX_LEVELS = 1000;
  public static final int MAX_NAME_CHARACTERS = 128;
  public static final int MAX_PURPOSE_CHARACTERS = 4000;
  public static final int MAX_JOINS = 8;

  /** Noise of less than a fiftieth of a person hides nobody. */
  public static final Rho MAX_RHO = Rho.of(1000, 1);

  /** What a date as the end of something means. */
  static final LocalTime LAST_SECOND = LocalTime.of(23, 59, 59);

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

  private static final Map<String, ColumnType> TYPES =
      Map.of(
          "number", ColumnType.NUMBER,
          "integer", ColumnType.INTEGER,
          "text", ColumnType.TEXT,
          "boolean", ColumnType.BOOLEAN,
          "date", ColumnType.DATE);

  private StudyParser() {}

  /**
   * The study as a value.
   *
   * @param yaml the file's raw bytes
   * @param file its name, for errors
   */
  public static Study parse(byte[] yaml, String file) {
    YamlSection top = StrictYaml.read(yaml, file, ErrorCode.STUDY_INVALID);
    String name = name(top, "study", "a study's name");
    List<SiteId> sites = sites(top);
    int minContributors = top.whole("minContributors", 3, 3, MAX_SITES);
    if (minContributors > sites.size()) {
      throw top.invalid(
          "minContributors",
          "minContributors is " + minContributors + " but there are " + sites.size() + " sites.",
          "Lower it, or add sites.");
    }
    int colluding = top.whole("colluding", 1, 1, MAX_SITES);
    Optional<Shape> shape = top.choice("shape", Map.of("all", Shape.ALL, "quorum", Shape.QUORUM));
    String analyst = top.text("analyst", "");
    String purpose = top.text("purpose", "");
    if (purpose.length() > MAX_PURPOSE_CHARACTERS) {
      throw top.invalid(
          "purpose",
          "the purpose has " + purpose.length() + " characters.",
          "Use at most " + MAX_PURPOSE_CHARACTERS + ".");
    }
    Instant validUntil = validUntil(top);
    YamlSection rows = top.section("cohort");
    RecordCohort records = RecordCohort.read(rows);
    Map<String, ColumnSpec> columns = records.declared(columns(top));
    Cohort cohort = cohort(rows, records, columns);
    List<AnalysisSpec> analyses = analyses(top);
    ReleaseFloor release = release(top.sectionOrEmpty("release"));
    Optional<Privacy> privacy =
        top.has("privacy")
            ? Optional.of(privacy(top.section("privacy"), sites.size(), analyses))
            : Optional.empty();
    if (privacy.isPresent() && !cohort.joins().isEmpty()) {
      throw top.invalid(
          "privacy",
          "a row of a joined table may be of several persons, and noise hides one.",
          "Give the sites the joined table as a view, or leave the noise away.");
    }
    if (release.supportRound() == SupportRound.REQUIRED) {
      requireSupportable(top, minContributors, colluding, privacy);
    }
    Optional<Genotypes> genotypes =
        top.optionalSection("genotypes").map(section -> genotypes(section, cohort));
    top.end();
    return new Study(
        name,
        sites,
        minContributors,
        colluding,
        shape,
        analyst,
        purpose,
        validUntil,
        cohort,
        columns,
        analyses,
        release,
        privacy,
        genotypes);
  }

  /** A place that 3 + c sites must fill needs so many sites in every sum (PROTOCOL.md 2.11). */
  private static void requireSupportable(
      YamlSection top, int minContributors, int colluding, Optional<Privacy> privacy) {
    if (minContributors < 3 + colluding) {
      throw top.invalid(
          "minContributors",
          "a support round leaves out what fewer than "
              + (3 + colluding)
              + " sites fill, and a sum may have "
              + minContributors
              + ".",
          "Write minContributors: " + (3 + colluding) + ", or more.");
    }
    if (privacy.isPresent()) {
      throw top.invalid(
          "release.supportRound",
          "a study with noise has no exact sums, and a support round is one.",
          "Remove it: noise protects what few sites fill as well.");
    }
  }

  private static String name(YamlSection section, String key, String what) {
    String name = section.text(key);
    if (!NAME.matcher(name).matches()) {
      throw section.invalid(
          key,
          "'" + name + "' is not " + what + ".",
          "Use a lower-case letter and then at most 63 of a-z, 0-9 and '-'.");
    }
    return name;
  }

  private static List<SiteId> sites(YamlSection top) {
    List<String> names = top.texts("sites");
    if (names.isEmpty()) {
      throw top.missing("sites");
    }
    Set<SiteId> sites = new TreeSet<>();
    for (String name : names) {
      if (!sites.add(top.placed("sites", SiteId::new, name))) {
        throw top.invalid("sites", "the site '" + name + "' stands here twice.", "Name it once.");
      }
    }
    if (sites.size() < 3 || sites.size() > MAX_SITES) {
      throw top.invalid(
          "sites",
          "there are " + sites.size() + " sites, allowed are 3 to " + MAX_SITES + ".",
          "With fewer than three sites each learns the other's sums; ask more sites to join.");
    }
    return List.copyOf(sites);
  }

  private static Instant validUntil(YamlSection top) {
    Optional<String> text = top.optionalText("validUntil");
    if (text.isEmpty()) {
      return Study.NO_END;
    }
    return instant(top, "validUntil", text.get(), LAST_SECOND);
  }

  /** An instant, or a date, which means a time of that day in UTC. */
  static Instant instant(YamlSection section, String key, String text, LocalTime timeOfDate) {
    try {
      if (text.length() == 10) {
        return LocalDate.parse(text).atTime(timeOfDate).toInstant(ZoneOffset.UTC);
      }
      return Instant.parse(text);
    } catch (DateTimeException notATime) {
      throw section.invalid(
          key,
          "expected a date or an instant in UTC, found '" + text + "'.",
          "Write 2027-12-31 or 2027-12-31T12:00:00Z.");
    }
  }

  private static Cohort cohort(
      YamlSection section, RecordCohort records, Map<String, ColumnSpec> columns) {
    String from = section.text("from");
    if (!DatasetName.allowed(from)) {
      throw section.invalid("from", "'" + from + "' is not a dataset's name.", DatasetName.REMEDY);
    }
    Optional<String> person = section.optionalText("person");
    if (records.text().isPresent()) {
      if (person.isPresent() && !person.get().equals(Cohort.PERSON_OF_RECORDS)) {
        throw section.invalid(
            "person",
            "the persons of health records are named by " + Cohort.PERSON_OF_RECORDS + ".",
            "Leave person out.");
      }
      person = Optional.of(Cohort.PERSON_OF_RECORDS);
    }
    person.ifPresent(column -> columnName(section, "person", column));
    int rowsPerPerson = section.whole("rowsPerPerson", 1, 1, Cohort.MAX_ROWS_PER_PERSON);
    if (rowsPerPerson > 1 && person.isEmpty()) {
      throw section.invalid(
          "rowsPerPerson",
          "the study does not say which column names the person.",
          "Name it under cohort.person, or leave rowsPerPerson out: then a row is a person.");
    }
    Map<String, String> derive = section.namedTexts("derive");
    derive.keySet().forEach(column -> columnName(section, "derive", column));
    records.covariates().keySet().forEach(column -> columnName(section, "covariates", column));
    records.requireOthers(section, derive.keySet());
    List<Join> joins = joins(section, from, records.text().isPresent());
    if (!joins.isEmpty() && person.isEmpty()) {
      throw section.invalid(
          "join",
          "the study does not say which column names the person.",
          "Name it under cohort.person: a joined row is no person of its own.");
    }
    Optional<String> where = section.optionalText("where");
    section.end();
    Cohort cohort =
        new Cohort(
            from,
            person,
            rowsPerPerson,
            derive,
            where,
            records.text(),
            records.covariates(),
            joins);
    if (person.flatMap(cohort::joinOf).isPresent()) {
      throw section.invalid(
          "person",
          "'" + person.get() + "' is a column of a joined table.",
          "Name one of the cohort's own table.");
    }
    try {
      CohortExpressions.of(cohort, columns);
    } catch (TributaryException inside) {
      String key = inside.problem().startsWith("cohort.where") ? "where" : "derive";
      throw Errors.invalid(
          inside.code(), section.fileAndLine(key), inside.problem(), inside.remedy());
    }
    return cohort;
  }

  /** Tables by name; a table of health records' own is known by the model's names. */
  private static List<Join> joins(YamlSection section, String from, boolean records) {
    List<Join> joins = new ArrayList<>();
    Map<String, YamlSection> tables = section.namedSections("join");
    if (tables.size() > MAX_JOINS) {
      throw section.invalid(
          "join", "it names " + tables.size() + " tables.", "Join at most " + MAX_JOINS + ".");
    }
    tables.forEach(
        (table, each) -> {
          if (!DatasetName.allowed(table)) {
            throw section.invalid(
                "join", "'" + table + "' is not a dataset's name.", DatasetName.REMEDY);
          }
          if (table.equals(from)) {
            throw section.invalid(
                "join",
                "'" + table + "' is the cohort's own table.",
                "Join another one; a table is not joined to itself.");
          }
          Map<String, String> on = each.namedTexts("on");
          if (on.isEmpty()) {
            throw each.missing("on");
          }
          on.forEach(
              (own, other) -> {
                columnName(each, "on", own);
                columnName(each, "on", other);
              });
          boolean keeps =
              each.choice("unmatched", Map.of("leave out", false, "keep", true)).orElse(false);
          each.end();
          boolean ofRecords = records && Domain.tables().contains(table);
          joins.add(new Join(table, ofRecords, on, keeps));
        });
    return joins;
  }

  private static Genotypes genotypes(YamlSection section, Cohort cohort) {
    String from = section.text("from");
    String variants = section.text("variants");
    for (String key : List.of("from", "variants")) {
      if (!DatasetName.allowed(section.text(key))) {
        throw section.invalid(
            key, "'" + section.text(key) + "' is not a name.", DatasetName.REMEDY);
      }
    }
    String sha256 = section.asWritten("sha256").orElseThrow(() -> section.missing("sha256"));
    if (!SiteConfigParser.DIGEST.matcher(sha256).matches()) {
      throw section.invalid(
          "sha256",
          "expected a SHA-256 digest, found '" + sha256 + "'.",
          "Write 64 lower-case hexadecimal digits; 'sha256sum FILE' prints them.");
    }
    int count = section.whole("count", 1, Genotypes.MAX_VARIANTS);
    String build = section.text("assembly");
    Assembly assembly =
        Assembly.of(build)
            .orElseThrow(
                () ->
                    section.invalid(
                        "assembly",
                        "'" + build + "' is no assembly known here.",
                        "Write NCBI36, GRCh37 or GRCh38, the build of the list's positions."));
    Optional<String> family = section.optionalText("family");
    family.ifPresent(column -> columnName(section, "family", column));
    section.end();
    if (cohort.person().isEmpty()) {
      throw section.invalid(
          "from",
          "the study does not say which column names the person.",
          "Name it under cohort.person: the individual id of the genotypes.");
    }
    if (cohort.rowsPerPerson() > 1) {
      throw section.invalid(
          "from",
          "a person may have " + cohort.rowsPerPerson() + " rows.",
          "Genotypes need one row a person: leave cohort.rowsPerPerson out.");
    }
    return new Genotypes(from, variants, sha256, count, assembly, family);
  }

  private static void columnName(YamlSection section, String key, String name) {
    boolean allowed =
        !name.isBlank()
            && name.length() <= MAX_NAME_CHARACTERS
            && name.chars().noneMatch(c -> c == '`' || Character.isISOControl(c));
    if (!allowed) {
      throw section.invalid(
          key,
          "'" + name.replaceAll("\\p{Cntrl}", "?") + "' is not a column's name.",
          "Use at most "
              + MAX_NAME_CHARACTERS
              + " characters without backquotes and control characters.");
    }
  }

  private static Map<String, ColumnSpec> columns(YamlSection top) {
    Map<String, YamlSection> declared = top.namedSections("columns");
    if (declared.size() > MAX_COLUMNS) {
      throw top.invalid(
          "columns",
          "there are " + declared.size() + " columns.",
          "Declare at most " + MAX_COLUMNS + ".");
    }
    Map<String, ColumnSpec> columns = new LinkedHashMap<>();
    declared.forEach(
        (name, section) -> {
          columnName(top, "columns", name);
          columns.put(name, column(section));
        });
    return columns;
  }

  private static ColumnSpec column(YamlSection section) {
    Optional<ColumnType> type = section.choice("type", TYPES);
    String unit = section.text("unit", "");
    Optional<Range> range = range(section);
    List<String> levels = section.written("levels");
    if (new HashSet<>(levels).size() < levels.size()) {
      throw section.invalid("levels", "a level stands here twice.", "Name each level once.");
    }
    if (section.has("levels") && (levels.isEmpty() || levels.size() > MAX_LEVELS)) {
      throw section.invalid(
          "levels",
          "there are " + levels.size() + " levels.",
          "Name 1 to " + MAX_LEVELS + " levels, the reference first.");
    }
    if (!levels.isEmpty() && type.isPresent() && type.get() != ColumnType.TEXT) {
      throw section.invalid(
          "levels",
          "a column with levels is a category, so its type cannot be '"
              + type.get().name().toLowerCase(java.util.Locale.ROOT)
              + "'.",
          "Remove the type, or remove the levels.");
    }
    boolean numeric =
        levels.isEmpty()
            && (type.isEmpty()
                || type.get() == ColumnType.NUMBER
                || type.get() == ColumnType.INTEGER);
    if (range.isPresent() && !numeric) {
      throw section.invalid(
          "range", "only a number has a range.", "Remove the range, or use type number.");
    }
    section.end();
    return new ColumnSpec(type, unit, range, levels);
  }

  private static Optional<Range> range(YamlSection section) {
    if (!section.has("range")) {
      return Optional.empty();
    }
    List<Double> ends = section.numbers("range");
    if (ends.size() != 2 || !(ends.get(0) < ends.get(1))) {
      throw section.invalid(
          "range",
          "expected two numbers, the lower one first.",
          "Write range: [0, 120]; both ends are allowed values.");
    }
    return Optional.of(new Range(ends.get(0), ends.get(1)));
  }

  private static List<AnalysisSpec> analyses(YamlSection top) {
    List<YamlSection> sections = top.sections("analyses");
    if (sections.isEmpty()) {
      throw top.has("analyses")
          ? top.invalid("analyses", "the list is empty.", "Name at least one analysis.")
          : top.missing("analyses");
    }
    if (sections.size() > MAX_ANALYSES) {
      throw top.invalid(
          "analyses",
          "there are " + sections.size() + " analyses.",
          "Name at most " + MAX_ANALYSES + "; write a second study for the rest.");
    }
    List<AnalysisSpec> analyses = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (YamlSection section : sections) {
      String name = name(section, "name", "an analysis's name");
      String type = name(section, "type", "a type of analysis");
      if (!names.add(name)) {
        throw section.invalid(
            "name",
            "another analysis has the name '" + name + "'.",
            "Give each its own name; results are stored under it.");
      }
      analyses.add(new AnalysisSpec(name, type, section.rest()));
      section.end();
    }
    return analyses;
  }

  private static ReleaseFloor release(YamlSection section) {
    ReleaseFloor floor = ReleaseFloor.DEFAULT;
    int minCell = section.whole("minCell", floor.minCell(), 3, 20);
    int minPersons = section.whole("minPersons", floor.minPersons(), 3, 1_000_000);
    double maxSaturation = section.number("maxSaturation", floor.maxSaturation(), 1e-6, 0.5);
    double maxShare = section.number("maxShare", floor.maxShare(), 0.01, 1);
    SupportRound support =
        section
            .choice(
                "supportRound",
                Map.of("none", SupportRound.NONE, "required", SupportRound.REQUIRED))
            .orElse(floor.supportRound());
    section.end();
    return new ReleaseFloor(minCell, minPersons, maxSaturation, support, maxShare);
  }

  /** rho, or epsilon and delta; a cost above {@link #MAX_RHO} buys no noise worth the name. */
  private static Privacy privacy(YamlSection section, int sites, List<AnalysisSpec> analyses) {
    String unit = section.text("unit", "person");
    if (!unit.equals("person")) {
      throw section.invalid(
          "unit",
          "'" + unit + "' is no unit of privacy here.",
          "Write person; cohort.person names the column where a person has several rows.");
    }
    Optional<Rho> rho = section.asWritten("rho").map(text -> rho(section, text));
    Optional<Double> epsilon =
        section.has("epsilon")
            ? Optional.of(section.number("epsilon", 1, 1e-3, 100))
            : Optional.empty();
    if (rho.isPresent() == epsilon.isPresent()) {
      throw section.invalid(
          rho.isPresent() ? "epsilon" : "rho",
          rho.isPresent() ? "it stands beside rho." : "neither rho nor epsilon is stated.",
          "State one of the two: rho: 1/10, or epsilon: 2 and delta: 1e-6.");
    }
    if (epsilon.isPresent() && !section.has("delta")) {
      throw section.missing("delta");
    }
    double delta = section.number("delta", Privacy.DEFAULT_DELTA, 1e-15, 1e-2);
    int sitesPerPerson =
        section.whole(
            "sitesPerPerson", Math.min(sites, Privacy.DEFAULT_SITES_PER_PERSON), 1, sites);
    Map<String, Integer> split = new LinkedHashMap<>();
    if (section.has("split")) {
      YamlSection parts = section.section("split");
      for (AnalysisSpec analysis : analyses) {
        if (!parts.has(analysis.name())) {
          throw parts.missing(analysis.name());
        }
        split.put(analysis.name(), parts.whole(analysis.name(), 1, 1, 1000));
      }
      parts.end();
    }
    section.end();
    return new Privacy(rho, epsilon, delta, sitesPerPerson, split);
  }

  private static Rho rho(YamlSection section, String text) {
    try {
      Rho rho = Rho.parse(text);
      if (!rho.isZero() && rho.isAtMost(MAX_RHO)) {
        return rho;
      }
    } catch (IllegalArgumentException notARho) {
      // Refused below, with the form that is read.
    }
    throw section.invalid(
        "rho",
        "'" + text + "' is no cost of a study.",
        "Write a number above 0 and at most " + MAX_RHO.numerator() + ", such as 1/10 or 0.1.");
  }
}
