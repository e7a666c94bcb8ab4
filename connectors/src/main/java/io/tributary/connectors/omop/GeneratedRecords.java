package io.tributary.connectors.omop;

import io.tributary.connectors.Draws;
import io.tributary.study.Errors;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Invented health records in OMOP 5.4, the same for the same seed on every machine. Skewed as real
 * ones: a few persons have most events, a few concepts most rows; chronic conditions return, drugs
 * are refilled with gaps, some persons have two observation periods, some events lie outside them.
 * Nobody's data are behind them.
 *
 * <pre>
 *   condition groups 2000001000 + 100 g, their conditions + 1 ..., source codes 2000009000 + ...
 *   ingredients      2000002000 + 100 i, their products + 1 ...
 *   procedures       2000003000 + ...
 *   laboratory       2000004000 + ...
 * </pre>
 */
public final class GeneratedRecords {
  public static final long CONDITION_GROUP = 2_000_001_000L;
  public static final long INGREDIENT = 2_000_002_000L;
  private static final long PROCEDURE = 2_000_003_000L;
  private static final long LABORATORY = 2_000_004_000L;
  private static final long SOURCE_CODE = 2_000_009_000L;
  private static final int GROUPS = 12;
  private static final int CONDITIONS = 8;
  private static final int INGREDIENTS = 10;
  private static final int PRODUCTS = 4;
  private static final int PROCEDURES = 12;
  private static final int LABORATORIES = 8;
  private static final int ERA_GAP_DAYS = 30;
  private static final long EHR = 32817;
  private static final int FIRST_DAY = (int) LocalDate.of(2008, 1, 1).toEpochDay();
  private static final int LAST_DAY = (int) LocalDate.of(2023, 12, 31).toEpochDay();

  private static final Map<String, String> HEADERS = headers();

  private final Map<String, BufferedWriter> tables = new LinkedHashMap<>();
  private final long seed;
  private long next = 1;
  private long state;

  private GeneratedRecords(long seed) {
    this.seed = seed;
  }

