package io.tributary.jobs.analysis.gwas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rules of GWAS-SSF 1.0.2 (EBISPOT/gwas-summary-statistics-standard, tables 1 and 2 and the
 * text around them; patterns of gwas-sumstats-tools), each of which finds a file that breaks it.
 */
public class SsfRulesTest {
  private static final List<String> MANDATORY =
      List.of(
          "chromosome",
          "base_pair_location",
          "effect_allele",
          "other_allele",
          "beta|odds_ratio|hazard_ratio",
          "standard_error",
          "effect_allele_frequency",
          "p_value|neg_log_10_p_value");

  private static final Map<String, String> PATTERNS =
      Map.of(
          "chromosome", "[1-9]|1[0-9]|2[0-5]",
          "base_pair_location", "[1-9][0-9]*",
          "effect_allele", "[ACGT]+",
          "other_allele", "[ACGT]+",
          "rsid", "rs[0-9]+|#NA",
          "variant_id", "([1-9]|1[0-9]|2[0-5])_[0-9]+_([ACGT]+_[ACGT]+|LONG_STRING)|#NA",
          "ref_allele", "EA|OA|#NA",
          "n", "[0-9]+|#NA");

  private static final Map<String, DoublePredicate> RANGES =
      Map.of(
          "beta", Double::isFinite,
          "standard_error", x -> x >= 0 && Double.isFinite(x),
          "odds_ratio", x -> x >= 0,
          "hazard_ratio", x -> x >= 0,
          "effect_allele_frequency", x -> x >= 0 && x <= 1,
          "p_value", x -> x > 0 && x <= 1,
          "neg_log_10_p_value", x -> x >= 0);

  /** What is wrong with a data file; empty if nothing is. */
  public static List<String> wrong(List<String> lines) {
    List<String> wrong = new ArrayList<>();
    List<String> names = List.of(lines.get(0).split("\t", -1));
    for (int i = 0; i < MANDATORY.size(); i++) {
      if (i >= names.size() || !names.get(i).matches(MANDATORY.get(i))) {
        wrong.add("column " + i + " is not " + MANDATORY.get(i));
      }
    }
    if (names.stream().distinct().count() < names.size()) {
      wrong.add("a column twice");
    }
    long before = 0;
    for (String line : lines.subList(1, lines.size())) {
      List<String> fields = List.of(line.split("\t", -1));
      if (fields.size() != names.size()) {
        wrong.add("fields: " + line);
        continue;
      }
      Map<String, String> row = new HashMap<>();
      for (int i = 0; i < names.size(); i++) {
        row.put(names.get(i), fields.get(i));
        wrong(names.get(i), fields.get(i), i < MANDATORY.size(), wrong);
      }
      if (wrong.isEmpty()) {
        long place =
            (Long.parseLong(row.get("chromosome")) << 32)
                | Long.parseLong(row.get("base_pair_location"));
        if (place < before) {
          wrong.add("not sorted: " + line);
        }
        before = place;
        consistent(row, wrong);
      }
    }
    return wrong;
  }

  private static void wrong(String name, String value, boolean mandatory, List<String> wrong) {
    boolean absent = value.equals("#NA");
    String pattern = PATTERNS.getOrDefault(name, ".+");
    boolean fits = value.matches(pattern) && !(mandatory && absent);
    DoublePredicate range = RANGES.get(name);
    if (fits && range != null && !absent) {
      try {
        fits = range.test(Double.parseDouble(value));
      } catch (NumberFormatException e) {
        fits = false;
      }
    }
    if (!fits) {
      wrong.add(name + " is '" + value + "'");
    }
  }

  /** The internal name has reference and alternate allele in this order. */
  private static void consistent(Map<String, String> row, List<String> wrong) {
    String effect = row.get("effect_allele");
    String other = row.get("other_allele");
    if (effect.equals(other)) {
      wrong.add("one allele: " + effect);
    }
    String name = row.getOrDefault("variant_id", "#NA");
    String reference = row.getOrDefault("ref_allele", "#NA");
    if (!name.equals("#NA") && !reference.equals("#NA")) {
      String alleles = reference.equals("OA") ? other + "_" + effect : effect + "_" + other;
      String expected = row.get("chromosome") + "_" + row.get("base_pair_location") + "_" + alleles;
      if (!name.equals(expected)) {
        wrong.add("variant_id " + name + " is not " + expected);
      }
    }
  }

