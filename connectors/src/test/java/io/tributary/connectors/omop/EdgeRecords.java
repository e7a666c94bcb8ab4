package io.tributary.connectors.omop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Small records that are all edge: 240 persons whose events crowd into half a year with a leap day,
 * so that ties on a date, events on the borders of windows and periods, overlapping periods, events
 * outside them, gaps and same-day events are the rule.
 */
final class EdgeRecords {
  private static final LocalDate START = LocalDate.of(2019, 11, 15);
  private static final int DAYS = 180;

  private final Random random;
  private final Path folder;

  private EdgeRecords(Path folder, long seed) {
    this.folder = folder;
    this.random = new Random(seed);
  }

  static void write(Path folder, long seed) throws IOException {
    new EdgeRecords(folder, seed).write();
  }

  private void write() throws IOException {
    List<String> person = new ArrayList<>();
    List<String> period = new ArrayList<>();
    List<String> condition = new ArrayList<>();
    List<String> drug = new ArrayList<>();
    List<String> era = new ArrayList<>();
    List<String> measurement = new ArrayList<>();
    List<String> visit = new ArrayList<>();
    List<String> death = new ArrayList<>();
    for (int i = 0; i < 240; i++) {
      // 64 bits, and negative ones too.
      long p = i % 3 == 0 ? -1 - i : i % 3 == 1 ? i : 5_000_000_000L + i;
      if (i % 40 != 7) {
        person.add(
            row(
                p,
                random.nextBoolean() ? 8507 : 8532,
                1940 + random.nextInt(70),
                pick(8515, 8527, 0),
                pick("38003563", "", "38003564")));
      }
      for (int k = random.nextInt(3); k >= 0; k--) {
        int from = random.nextInt(90) - 20;
        period.add(row(id(), p, day(from), day(from + random.nextInt(120)), 44814724));
      }
      for (int k = random.nextInt(4); k > 0; k--) {
        int from = random.nextInt(DAYS);
        visit.add(
            row(1000 + i * 10L + k, p, pick(9201, 9202, 9203), day(from), end(from), 44818517));
      }
      for (int k = random.nextInt(7); k > 0; k--) {
        int from = random.nextInt(DAYS);
        condition.add(
            row(
                id(),
                p,
                pick(1, 11, 12, 121, 13, 2, 3, 0),
                day(from),
                end(from),
                pick(32020, 32817),
                random.nextInt(3) == 0 ? "" : 1000 + i * 10L + random.nextInt(3),
                pick("900", "901", "", "0"),
                pick("", "done", "Refused")));
      }
      for (int k = random.nextInt(8); k > 0; k--) {
        int from = random.nextInt(DAYS);
        drug.add(
            row(
                id(),
                p,
                pick(5, 51, 52, 6),
                day(from),
                random.nextBoolean() ? end(from) : "",
                pick("", "7", "30", "0"),
                pick("1", "2.5", ""),
                "",
                pick("", "910")));
      }
      for (int k = random.nextInt(3); k > 0; k--) {
        int from = random.nextInt(DAYS);
        era.add(row(id(), p, pick(5, 6), day(from), day(from + random.nextInt(40)), k, 3 * k));
      }
      for (int k = random.nextInt(6); k > 0; k--) {
        measurement.add(
            row(
                id(),
                p,
                pick(7, 71, 8),
                day(random.nextInt(DAYS)),
                pick("", "1.5", "6.5", "7", "-0.25", "120"),
                pick("8840", "8554", "")));
      }
      if (i % 9 == 0) {
        death.add(row(p, day(60 + random.nextInt(120)), 32817, ""));
      }
    }
    table(
        "PERSON",
        "PERSON_ID,GENDER_CONCEPT_ID,YEAR_OF_BIRTH,RACE_CONCEPT_ID,ETHNICITY_CONCEPT_ID",
        person);
    table(
        "observation_period",
        "observation_period_id,person_id,observation_period_start_date,"
            + "\"date(observation_period_end_date,'unixepoch')\",period_type_concept_id",
        period);
    table(
        "condition_occurrence",
        "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,"
            + "condition_end_date,condition_type_concept_id,visit_occurrence_id,"
            + "condition_source_concept_id,stop_reason",
        condition);
    table(
        "drug_exposure",
        "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,"
            + "drug_exposure_end_date,days_supply,quantity,visit_occurrence_id,"
            + "drug_source_concept_id",
        drug);
    table(
        "drug_era",
        "drug_era_id,person_id,drug_concept_id,drug_era_start_date,drug_era_end_date,"
            + "drug_exposure_count,gap_days",
        era);
    table(
        "measurement",
        "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,"
            + "unit_concept_id",
        measurement);
    table(
        "visit_occurrence",
        "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_end_date,"
            + "visit_type_concept_id",
        visit);
    table("death", "person_id,death_date,death_type_concept_id,cause_concept_id", death);
    vocabulary();
  }

  private void vocabulary() throws IOException {
    List<String> concepts = new ArrayList<>();
    for (int id : new int[] {1, 11, 12, 121, 13, 2, 3, 5, 51, 52, 6, 7, 71, 8, 900, 901, 910}) {
      concepts.add(id + "\tName \"of\" " + id + ", with a comma\t" + (id == 13 ? "D" : ""));
    }
    // As Athena gives it: tabs, no quoting.
    write("CONCEPT.csv", "concept_id\tconcept_name\tinvalid_reason", concepts);
    table(
        "concept_ancestor",
        "ancestor_concept_id,descendant_concept_id",
        List.of(
            "1,1",
            "1,11",
            "1,12",
            "1,121",
            "1,13",
            "12,12",
            "12,121",
            "11,11",
            "5,5",
            "5,51",
            "5,52",
            "7,7",
            "7,71",
            // A circle, which no vocabulary has.
            "11,1"));
    table(
        "concept_relationship",
        "concept_id_1,concept_id_2,relationship_id,invalid_reason",
        List.of("900,11,Maps to,", "901,11,Maps to,D", "901,12,Mapped from,", "910,51,Maps to,"));
  }

  // ---- drawing ---------------------------------------------------------------------------------

  private long next = -50;

  private long id() {
    return next++;
  }

  private Object pick(Object... values) {
    return values[random.nextInt(values.length)];
  }

  private static String day(int offset) {
    return START.plusDays(offset).toString();
  }

  private String end(int from) {
    return random.nextInt(4) == 0 ? "" : day(from + random.nextInt(20));
  }

  private static String row(Object... values) {
    List<String> texts = new ArrayList<>();
    for (Object value : values) {
      texts.add(value.toString());
    }
    return String.join(",", texts);
  }

  private void table(String name, String header, List<String> rows) throws IOException {
    write(name + ".csv", header, rows);
  }

  private void write(String file, String header, List<String> rows) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(file), header + "\n" + String.join("\n", rows) + "\n");
  }
}