  private static Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(
        "person",
        "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,race_concept_id,"
            + "ethnicity_concept_id");
    headers.put(
        "observation_period",
        "observation_period_id,person_id,observation_period_start_date,"
            + "observation_period_end_date,period_type_concept_id");
    headers.put(
        "visit_occurrence",
        "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_end_date,"
            + "visit_type_concept_id");
    headers.put(
        "condition_occurrence",
        "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,"
            + "condition_end_date,condition_type_concept_id,condition_status_concept_id,"
            + "stop_reason,visit_occurrence_id,condition_source_concept_id");
    headers.put(
        "condition_era",
        "condition_era_id,person_id,condition_concept_id,condition_era_start_date,"
            + "condition_era_end_date,condition_occurrence_count");
    headers.put(
        "drug_exposure",
        "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,"
            + "drug_exposure_end_date,drug_type_concept_id,stop_reason,refills,quantity,"
            + "days_supply,route_concept_id,lot_number,visit_occurrence_id,drug_source_concept_id");
    headers.put(
        "drug_era",
        "drug_era_id,person_id,drug_concept_id,drug_era_start_date,drug_era_end_date,"
            + "drug_exposure_count,gap_days");
    headers.put(
        "procedure_occurrence",
        "procedure_occurrence_id,person_id,procedure_concept_id,procedure_date,"
            + "procedure_type_concept_id,modifier_concept_id,quantity,visit_occurrence_id,"
            + "procedure_source_concept_id");
    headers.put(
        "measurement",
        "measurement_id,person_id,measurement_concept_id,measurement_date,"
            + "measurement_type_concept_id,operator_concept_id,value_as_number,"
            + "value_as_concept_id,unit_concept_id,range_low,range_high,visit_occurrence_id,"
            + "measurement_source_concept_id");
    headers.put(
        "death",
        "person_id,death_date,death_type_concept_id,cause_concept_id,cause_source_concept_id");
    headers.put("concept", "concept_id,concept_name,domain_id,standard_concept,invalid_reason");
    headers.put(
        "concept_ancestor",
        "ancestor_concept_id,descendant_concept_id,min_levels_of_separation,"
            + "max_levels_of_separation");
    headers.put("concept_relationship", "concept_id_1,concept_id_2,relationship_id,invalid_reason");
    return headers;
  }

  /**
   * Writes folders {@code site-1} to {@code site-K} of CSV tables.
   *
   * @param persons in all, one site's number differs from another's by at most 1
   */
  public static void write(Path out, int persons, int sites, long seed) {
    for (int site = 0; site < sites; site++) {
      Path folder = out.resolve("site-" + (site + 1));
      try {
        new GeneratedRecords(seed).site(folder, site, persons, sites);
      } catch (IOException failed) {
        throw Errors.storageFailed(
            "Cannot write the generated records to " + folder + ".",
            "Check the folder's permissions and the disk.",
            failed);
      }
    }
  }

  private void site(Path folder, int site, int persons, int sites) throws IOException {
    Files.createDirectories(folder);
    try {
      for (Map.Entry<String, String> table : HEADERS.entrySet()) {
        BufferedWriter out =
            Files.newBufferedWriter(
                folder.resolve(table.getKey() + ".csv"), StandardCharsets.UTF_8);
        tables.put(table.getKey(), out);
        out.write(table.getValue());
        out.write('\n');
      }
      vocabulary();
      for (int person = site; person < persons; person += sites) {
        // Each person has a stream of draws of their own, so that neither the number of sites nor
        // of persons changes anybody.
        state = Draws.mixed(seed * 0x9E3779B97F4A7C15L + person);
        next = (person + 1L) * 100_000;
        person(person + 1L);
      }
    } finally {
      for (BufferedWriter out : tables.values()) {
        out.close();
      }
    }
  }

  // ---- draws -----------------------------------------------------------------------------------

  /** The next of SplitMix64. */
  private long draw() {
    state += 0x9E3779B97F4A7C15L;
    return Draws.mixed(state);
  }

  private double uniform() {
    return Draws.uniform(draw());
  }

  private int below(int bound) {
    return (int) (uniform() * bound);
  }

  private boolean chance(double probability) {
    return uniform() < probability;
  }

  private int exponential(double mean) {
    return (int) (-mean * StrictMath.log1p(-uniform()));
  }

  /** 0 most often, then 1, as words in a text. */
  private int skewed(int bound) {
    return (int) (StrictMath.pow(bound + 1.0, uniform()) - 1);
  }

  // ---- one person ------------------------------------------------------------------------------

  private void person(long person) throws IOException {
    int born = 1930 + below(75);
    boolean male = chance(0.49);
    row(
        "person",
        person,
        male ? 8507 : 8532,
        born,
        1 + below(12),
        1 + below(28),
        chance(0.7) ? 8527 : 8516,
        chance(0.1) ? 38003563 : 38003564);
    int start = FIRST_DAY + below(3650);
    int end = Math.min(LAST_DAY, start + 200 + exponential(2000));
    boolean gap = chance(0.15) && end - start > 600;
    int middle = start + (end - start) / 2;
    row("observation_period", id(), person, day(start), day(gap ? middle - 90 : end), EHR);
    if (gap) {
      row("observation_period", id(), person, day(middle), day(end), EHR);
    }
    double frailty = 0.3 + 3 * StrictMath.pow(uniform(), 3);
    long[] chronic = new long[below(3)];
    for (int i = 0; i < chronic.length; i++) {
      chronic[i] = condition();
    }
    Map<Long, List<int[]>> exposures = new LinkedHashMap<>();
    // A few events lie before the record begins, as imported histories do.
    int at = start - (chance(0.05) ? 100 : 0);
    while (at <= end) {
      visit(person, at, chronic, frailty, end, exposures);
      at += 1 + exponential(300 / frailty);
    }
    for (Map.Entry<Long, List<int[]>> drug : exposures.entrySet()) {
      eras(person, drug.getKey(), drug.getValue());
    }
    if (chance(0.06)) {
      row("death", person, day(end), EHR, "", "");
    }
  }

  private long condition() {
    return CONDITION_GROUP + 100L * skewed(GROUPS) + 1 + skewed(CONDITIONS);
  }

  private void visit(
      long person,
      int at,
      long[] chronic,
      double frailty,
      int end,
      Map<Long, List<int[]>> exposures)
      throws IOException {
    long visit = id();
    int stay = chance(0.08) ? 1 + exponential(5) : 0;
    row(
        "visit_occurrence",
        visit,
        person,
        stay > 0 ? 9201 : chance(0.1) ? 9203 : 9202,
        day(at),
        day(at + stay),
        EHR);
    for (int i = 1 + below(2); i > 0; i--) {
      boolean known = chronic.length > 0 && chance(0.5);
      long condition = known ? chronic[below(chronic.length)] : condition();
      String until = chance(0.3) ? "" : day(at + exponential(20));
      row(
          "condition_occurrence",
          id(),
          person,
          condition,
          day(at),
          until,
          EHR,
          32893,
          "",
          visit,
          SOURCE_CODE + (condition - CONDITION_GROUP));
      row("condition_era", id(), person, condition, day(at), until.isEmpty() ? day(at) : until, 1);
      if (chance(0.5)) {
        treat(person, at, condition, visit, end, exposures);
      }
    }
    for (int i = below(1 + (int) (2 * frailty)); i > 0; i--) {
      int laboratory = skewed(LABORATORIES);
      double value = Math.rint(10 * (5 + laboratory + 4 * (uniform() + uniform() - 1))) / 10;
      row(
          "measurement",
          id(),
          person,
          LABORATORY + laboratory,
          day(at),
          EHR,
          "",
          chance(0.05) ? "" : value,
          "",
          8840,
          4 + laboratory,
          7 + laboratory,
          visit,
          "");
    }
    if (chance(0.15)) {
      row(
          "procedure_occurrence",
          id(),
          person,
          PROCEDURE + skewed(PROCEDURES),
          day(at),
          EHR,
          "",
          1,
          visit,
          "");
    }
  }

  /** Fills of one product, with gaps, until the record ends or the person stops. */
  private void treat(
      long person, int at, long condition, long visit, int end, Map<Long, List<int[]>> exposures)
      throws IOException {
    long ingredient = INGREDIENT + 100L * ((condition / 100 + skewed(3)) % INGREDIENTS);
    int days = chance(0.7) ? 30 : 90;
    int from = at;
    do {
      row(
          "drug_exposure",
          id(),
          person,
          ingredient + 1 + skewed(PRODUCTS),
          day(from),
          chance(0.1) ? "" : day(from + days),
          32838,
          "",
          0,
          days,
          days,
          4132161,
          "",
          visit,
          "");
      exposures
          .computeIfAbsent(ingredient, any -> new ArrayList<>())
          .add(new int[] {from, from + days});
      from += days + (chance(0.3) ? exponential(25) : 0);
    } while (from < end && chance(0.7));
  }

  /** Exposures at most 30 days apart are one era. */
  private void eras(long person, long ingredient, List<int[]> exposures) throws IOException {
    exposures.sort((a, b) -> Integer.compare(a[0], b[0]));
    int[] era = null;
    int count = 0;
    int gaps = 0;
    for (int[] exposure : exposures) {
      if (era != null && exposure[0] <= era[1] + ERA_GAP_DAYS) {
        gaps += Math.max(0, exposure[0] - era[1]);
        era[1] = Math.max(era[1], exposure[1]);
        count++;
      } else {
        if (era != null) {
          row("drug_era", id(), person, ingredient, day(era[0]), day(era[1]), count, gaps);
        }
        era = exposure.clone();
        count = 1;
        gaps = 0;
      }
    }
    if (era != null) {
      row("drug_era", id(), person, ingredient, day(era[0]), day(era[1]), count, gaps);
    }
  }

  // ---- vocabulary and rows ---------------------------------------------------------------------

  private void vocabulary() throws IOException {
    tree(CONDITION_GROUP, GROUPS, CONDITIONS, "Condition");
    tree(INGREDIENT, INGREDIENTS, PRODUCTS, "Drug");
    for (int i = 0; i < PROCEDURES; i++) {
      row("concept", PROCEDURE + i, "Procedure " + i, "Procedure", "S", "");
    }
    for (int i = 0; i < LABORATORIES; i++) {
      row("concept", LABORATORY + i, "Laboratory " + i, "Measurement", "S", "");
    }
    for (int group = 0; group < GROUPS; group++) {
      for (int i = 1; i <= CONDITIONS; i++) {
        long code = 100L * group + i;
        row("concept", SOURCE_CODE + code, "Code " + code, "Condition", "", "");
        row("concept_relationship", SOURCE_CODE + code, CONDITION_GROUP + code, "Maps to", "");
      }
    }
  }

  private void tree(long root, int groups, int members, String domain) throws IOException {
    for (int group = 0; group < groups; group++) {
      long parent = root + 100L * group;
      row("concept", parent, domain + " group " + group, domain, "S", "");
      row("concept_ancestor", parent, parent, 0, 0);
      for (int i = 1; i <= members; i++) {
        row("concept", parent + i, domain + " " + group + "." + i, domain, "S", "");
        row("concept_ancestor", parent + i, parent + i, 0, 0);
        row("concept_ancestor", parent, parent + i, 1, 1);
      }
    }
  }

  private long id() {
    return next++;
  }

  private static String day(int day) {
    return LocalDate.ofEpochDay(day).toString();
  }

  private void row(String table, Object... values) throws IOException {
    BufferedWriter out = tables.get(table);
    out.write(String.join(",", Arrays.stream(values).map(String::valueOf).toList()));
    out.write('\n');
  }
}
