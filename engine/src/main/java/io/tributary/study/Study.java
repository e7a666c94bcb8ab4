package io.tributary.study;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A study as its analyst wrote it, after strict parsing; the signed thing is the file's raw bytes
 * (PROTOCOL.md 2.2), whose digest travels beside this value.
 *
 * @param name of the study, same form as a site id but up to 64 characters
 * @param sites roster the study asks for, in byte order
 * @param minContributors n_min, at least 3
 * @param colluding c, organisations that may collude with the coordinator, at least 1
 * @param shape ALL or QUORUM; empty means ALL for three sites, QUORUM for more
 * @param analyst id in the consortium file; empty means whoever signs it
 * @param purpose free text for the steward, may be empty
 * @param validUntil sites refuse the study after this instant; {@link #NO_END} if the study sets no
 *     limit, then it is valid for {@link #VALID_DAYS_AFTER_SIGNING} days after it was signed
 * @param cohort where the rows come from
 * @param columns declared columns by name, in declared order
 * @param analyses the jobs, at most 256; their position is the job number
 * @param release floor for released cells
 * @param privacy the noise that every sum of the study carries; empty for exact sums
 * @param genotypes of the cohort's persons; empty if no analysis reads any
 */
public record Study(
    String name,
    List<SiteId> sites,
    int minContributors,
    int colluding,
    Optional<Shape> shape,
    String analyst,
    String purpose,
    Instant validUntil,
    Cohort cohort,
    Map<String, ColumnSpec> columns,
    List<AnalysisSpec> analyses,
    ReleaseFloor release,
    Optional<Privacy> privacy,
    Optional<Genotypes> genotypes) {

  /** The study sets no last instant itself. */
  public static final Instant NO_END = Instant.MAX;

  /** How long a study without {@code validUntil} may be used. */
  public static final int VALID_DAYS_AFTER_SIGNING = 90;

  public Study {
    sites = List.copyOf(sites);
    columns = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    analyses = List.copyOf(analyses);
  }

  /** A study without genotypes. */
  public Study(
      String name,
      List<SiteId> sites,
      int minContributors,
      int colluding,
      Optional<Shape> shape,
      String analyst,
      String purpose,
      Instant validUntil,
      Cohort cohort,
      Map<String, ColumnSpec> columns,
      List<AnalysisSpec> analyses,
      ReleaseFloor release,
      Optional<Privacy> privacy) {
    this(
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
        Optional.empty());
  }

  /** A study of exact sums. */
  public Study(
      String name,
      List<SiteId> sites,
      int minContributors,
      int colluding,
      Optional<Shape> shape,
      String analyst,
      String purpose,
      Instant validUntil,
      Cohort cohort,
      Map<String, ColumnSpec> columns,
      List<AnalysisSpec> analyses,
      ReleaseFloor release) {
    this(
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
        Optional.empty());
  }

  /** PROTOCOL.md 2.4. */
  public enum Shape {
    ALL,
    QUORUM
  }

  /**
   * Where the rows come from.
   *
   * @param from logical dataset; each site maps it in its own catalogue
   * @param person column that names the person, empty if every row is one person
   * @param rowsPerPerson most rows that one person has in the cohort of a site, 1 to {@link
   *     #MAX_ROWS_PER_PERSON}; a site with more refuses. Analyses count and add rows; whatever must
   *     rest on so many persons has to rest on that many times the rows.
   * @param derive new columns by expression over source columns, in order
   * @param where filter expression, empty for all rows
   * @param definition who is in the cohort, where {@code from} names health records; its text, so
   *     that it is signed with the study. Empty where {@code from} names a table
   * @param covariates further columns of a cohort that has a definition, by name, as parsed YAML;
   *     the cohort's readers check names and types
   * @param joins tables that each site joins to the rows, in order
   */
  public record Cohort(
      String from,
      Optional<String> person,
      int rowsPerPerson,
      Map<String, String> derive,
      Optional<String> where,
      Optional<String> definition,
      Map<String, Object> covariates,
      List<Join> joins) {
    /** Floors are multiplied by it and stay far from overflow. */
    public static final int MAX_ROWS_PER_PERSON = 100_000;

    /** The person of a cohort that has a definition. */
    public static final String PERSON_OF_RECORDS = "person_id";

    public Cohort {
      derive = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(derive));
      covariates = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(covariates));
      joins = List.copyOf(joins);
    }

    /** The join that brings a column, whose name begins with that of its table and a dot. */
    public Optional<Join> joinOf(String column) {
      return joins.stream()
          .filter(join -> column.startsWith(join.prefix()))
          .max(Comparator.comparing(join -> join.table().length()));
    }

    /** Without other tables. */
    public Cohort(
        String from,
        Optional<String> person,
        int rowsPerPerson,
        Map<String, String> derive,
        Optional<String> where,
        Optional<String> definition,
        Map<String, Object> covariates) {
      this(from, person, rowsPerPerson, derive, where, definition, covariates, List.of());
    }

    /** The rows of a table. */
    public Cohort(
        String from,
        Optional<String> person,
        int rowsPerPerson,
        Map<String, String> derive,
        Optional<String> where) {
      this(from, person, rowsPerPerson, derive, where, Optional.empty(), Map.of());
    }

    /** One row a person. */
    public Cohort(
        String from, Optional<String> person, Map<String, String> derive, Optional<String> where) {
      this(from, person, 1, derive, where);
    }
  }

  /**
   * A table that is joined to the rows of a cohort. Its column {@code x} is {@code table.x} in the
   * study.
   *
   * @param table its logical dataset, or a table of the cohort's own health records
   * @param ofRecords which of the two
   * @param on columns that have to be equal: of the cohort or of a table joined before, by the
   *     study's name, to the table's own; at least one
   * @param keepsUnmatched whether a row without a match stays, the table's columns then missing
   */
  public record Join(
      String table, boolean ofRecords, Map<String, String> on, boolean keepsUnmatched) {
    public Join {
      on = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(on));
    }

    /** What its columns' names begin with. */
    public String prefix() {
      return table + ".";
    }

    /** {@code visits where id = patient, rows without a match stay}. */
    public String words() {
      return table
          + on.entrySet().stream()
              .map(equal -> equal.getKey() + " = " + equal.getValue())
              .collect(Collectors.joining(" and ", " where ", ""))
          + (keepsUnmatched ? ", rows without a match stay" : "");
    }
  }

  /**
   * Genotypes of the cohort's persons, at the variants of a public list. A person of the table and
   * a sample are the same if their ids are; persons without a sample are not in the cohort.
   *
   * @param from logical dataset; each site maps it in its own catalogue
   * @param variants name of the list; each party has its file under {@code references}
   * @param sha256 of the list's file, lower-case hex
   * @param count variants in the list, at most {@link #MAX_VARIANTS}
   * @param assembly in which the list's positions are counted
   * @param family column of the table that holds the family id; empty to join on {@code
   *     cohort.person}, the individual id, alone
   */
  public record Genotypes(
      String from,
      String variants,
      String sha256,
      int count,
      Assembly assembly,
      Optional<String> family) {
    /** 2^24; a list that is longer is cut, such as by chromosome. */
    public static final int MAX_VARIANTS = 1 << 24;
  }

  /** Type of a declared column. */
  public enum ColumnType {
    NUMBER,
    INTEGER,
    TEXT,
    BOOLEAN,
    DATE
  }

  /**
   * One declared column.
   *
   * @param type empty if the study leaves it to what the table says
   * @param unit for display, may be empty
   * @param range [low, high], both ends allowed; a value beyond is VALUE_OUT_OF_BOUNDS
   * @param levels allowed values of a category, in order, the first one the reference; any other
   *     value is DATA_INVALID
   */
  public record ColumnSpec(
      Optional<ColumnType> type, String unit, Optional<Range> range, List<String> levels) {
    public ColumnSpec {
      levels = List.copyOf(levels);
    }
  }

  /** Closed interval, low below high, both finite. */
  public record Range(double low, double high) {}

  /**
   * One analysis of the study.
   *
   * @param options everything but name and type, as parsed YAML: String, Boolean, Integer, Long,
   *     Double, List and Map of these; the analysis's folder checks names and types
   */
  public record AnalysisSpec(String name, String type, Map<String, Object> options) {
    public AnalysisSpec {
      options = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }
  }

  /**
   * What is released at least: pooled cells of at least {@code minCell} persons (5; 3 to 20),
   * statistics on at least {@code minPersons} (10), parameters at most {@code maxSaturation} of the
   * persons (1/3); whether places that few sites fill are left out of sums; and sums and means only
   * where nobody can make up more than {@code maxShare} of the sum of absolute values (1: no rule).
   */
  public record ReleaseFloor(
      int minCell,
      int minPersons,
      double maxSaturation,
      SupportRound supportRound,
      double maxShare) {
    public static final ReleaseFloor DEFAULT = new ReleaseFloor(5, 10, 1.0 / 3.0);

    /** Without support rounds and without a rule on shares. */
    public ReleaseFloor(int minCell, int minPersons, double maxSaturation) {
      this(minCell, minPersons, maxSaturation, SupportRound.NONE, 1);
    }
  }

  /** Whether each sum is preceded by one that counts the sites at each of its places. */
  public enum SupportRound {
    NONE,
    /** Places that fewer than 3 + c sites fill stay empty (PROTOCOL.md 2.11). */
    REQUIRED
  }

  /**
   * Differential privacy of the study (PROTOCOL.md 3). The unit is the person: results of tables
   * that differ by one person's rows can hardly be told apart. The cost is stated as rho, or as
   * epsilon at delta, from which rho follows ({@code privacy.StudyBudget}).
   *
   * @param rho cost of the whole study; empty if epsilon is stated
   * @param epsilon proven epsilon of the whole study at delta; empty if rho is stated
   * @param delta strictly between 0 and 1, for what is reported
   * @param sitesPerPerson sites at which one person may have rows; the noise grows with it
   * @param split parts of the cost by analysis; empty for equal parts
   */
  public record Privacy(
      Optional<Rho> rho,
      Optional<Double> epsilon,
      double delta,
      int sitesPerPerson,
      Map<String, Integer> split) {
    /** What epsilon is reported at if the study does not say. */
    public static final double DEFAULT_DELTA = 1e-6;

    /** Nobody links persons across sites, so one may be at two (PROTOCOL.md 3.4). */
    public static final int DEFAULT_SITES_PER_PERSON = 2;

    public Privacy {
      split = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(split));
      if (rho.isPresent() == epsilon.isPresent()) {
        throw new IllegalArgumentException("either rho or epsilon");
      }
    }

    /** A cost in rho, the rest as by default. */
    public static Privacy of(Rho rho, int sitesPerPerson) {
      return new Privacy(
          Optional.of(rho), Optional.empty(), DEFAULT_DELTA, sitesPerPerson, Map.of());
    }
  }
}
