package io.tributary.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.StudyParser;
import io.tributary.cohort.DefinitionReader;
import io.tributary.connectors.omop.GeneratedRecords;
import io.tributary.jobs.Outcome;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.study.StudyFile;
import io.tributary.study.ErrorCode;
import io.tributary.study.Study;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Definitions of cohorts and invented records, from the command line. */
class CohortCommandTest {
  private static final String SHORT =
      """
      cohort: first-bleed
      concepts: {bleed: {ids: [192671], descendants: false}}
      entry: {condition: bleed, first: true}
      require: [{name: adults, age: [18, all]}]
      """;

  /** A domain and an attribute that are refused, and a tab, which YAML does not take. */
  private static final String ATLAS =
      """
      {"ConceptSets": [{"id": 0, "name": "bleed", "expression": {"items": [
      \t {"concept": {"CONCEPT_ID": 192671}}]}}],
       "PrimaryCriteria": {
         "CriteriaList": [{"ConditionOccurrence": {"CodesetId": 0%s}}],
         "ObservationWindow": {"PriorDays": 0, "PostDays": 0},
         "PrimaryCriteriaLimit": {"Type": "First"}},
       "QualifiedLimit": {"Type": "First"}, "ExpressionLimit": {"Type": "First"},
       "InclusionRules": [], "CensoringCriteria": [],
       "CollapseSettings": {"CollapseType": "ERA", "EraPad": 0}, "CensorWindow": {}}
      """;

