package io.tributary.connectors.omop;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The other answer: cohorts by relational SQL in DuckDB over the same files, as a person would
 * write it, sharing no code with the product. Events have columns p, id, s, e, c, src, v, k;
 * entries os and oe besides; spells p, a, b.
 */
final class CohortSql implements AutoCloseable {
  static final String C1 = "select * from cond where c in (1, 11, 12, 121)";
  static final String C12 = "select * from cond where c in (12, 121)";
  static final String C2 = "select * from cond where c = 2";
  static final String C3 = "select * from cond where c = 3";
  static final String D5 = "select * from drug where c in (5, 51, 52)";
  static final String D6 = "select * from drug where c = 6";
  static final String M7 = "select * from meas where c in (7, 71)";

  private final Connection connection;

  CohortSql(Path folder) throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    for (String table :
        List.of(
            "PERSON",
            "condition_occurrence",
            "drug_exposure",
            "drug_era",
            "measurement",
            "visit_occurrence",
            "death",
            "CONCEPT",
            "concept_ancestor")) {
      run(
          "create table "
              + table
              + " as select * from read_csv('"
              + folder
              + "/"
              + table
              + ".csv', header = true, nullstr = '')");
    }
    run(
        "create table op as select person_id p, observation_period_start_date s, columns(4) e"
                .replace("columns(4)", "\"date(observation_period_end_date,'unixepoch')\"")
            + " from read_csv('"
            + folder
            + "/observation_period.csv', header = true)"
            + " where person_id in (select person_id from person)");
    // As ATLAS has it, what is no longer valid is no descendant.
    run(
        "delete from concept_ancestor where descendant_concept_id in"
            + " (select concept_id from concept where invalid_reason is not null)");
    run(
        "create view observation_period as select p person_id, s observation_period_start_date,"
            + " e observation_period_end_date from op");
    String known = " where person_id in (select person_id from person)";
    run(
        "create view cond as select person_id p, condition_occurrence_id id, condition_start_date s,"
            + " coalesce(condition_end_date, condition_start_date + 1) e, condition_concept_id c,"
            + " condition_source_concept_id src, visit_occurrence_id v, condition_type_concept_id t,"
            + " stop_reason, 0 k from condition_occurrence"
            + known);
    run(
        "create view drug as select person_id p, drug_exposure_id id, drug_exposure_start_date s,"
            + " coalesce(drug_exposure_end_date, drug_exposure_start_date + days_supply::int,"
            + " drug_exposure_start_date + 1) e, drug_concept_id c, drug_source_concept_id src, 0 v,"
            + " days_supply, quantity, 0 k from drug_exposure"
            + known);
    run(
        "create view era as select person_id p, drug_era_id id, drug_era_start_date s,"
            + " drug_era_end_date e, drug_concept_id c, 0 src, 0 v, drug_exposure_count n, 0 k"
            + " from drug_era"
            + known);
    run(
        "create view meas as select person_id p, measurement_id id, measurement_date s,"
            + " measurement_date + 1 e, measurement_concept_id c, 0 src, 0 v, value_as_number x,"
            + " unit_concept_id u, 0 k from measurement"
            + known);
    run(
        "create view vis as select person_id p, visit_occurrence_id id, visit_start_date s,"
            + " coalesce(visit_end_date, visit_start_date + 1) e, visit_concept_id c, 0 src,"
            + " visit_occurrence_id v, 0 k from visit_occurrence"
            + known);
    run(
        "create view dead as select person_id p, person_id id, death_date s, death_date + 1 e,"
            + " cause_concept_id c, 0 src, 0 v, 0 k from death"
            + known);
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Person, first and last day, in order. */
  List<String> spells(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery("select p, a, b from (" + sql + ") order by p, a, b")) {
      while (found.next()) {
        rows.add(found.getLong(1) + " " + found.getObject(2) + " " + found.getObject(3));
      }
    }
    return rows;
  }

  // ---- parts -----------------------------------------------------------------------------------

  /** Events inside an observation period with enough days around them. */
  static String entry(String events, int prior, int post) {
    return "select x.*, o.s os, o.e oe from ("
        + events
        + ") x join op o on o.p = x.p"
        + " and x.s between o.s and o.e and o.s + "
        + prior
        + " <= x.s and x.s + "
        + post
        + " <= o.e";
  }

  static String first(String entries) {
    return "select * from ("
        + entries
        + ") qualify row_number() over (partition by p order by s, id, k, os, oe) = 1";
  }

  static String last(String entries) {
    return "select * from ("
        + entries
        + ") qualify row_number() over (partition by p order by s desc, id, k, os, oe) = 1";
  }

  static String firstEver(String events) {
    return "select * from ("
        + events
        + ") qualify row_number() over (partition by p order by s, id) = 1";
  }

  static String where(String entries, String condition) {
    return "select * from (" + entries + ") q where " + condition;
  }

  /** Events of y around an entry q, inside its observation period. */
  static String count(String events, String condition) {
    return "(select count(*) from ("
        + events
        + ") y where y.p = q.p and y.s between q.os and q.oe and "
        + condition
        + ")";
  }

  /** Spells that end at {@code end}, those that touch or overlap joined. */
  static String spells(String entries, String end) {
    return joined("select p, s a, greatest(s, " + end + ") b from (" + entries + ") q", 0);
  }

  /** What a definition in SQL gives as it stands, spells that touch or overlap joined. */
  static String asWritten(String definition) {
    return joined("select p, a, greatest(a, b) b from (" + definition + ") t(p, a, b)", 0);
  }

  static String joined(String spells, int pad) {
    return "with x as ("
        + spells
        + "), y as (select *, case when a <= max(b) over"
        + " (partition by p order by a, b rows between unbounded preceding and 1 preceding) + "
        + pad
        + " then 0 else 1 end n from x), z as (select *, sum(n) over (partition by p"
        + " order by a, b rows unbounded preceding) g from y)"
        + " select p, min(a) a, max(b) b from z group by p, g";
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