  /**
   * What is wrong with the metadata.
   *
   * @param file name of the data file
   * @param md5 of its bytes
   */
  public static List<String> wrongMetadata(String yaml, String file, String md5) {
    List<String> wrong = new ArrayList<>();
    JsonNode all;
    try {
      all = new YAMLMapper().readTree(yaml);
    } catch (JsonProcessingException e) {
      return List.of("no YAML");
    }
    texts(all, "trait_description", wrong);
    texts(all, "genotyping_technology", wrong);
    matches(all, "genome_assembly", "(GRCh|NCBI|hg)[0-9]+", wrong);
    matches(all, "coordinate_system", "[01]-based", wrong);
    matches(all, "is_sorted", "true|false", wrong);
    matches(all, "is_harmonised", "true|false", wrong);
    matches(all, "file_type", "GWAS-SSF v\\d+(\\.\\d+)*", wrong);
    matches(all, "data_file_name", java.util.regex.Pattern.quote(file), wrong);
    matches(all, "data_file_md5sum", md5, wrong);
    if (all.has("adjusted_covariates")) {
      texts(all, "adjusted_covariates", wrong);
    }
    if (!all.path("samples").isArray() || all.path("samples").isEmpty()) {
      wrong.add("samples");
    }
    for (JsonNode sample : all.path("samples")) {
      matches(sample, "sample_size", "[1-9][0-9]*", wrong);
      texts(sample, "sample_ancestry_category", wrong);
      if (sample.path("case_control_study").asBoolean(false)) {
        matches(sample, "case_count", "[0-9]+", wrong);
        matches(sample, "control_count", "[0-9]+", wrong);
      }
    }
    return wrong;
  }

  private static void texts(JsonNode of, String name, List<String> wrong) {
    boolean fine = of.path(name).isArray() && !of.path(name).isEmpty();
    for (JsonNode text : of.path(name)) {
      fine &= text.isTextual() && !text.textValue().isEmpty();
    }
    if (!fine) {
      wrong.add(name);
    }
  }

  private static void matches(JsonNode of, String name, String pattern, List<String> wrong) {
    if (!of.path(name).asText("").matches(pattern)) {
      wrong.add(name);
    }
  }

  private static final List<String> FINE =
      List.of(
          "chromosome\tbase_pair_location\teffect_allele\tother_allele\tbeta\tstandard_error"
              + "\teffect_allele_frequency\tp_value\tvariant_id\trsid\tref_allele\tn",
          "1\t10\tA\tG\t0.5\t0.25\t0.1\t0.04\t1_10_G_A\trs1\tOA\t100",
          "23\t9\tAC\tG\t-0.5\t0.25\t0.1\t1.0E-9\t23_9_G_AC\t#NA\tOA\t100");

  @Test
  void aFileByTheRulesIsFine() {
    assertThat(wrong(FINE)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, beta, slope, column 4",
    "0, n, rsid, twice",
    "0, 'chromosome\tbase_pair_location', 'base_pair_location\tchromosome', column 0",
    "1, '1\t10', 'X\t10', chromosome",
    "1, '1\t10', '26\t10', chromosome",
    "1, '1\t10', '1\t0', base_pair_location",
    "1, A\t, N\t, effect_allele",
    "1, 0.5, #NA, beta",
    "1, 0.5, NaN, beta",
    "1, 0.25, -0.25, standard_error",
    "1, '0.1\t', '1.1\t', effect_allele_frequency",
    "1, 0.04, 0, p_value",
    "1, 0.04, '', p_value",
    "1, 0.04, 4.0, p_value",
    "1, 1_10_G_A, 1_10_A_G, variant_id",
    "1, 1_10_G_A, chr1:10, variant_id",
    "1, rs1, 1:10, rsid",
    "1, OA, ALT, ref_allele",
    "1, '\t100', '', fields",
    "1, '1\t10', '24\t10', 'variant_id'",
    "2, '23\t9\tAC\tG\t-0.5\t0.25\t0.1\t1.0E-9\t23_9', '1\t9\tAC\tG\t-0.5\t0.25\t0.1\t1.0E-9\t1_9', not sorted",
  })
  void aFileThatBreaksARuleIsFound(int line, String old, String broken, String found) {
    List<String> lines = new ArrayList<>(FINE);
    assertThat(lines.get(line)).contains(old);
    lines.set(line, lines.get(line).replace(old, broken));
    assertThat(wrong(lines)).anyMatch(each -> each.contains(found));
  }

  private static final String METADATA =
      """
      trait_description: ["height"]
      genome_assembly: GRCh38
      coordinate_system: 1-based
      genotyping_technology: ["NR"]
      data_file_name: "a.tsv.gz"
      file_type: GWAS-SSF v1.0
      data_file_md5sum: 0f
      is_harmonised: false
      is_sorted: true
      samples:
        - sample_size: 10
          sample_ancestry_category: ["NR"]
          case_control_study: true
          case_count: 4
          control_count: 6
      """;

  @Test
  void eachFieldOfTheMetadataIsNeeded() {
    assertThat(wrongMetadata(METADATA, "a.tsv.gz", "0f")).isEmpty();
    assertThat(wrongMetadata(METADATA, "b.tsv.gz", "0f")).containsExactly("data_file_name");
    assertThat(wrongMetadata(METADATA, "a.tsv.gz", "ff")).containsExactly("data_file_md5sum");
    for (String line : METADATA.strip().split("\n")) {
      String name = line.replaceAll("[- ]*([a-z_0-9]+):.*", "$1");
      String without = METADATA.replace(line, line.replace(name + ":", "x_" + name + ":"));
      if (!name.equals("case_control_study")) {
        assertThat(wrongMetadata(without, "a.tsv.gz", "0f")).contains(name);
      }
    }
  }
}