  @TempDir private Path folder;

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("definition"), text).toString();
  }

  @Test
  void checkSaysWhatIsNotSupportedByItsPath() throws IOException {
    Outcome good = Outcome.of("cohort", "check", file(ATLAS.formatted(""))).done();
    assertThat(good.out()).isEqualTo("all of it is supported\n");

    String odd = ", \"ProviderSpecialty\": [{\"CONCEPT_ID\": 1}]";
    Outcome bad = Outcome.of("cohort", "check", file(ATLAS.formatted(odd)));
    assertThat(bad.exit()).isEqualTo(ErrorCode.STUDY_INVALID.exitCode());
    assertThat(bad.out()).contains("PrimaryCriteria", "ProviderSpecialty", "1 not supported");
    assertThat(
            Outcome.of("cohort", "check", "--json", folder.resolve("definition").toString()).out())
        .startsWith("{\"supported\":false,\"findings\":[\"")
        .contains("ProviderSpecialty");
  }

  @Test
  void explainSaysItInWords() throws IOException {
    Outcome explained = Outcome.of("cohort", "explain", file(SHORT)).done();
    assertThat(explained.out())
        .contains("Cohort: first-bleed\n", "Entry: ", "192671", "Rule 1 (adults)", "18");
    assertThat(Outcome.of("cohort", "explain", "--json", file(SHORT)).done().out())
        .startsWith("{\"words\":[\"Cohort: first-bleed\",\"");
  }

  /** What is printed is the cohort of a study, and means what the file meant. */
  /** COHORTS.md's way from an export to a study, with the files that stand in conf/demo. */
  @Test
  void theShippedExportAndItsQuestionsAreAStudy() throws IOException {
    Path demo = Path.of("../conf/demo").toAbsolutePath().normalize();
    String export = demo.resolve("records-atlas.json").toString();
    assertThat(Outcome.of("cohort", "check", export).done().err()).isEmpty();
    String text =
        "study: records\nsites: [site-1, site-2, site-3]\n"
            + Outcome.of("cohort", "embed", export).done().out()
            + Files.readString(demo.resolve("records-questions.yaml"));
    Study study = StudyParser.parse(text.getBytes(StandardCharsets.UTF_8), "records.yaml");
    assertThat(study.analyses()).hasSize(4);
    for (int job = 0; job < study.analyses().size(); job++) {
      assertThat(Catalog.create(study, job).reveals()).isNotEmpty();
    }
  }

  @Test
  void embedGivesThePartOfAStudy() throws IOException {
    for (String definition : List.of(SHORT, ATLAS.formatted(""))) {
      String part = Outcome.of("cohort", "embed", file(definition)).done().out();
      StudyFile study =
          StudyFile.of(
              ("study: s\nsites: [a, b, c]\n"
                      + part
                      + "columns: {sex: {levels: [male, female]}}\n"
                      + "analyses: [{name: n, type: crosstab, columns: [sex]}]\n")
                  .getBytes(StandardCharsets.UTF_8),
              "study.yaml");
      String embedded = study.study().cohort().definition().orElseThrow();
      assertThat(DefinitionReader.read(embedded.getBytes(StandardCharsets.UTF_8), "embedded"))
          .isEqualTo(
              DefinitionReader.read(definition.getBytes(StandardCharsets.UTF_8), "definition"));
    }
  }

  /** From a file to the numbers: the answer is that of the rows, added up by hand. */
  @Test
  void countAsksAllSitesInOneCommand() throws IOException {
    Path sites = folder.resolve("sites");
    GeneratedRecords.write(sites, 240, 3, 5);
    String women = "8532";
    long female = 0;
    for (String site : List.of("site-1", "site-2", "site-3")) {
      for (String line : Files.readAllLines(sites.resolve(site).resolve("person.csv"))) {
        female += line.split(",")[1].equals(women) ? 1 : 0;
      }
    }
    String all = "cohort: Everybody, observed\nentry: {observation period: any, keep: first}\n";
    String[] words = {"cohort", "count", file(all), "--sites", sites.toString(), "--by", "sex,age"};
    Outcome counted = Outcome.of(words).done();
    assertThat(counted.out())
        .contains("at 3 sites together: site-1, site-2, site-3")
        .containsPattern("Initial qualifying events +240 +0\n")
        .containsPattern("female +" + female + "\n")
        .containsPattern("male +" + (240 - female) + "\n")
        .containsPattern("\\(all\\) +240\n")
        .doesNotContain("<5*");

    String print =
        Outcome.of(with(words, "--print", "--site", "site-1,site-2,site-3")).done().out();
    StudyFile study = StudyFile.of(print.getBytes(StandardCharsets.UTF_8), "printed");
    assertThat(study.study().name()).isEqualTo("count-everybody-observed");
    assertThat(study.study().cohort().definition()).contains(all);
  }

  @Test
  void whatCannotBeCountedIsRefused() throws IOException {
    Path sites = folder.resolve("sites");
    GeneratedRecords.write(sites, 12, 3, 5);
    String[] words = {"cohort", "count", file(SHORT), "--sites", sites.toString()};
    Outcome.of(with(words, "--by", "race")).refused(ErrorCode.USAGE, "--by").withoutStackTrace();
    Outcome.of(with(words, "--site", "site-9"))
        .refused(ErrorCode.USAGE, "--site", "site-1")
        .withoutStackTrace();
    Outcome.of(with(words, "--site", "site-1,site-2"))
        .refused(ErrorCode.STUDY_INVALID, "sites")
        .withoutStackTrace();
    Outcome.of("cohort", "count", file(SHORT)).refused(ErrorCode.USAGE, "--sites");
    Outcome.of(with(words, "--config", "analyst.yaml")).refused(ErrorCode.USAGE, "--config");
    Outcome.of("cohort", "count", file(SHORT), "--config", folder.resolve("none").toString())
        .refused(ErrorCode.CONFIG_INVALID, "none")
        .withoutStackTrace();
    Outcome.of("cohort", "count", file(SHORT), "--sites", folder.resolve("none").toString())
        .refused(ErrorCode.DATA_MISSING, "none")
        .withoutStackTrace();
  }

  private static String[] with(String[] words, String... more) {
    return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void whatCannotBeReadIsRefusedByEachCommand() throws IOException {
    for (String verb : List.of("check", "explain", "embed")) {
      Outcome.of("cohort", verb, folder.resolve("nowhere").toString())
          .refused(ErrorCode.STUDY_INVALID, "nowhere", "cannot be read")
          .withoutStackTrace();
      Outcome.of("cohort", verb, file("{\"ConceptSets\": ["))
          .refused(ErrorCode.STUDY_INVALID, "definition");
      Outcome.of("cohort", verb).refused(ErrorCode.USAGE, "<file>");
    }
    assertThat(Outcome.of("cohort", "check", file("")).exit())
        .isEqualTo(ErrorCode.STUDY_INVALID.exitCode());
    for (String verb : List.of("explain", "embed")) {
      Outcome.of("cohort", verb, file("")).refused(ErrorCode.STUDY_INVALID, "definition");
      Outcome.of("cohort", verb, file(SHORT.replace("condition: bleed", "condition: blood")))
          .refused(ErrorCode.STUDY_INVALID, "$.entry.condition: there is no such name")
          .withoutStackTrace();
    }
  }

  @Test
  void generateWritesAFolderASite() throws IOException {
    Path out = folder.resolve("sites");
    String[] words = {
      "generate", "omop", "--persons", "9", "--sites", "3", "--seed", "2", "--out", out.toString()
    };
    assertThat(Outcome.of(words).done().out()).contains("\"persons\":9", "\"sites\":3");
    try (Stream<Path> sites = Files.list(out)) {
      assertThat(sites)
          .hasSize(3)
          .allSatisfy(site -> assertThat(site.resolve("observation_period.csv")).isNotEmptyFile());
    }
    Outcome.of(words).refused(ErrorCode.USAGE, "--out", "already").withoutStackTrace();
    words[3] = "0";
    Outcome.of(words).refused(ErrorCode.USAGE, "--persons").withoutStackTrace();
    words[3] = "many";
    Outcome.of(words).refused(ErrorCode.USAGE, "--persons").withoutStackTrace();
    Path file = Files.writeString(folder.resolve("file"), "");
    Outcome.of("generate", "omop", "--persons", "9", "--out", file.resolve("in").toString())
        .refused(ErrorCode.STORAGE_FAILED, "file")
        .withoutStackTrace();
  }
}
