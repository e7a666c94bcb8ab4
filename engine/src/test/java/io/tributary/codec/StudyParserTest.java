package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.study.Assembly;
import io.tributary.study.ColumnRole;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import io.tributary.study.Study.ColumnType;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudyParserTest {
  /** The study of DESIGN.md 9, as a bioinformatician writes it from memory. */
  static final String FROM_MEMORY =
      """
      study: nsclc-survival
      sites: [north, south, east, west]
      minContributors: 3
      cohort:
        from: lung                       # a logical dataset
        where: age >= 40
      columns:
        age: {range: [0, 120], unit: year}
        sex: {levels: [male, female]}
        time: {range: [0, 1100], unit: day}
      analyses:
        - {name: table-one, type: summary, columns: [age, sex, ph.ecog], by: sex}
        - {name: death,     type: glm, formula: "status ~ age + sex + ph.ecog", family: binomial}
        - {name: survival,  type: cox, formula: "Surv(time, status) ~ age + sex"}
      """;

  private static final String EVERY_KEY =
      """
      study: everything
      sites: [west, north, east, south]
      minContributors: 4
      colluding: 2
      shape: all
      analyst: ada
      purpose: "dose and outcome"
      validUntil: 2027-12-31
      cohort:
        from: trial
        person: patient
        derive:
          bmi: weight / pow(height / 100, 2)
          obese: bmi >= 30
        where: sex = 'female' and not (visit is null)
      columns:
        weight: {type: number, unit: kg, range: [1.5, 400]}
        height: {}
        visit: {type: date}
        sex: {type: text, levels: [male, female]}
        stage: {levels: [1, 2, "3"]}
        smoker: {type: boolean}
        children: {type: integer, range: [0, 30]}
      analyses:
        - name: t
          type: summary
          columns: [bmi]
          bins: 20
          big: 3000000000
          width: 0.5
          exact: true
          nested: {a: [1, x]}
      release: {minCell: 7, minPersons: 50, maxSaturation: 0.1}
      """;

  static Study parse(String yaml) {
    return StudyParser.parse(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  @Test
  void aStudyWrittenFromMemoryParses() {
    Study study = parse(FROM_MEMORY);
    assertThat(study.name()).isEqualTo("nsclc-survival");
    assertThat(study.sites())
        .containsExactly(
            new SiteId("east"), new SiteId("north"), new SiteId("south"), new SiteId("west"));
    assertThat(study.cohort().where()).isEqualTo(Optional.of("age >= 40"));
    assertThat(study.columns().keySet()).containsExactly("age", "sex", "time");
    assertThat(study.columns().get("sex").levels()).containsExactly("male", "female");
    assertThat(study.analyses().get(0).options())
        .containsEntry("columns", List.of("age", "sex", "ph.ecog"))
        .containsEntry("by", "sex");
  }

  @Test
  void defaults() {
    Study study =
        parse(
            """
            study: s
            sites: [a, b, c]
            cohort: {from: t}
            analyses: [{name: n, type: summary}]
            """);
    assertThat(study.minContributors()).isEqualTo(3);
    assertThat(study.colluding()).isEqualTo(1);
    assertThat(study.shape()).isEmpty();
    assertThat(study.analyst()).isEmpty();
    assertThat(study.purpose()).isEmpty();
    assertThat(study.validUntil()).isEqualTo(Study.NO_END);
    assertThat(study.cohort())
        .isEqualTo(new Study.Cohort("t", Optional.empty(), Map.of(), Optional.empty()));
    assertThat(study.columns()).isEmpty();
    assertThat(study.analyses().get(0).options()).isEmpty();
    assertThat(study.release()).isEqualTo(new Study.ReleaseFloor(5, 10, 1.0 / 3.0));
  }

  @Test
  void everyKeyIsMapped() {
    Study study = parse(EVERY_KEY);
    assertThat(study.minContributors()).isEqualTo(4);
    assertThat(study.colluding()).isEqualTo(2);
    assertThat(study.shape()).contains(Study.Shape.ALL);
    assertThat(study.analyst()).isEqualTo("ada");
    assertThat(study.purpose()).isEqualTo("dose and outcome");
    assertThat(study.validUntil()).isEqualTo(Instant.parse("2027-12-31T23:59:59Z"));
    assertThat(study.cohort().from()).isEqualTo("trial");
    assertThat(study.cohort().person()).contains("patient");
    assertThat(study.cohort().derive().keySet()).containsExactly("bmi", "obese");
    assertThat(study.cohort().where()).isPresent();
    assertThat(study.columns().get("weight"))
        .isEqualTo(
            new Study.ColumnSpec(
                Optional.of(ColumnType.NUMBER),
                "kg",
                Optional.of(new Study.Range(1.5, 400)),
                List.of()));
    assertThat(study.columns().get("height").type()).isEmpty();
    assertThat(study.columns().get("stage").levels()).containsExactly("1", "2", "3");
    assertThat(study.columns().get("visit").type()).contains(ColumnType.DATE);
    assertThat(study.columns().get("smoker").type()).contains(ColumnType.BOOLEAN);
    assertThat(study.columns().get("children").type()).contains(ColumnType.INTEGER);
    assertThat(study.analyses().get(0).options())
        .containsEntry("bins", 20)
        .containsEntry("big", 3_000_000_000L)
        .containsEntry("width", 0.5)
        .containsEntry("exact", true)
        .containsEntry("nested", Map.of("a", List.of(1, "x")));
    assertThat(study.release()).isEqualTo(new Study.ReleaseFloor(7, 50, 0.1));
  }

  @Test
  void aSupportRoundNeedsSitesEnoughAndExactSums() {
    String yaml =
        """
        study: s
        sites: [a, b, c, d, e, f]
        minContributors: 5
        colluding: 2
        cohort: {from: t}
        analyses: [{name: n, type: crosstab, columns: [x]}]
        release: {supportRound: required}
        """;
    assertThat(parse(yaml).release().supportRound()).isEqualTo(Study.SupportRound.REQUIRED);
    assertThat(parse(yaml.replace("required", "none")).release())
        .isEqualTo(Study.ReleaseFloor.DEFAULT);
    assertThatThrownBy(() -> parse(yaml.replace("minContributors: 5", "minContributors: 4")))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("fewer than 5 sites fill, and a sum may have 4");
    assertThatThrownBy(() -> parse(yaml + "privacy: {rho: 1/10}\n"))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("has no exact sums");
    assertThatThrownBy(() -> parse(yaml.replace("required", "perhaps")))
        .isInstanceOf(TributaryException.class);
  }

  @Test
  void yesAndNoAndLeadingZerosStayText() {
    Study study =
        parse(
            """
            study: s
            sites: [a, b, c]
            cohort: {from: t}
            columns:
              smoker: {levels: [no, yes]}
              code: {levels: [010, 1e3, true]}
            analyses: [{name: n, type: summary, by: y}]
            """);
    assertThat(study.columns().get("smoker").levels()).containsExactly("no", "yes");
    assertThat(study.columns().get("code").levels()).containsExactly("010", "1e3", "true");
    assertThat(study.analyses().get(0).options()).containsEntry("by", "y");
  }

  /** Each case replaces one part of {@link #EVERY_KEY}; '~' stands for a line break. */
  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          colluding: 2 | coluding: 2 | study.yaml:4 (coluding): the key 'coluding' is not known here.
          unit: kg | units: kg | study.yaml:17 (columns.weight.units): the key 'units' is not known here.
          colluding: 2 | colluding: two | study.yaml:4 (colluding): expected a whole number from 1 to 256, found the text 'two'.
          colluding: 2 | colluding: 0 | study.yaml:4 (colluding): expected a whole number from 1 to 256, found the whole number 0.
          colluding: 2 | colluding: [2] | study.yaml:4 (colluding): expected a whole number from 1 to 256, found a list.
          colluding: 2 | colluding: | study.yaml:4 (colluding): there is no value.
          colluding: 2 | minContributors: 3 | study.yaml:4 (minContributors): the key 'minContributors' stands here again; it was first on line 3.
          colluding: 2 | "colluding": &c 2 | study.yaml:4 (colluding): anchors (&name) are not allowed.
          colluding: 2 | colluding: *c | study.yaml:4 (colluding): aliases (*name) are not allowed.
          colluding: 2 | colluding: !!int 2 | study.yaml:4 (colluding): tags (!name) are not allowed.
          colluding: 2 | colluding: ! 2 | study.yaml:4 (colluding): tags (!name) are not allowed.
          height: {} | <<: {type: number} | study.yaml:18 (columns.<<): merge keys (<<) are not allowed.
          colluding: 2 | ? [a, b]~: 2 | study.yaml:4: a key must be text.
          colluding: 2 | colluding: 2~--- | study.yaml:5: a second document starts here; one file is one document.
          colluding: 2 | ]] | study.yaml:4: this is not YAML: expected <block end>, but found ']'.
          minContributors: 4 | minContributors: 5 | study.yaml:3 (minContributors): minContributors is 5 but there are 4 sites.
          sites: [west, north, east, south] | sites: [west, north] | study.yaml:2 (sites): there are 2 sites, allowed are 3 to 256.
          sites: [west, north, east, south] | sites: [west, north, east, east] | study.yaml:2 (sites): the site 'east' stands here twice.
          sites: [west, north, east, south] | sites: [west, north, east, South] | study.yaml:2 (sites): Site id 'South' is not allowed.
          sites: [west, north, east, south] | site: [west, north, east, south] | study.yaml:1: the key 'sites' is missing.
          study: everything | study: Every Thing | study.yaml:1 (study): 'Every Thing' is not a study's name.
          study: everything | study: 2024 | study.yaml:1 (study): expected text, found the whole number 2024.
          shape: all | shape: ring | study.yaml:5 (shape): expected one of all, quorum, found the text 'ring'.
          validUntil: 2027-12-31 | validUntil: 2027-02-30 | study.yaml:8 (validUntil): expected a date or an instant in UTC, found '2027-02-30'.
          range: [1.5, 400] | range: [400, 1.5] | study.yaml:17 (columns.weight.range): expected two numbers, the lower one first.
          range: [1.5, 400] | range: [1.5, .inf] | study.yaml:17 (columns.weight.range[1]): '.inf' is not a finite number.
          range: [1.5, 400] | range: [1.5, 1e400] | study.yaml:17 (columns.weight.range): expected a finite number, found the number 1e400.
          visit: {type: date} | visit: {type: date, range: [0, 1]} | study.yaml:19 (columns.visit.range): only a number has a range.
          visit: {type: date} | visit: {type: date, levels: [a]} | study.yaml:19 (columns.visit.levels): a column with levels is a category, so its type cannot be 'date'.
          levels: [male, female] | levels: [male, male] | study.yaml:20 (columns.sex.levels): a level stands here twice.
          levels: [male, female] | levels: [] | study.yaml:20 (columns.sex.levels): there are 0 levels.
          where: sex = 'female' | where: sex = 'woman' | study.yaml:15: cohort.where: at character 7 'woman' is none of the levels of this column.
          obese: bmi >= 30 | obese: rand() >= 30 | study.yaml:12: cohort.derive.obese: at character 1 the function 'rand' is not allowed.
          type: summary | type: Summary | study.yaml:26 (analyses[0].type): 'Summary' is not a type of analysis.
          minCell: 7 | minCell: 2 | study.yaml:33 (release.minCell): expected a whole number from 3 to 20, found the whole number 2.
          maxSaturation: 0.1 | maxSaturation: 0.9 | study.yaml:33 (release.maxSaturation): expected a number from 1.0E-6 to 0.5, found the number 0.9.
          """)
  void errorsNameLinePathAndProblem(String part, String replacement, String message) {
    assertThat(EVERY_KEY).contains(part);
    String yaml = EVERY_KEY.replace(part, replacement.replace('~', '\n'));
    TributaryException refused = catchThrowableOfType(TributaryException.class, () -> parse(yaml));
    assertThat(refused).isNotNull();
    assertThat(refused.problem()).isEqualTo(message);
    assertThat(refused.remedy()).isNotBlank();
    assertThat(refused.code()).isIn(ErrorCode.STUDY_INVALID, ErrorCode.EXPRESSION_INVALID);
  }

  @Test
  void aMistypedKeyIsGuessed() {
    assertThatThrownBy(() -> parse(FROM_MEMORY.replace("minContributors", "minContributers")))
        .hasMessageContaining("Did you mean 'minContributors'?");
  }

  @Test
  void anEmptyListOfAnalysesIsNoMissingKey() {
    String head = FROM_MEMORY.substring(0, FROM_MEMORY.indexOf("analyses:"));
    assertThatThrownBy(() -> parse(head + "analyses: []\n")).hasMessageContaining("list is empty");
    assertThatThrownBy(() -> parse(head)).hasMessageContaining("'analyses' is missing");
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    byte[] latin = FROM_MEMORY.replace("lung", "l\u00fcng").getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> StudyParser.parse(latin, "study.yaml"))
        .hasMessageContaining("study.yaml: the file is not UTF-8.");
  }

  @Test
  void sizeDepthAndCountsAreLimited() {
    assertThatThrownBy(() -> parse("# " + "x".repeat(StrictYaml.MAX_BYTES)))
        .hasMessageContaining("bytes, at most");
    assertThatThrownBy(() -> parse("study: " + "[".repeat(100) + "]".repeat(100)))
        .isInstanceOf(TributaryException.class);
    assertThatThrownBy(() -> parse("study: " + "[".repeat(17) + "]".repeat(17)))
        .hasMessageContaining("more than 16 levels deep");
    assertThatThrownBy(() -> parse("sites: [" + "a,".repeat(StrictYaml.MAX_NODES) + "]"))
        .hasMessageContaining("more than 100000 values");
  }

  @Test
  void moreThan256SitesAreRefused() {
    String many =
        IntStream.rangeClosed(0, 256).mapToObj(i -> "s" + i).collect(Collectors.joining(", "));
    assertThatThrownBy(() -> parse(FROM_MEMORY.replace("north, south, east, west", many)))
        .hasMessageContaining("there are 257 sites, allowed are 3 to 256.");
  }

  @Test
  void moreThan256AnalysesAreRefused() {
    String one = "{name: a%d, type: summary, columns: [age]}";
    String many =
        IntStream.rangeClosed(0, 256)
            .mapToObj(one::formatted)
            .collect(Collectors.joining(", ", "analyses: [", "]"));
    String study = "study: s\nsites: [a, b, c]\ncohort: {from: t}\n";
    assertThat(parse(study + many.replace(one.formatted(256) + "]", "]")).analyses()).hasSize(256);
    assertThatThrownBy(() -> parse(study + many)).hasMessageContaining("Name at most 256");
  }

  @Test
  void anEmptyFileIsRefused() {
    assertThatThrownBy(() -> parse("")).hasMessageContaining("study.yaml:1: the file is empty.");
    assertThatThrownBy(() -> parse("- a"))
        .hasMessageContaining("expected 'key: value' lines, found a list.");
    assertThatThrownBy(() -> parse("%YAML 1.1\n---\nstudy: a"))
        .hasMessageContaining("directives (%YAML, %TAG) are not allowed.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{rho: 1/10} | 1/10",
        "{rho: 0.1, unit: person, sitesPerPerson: 1} | 1/10",
        "{epsilon: 2, delta: 1e-6} | ",
        "{rho: 1, split: {table-one: 1, death: 2, survival: 3}} | 1/1",
      })
  void privacyIsRead(String privacy, String rho) {
    Study study = parse(FROM_MEMORY + "privacy: " + privacy + "\n");
    Study.Privacy read = study.privacy().orElseThrow();
    assertThat(read.rho().map(Object::toString)).isEqualTo(Optional.ofNullable(rho));
    assertThat(read.epsilon().isPresent()).isEqualTo(rho == null);
    assertThat(read.sitesPerPerson()).isEqualTo(privacy.contains("sitesPerPerson") ? 1 : 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{unit: person} | neither rho nor epsilon",
        "{rho: 1, epsilon: 1, delta: 1e-6} | beside rho",
        "{epsilon: 1} | delta",
        "{rho: 0} | no cost",
        "{rho: 1001} | no cost",
        "{rho: -1} | no cost",
        "{rho: 1, unit: row} | no unit",
        "{rho: 1, sitesPerPerson: 5} | sitesPerPerson",
        "{rho: 1, split: {table-one: 1}} | death",
        "{rho: 1, split: {table-one: 1, death: 1, survival: 1, other: 1}} | other",
        "{rho: 1, noise: little} | noise",
      })
  void privacyIsReadStrictly(String privacy, String problem) {
    assertThatThrownBy(() -> parse(FROM_MEMORY + "privacy: " + privacy + "\n"))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STUDY_INVALID))
        .hasMessageContaining(problem);
  }

  private static final String WITH_JOINS =
      """
      study: visits
      sites: [a, b, c]
      cohort:
        from: persons
        person: id
        join: {visits: {on: {id: patient}}, labs: {on: {visits.nr: visit, id: patient}, unmatched: keep}}
      analyses: [{name: n, type: summary, columns: [labs.value]}]
      """;

  @Test
  void joinsAreRead() {
    Study study = parse(WITH_JOINS);
    assertThat(study.cohort().joins())
        .containsExactly(
            new Study.Join("visits", false, Map.of("id", "patient"), false),
            new Study.Join("labs", false, Map.of("visits.nr", "visit", "id", "patient"), true));
    assertThat(StudyColumns.uses(study))
        .containsEntry("labs.value", Set.of(ColumnRole.DESCRIBE))
        .containsEntry("visits.patient", Set.of(ColumnRole.PERSON))
        .containsEntry("labs.visit", Set.of(ColumnRole.PERSON));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "person: id | # | does not say which column names the person",
        "person: id | person: visits.patient | is a column of a joined table",
        "visits: {on | persons: {on | 'persons' is the cohort's own table",
        "visits: {on | a b: {on | 'a b' is not a dataset's name",
        "{on: {id: patient}} | {} | on",
        "unmatched: keep | unmatched: maybe | unmatched",
        "analyses | privacy: {rho: 1} | noise hides one",
      })
  void joinsAreReadStrictly(String written, String instead, String problem) {
    String study =
        written.equals("analyses")
            ? WITH_JOINS.replace("analyses", instead + "\nanalyses")
            : WITH_JOINS.replace(written, instead);
    assertThatThrownBy(() -> parse(study))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.STUDY_INVALID);
              assertThat(e.getMessage()).contains(problem);
            });
  }

  private static final String WITH_GENOTYPES =
      """
      study: height
      sites: [a, b, c]
      cohort: {from: persons, person: IID%s}
      genotypes: %s
      analyses: [{name: n, type: summary}]
      """;

  @Test
  void genotypesAreRead() {
    String digest = "ab".repeat(32);
    Study study =
        parse(
            WITH_GENOTYPES.formatted(
                "",
                "{from: array, variants: hm3, sha256: "
                    + digest
                    + ", count: 14079, assembly: hg18, family: FID}"));
    assertThat(study.genotypes())
        .contains(
            new Study.Genotypes(
                "array", "hm3", digest, 14079, Assembly.NCBI36, Optional.of("FID")));
    assertThat(StudyColumns.uses(study))
        .containsEntry("FID", Set.of(ColumnRole.PERSON))
        .containsEntry("IID", Set.of(ColumnRole.PERSON));
    assertThat(parse(FROM_MEMORY).genotypes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sha256: %s, count: 1, assembly: GRCh38 | from",
        "from: array, count: 1, assembly: GRCh38, variants: l | sha256",
        "from: array, variants: l, sha256: ab, count: 1, assembly: GRCh38 | expected a SHA-256",
        "from: array, variants: l, sha256: %s, count: 0, assembly: GRCh38 | count",
        "from: array, variants: l, sha256: %s, count: 16777217, assembly: GRCh38 | count",
        "from: array, variants: l, sha256: %s, count: 1, assembly: hg17 | NCBI36, GRCh37 or GRCh38",
        "from: array, variants: l, sha256: %s, count: 1 | assembly",
        "from: array, variants: a b, sha256: %s, count: 1, assembly: hg38 | 'a b' is not a name",
        "from: array, variants: l, sha256: %s, count: 1, assembly: hg38, build: 37 | build",
      })
  void genotypesAreReadStrictly(String fields, String problem) {
    String section = "{" + fields.formatted("ab".repeat(32)) + "}";
    assertThatThrownBy(() -> parse(WITH_GENOTYPES.formatted("", section)))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.STUDY_INVALID);
              assertThat(e.problem() + " " + e.remedy()).contains(problem);
            });
  }

  @Test
  void genotypesNeedOneNamedRowAPerson() {
    String section =
        "{from: array, variants: l, sha256: " + "ab".repeat(32) + ", count: 1, assembly: GRCh38}";
    assertThatThrownBy(() -> parse(WITH_GENOTYPES.formatted(", rowsPerPerson: 2", section)))
        .hasMessageContaining("a person may have 2 rows");
    String unnamed = WITH_GENOTYPES.formatted("", section).replace(", person: IID", "");
    assertThatThrownBy(() -> parse(unnamed))
        .hasMessageContaining("does not say which column names the person");
  }
}
