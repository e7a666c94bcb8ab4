package io.tributary.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One analysis's released result.
 *
 * @param name the analysis's name in the study
 * @param type its type, e.g. {@code glm}
 * @param outcome {@code OK} or a named outcome such as {@code SEPARATION}
 * @param persons pooled persons used, or -1 if withheld
 * @param rounds masked sums taken
 * @param facts single figures in display order, e.g. {@code AIC}
 * @param tables tidy tables
 * @param plots pictures over those tables
 * @param notes sentences the reader must see: rules applied, resolution, rows dropped
 * @param files beside the tables; a report that was read from a folder has none
 */
public record AnalysisReport(
    String name,
    String type,
    String outcome,
    long persons,
    int rounds,
    Map<String, Cell> facts,
    List<ResultTable> tables,
    List<Plot> plots,
    List<String> notes,
    List<ResultFile> files) {
  public static final String OK = "OK";

  /** Fewer persons than the release floor asks for. */
  public static final String TOO_FEW_PERSONS = "TOO_FEW_PERSONS";

  private static final Set<String> WITHHELD =
      Set.of(TOO_FEW_PERSONS, "SATURATED", "RARE_LEVEL", "RARE_OUTCOME", "FEW_SITES");

  /**
   * Name of the fact that says how exact the numbers are, e.g. {@code exact} or {@code 2^-40}; it
   * is repeated as a key of its own in {@code release.json}.
   */
  public static final String RESOLUTION = "resolution";

  public AnalysisReport {
    facts = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(facts));
    tables = List.copyOf(tables);
    plots = List.copyOf(plots);
    notes = List.copyOf(notes);
    files = List.copyOf(files);
  }

  /** One without files. */
  public AnalysisReport(
      String name,
      String type,
      String outcome,
      long persons,
      int rounds,
      Map<String, Cell> facts,
      List<ResultTable> tables,
      List<Plot> plots,
      List<String> notes) {
    this(name, type, outcome, persons, rounds, facts, tables, plots, notes, List.of());
  }

  /** The same analysis with files. */
  public AnalysisReport withFiles(List<ResultFile> more) {
    return new AnalysisReport(
        name, type, outcome, persons, rounds, facts, tables, plots, notes, more);
  }

  /** The same analysis with one more fact. */
  public AnalysisReport withFact(String fact, Cell cell) {
    Map<String, Cell> all = new java.util.LinkedHashMap<>(facts);
    all.put(fact, cell);
    return new AnalysisReport(
        name, type, outcome, persons, rounds, all, tables, plots, notes, files);
  }

  public AnalysisReport withRounds(int sums) {
    return new AnalysisReport(
        name, type, outcome, persons, sums, facts, tables, plots, notes, files);
  }

  /** The same analysis with more sentences for its reader. */
  public AnalysisReport withNotes(List<String> more) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new AnalysisReport(
        name, type, outcome, persons, rounds, facts, tables, plots, all, files);
  }

  /** The same analysis with other tables, e.g. read from their files. */
  AnalysisReport withTables(List<ResultTable> read) {
    return new AnalysisReport(name, type, outcome, persons, rounds, facts, read, plots, notes);
  }

  /** Whether the release floor has withheld the whole analysis. */
  public boolean isWithheld() {
    return WITHHELD.contains(outcome);
  }
}
