package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
    assertThat(study.validUntil()).isEqualTo(Study.NO_END);
    assertThat(study.analyst()).isEmpty();
    assertThat(study.purpose()).isEmpty();
    assertThat(study.shape()).isEmpty();
    assertThat(study.colluding()).isEqualTo(1);
    assertThat(study.release()).isEqualTo(Study.ReleaseFloor.DEFAULT);
    assertThat(study.cohort().where()).isEqualTo(Optional.of("age >= 40"));
    assertThat(study.columns().keySet()).containsExactly("age", "sex", "time");
    assertThat(study.columns().get("sex").levels()).containsExactly("male", "female");
    assertThat(study.analyses().get(0).options())
        .containsEntry("columns", List.of("age", "sex", "ph.ecog"))
        .containsEntry("by", "sex");
  }
}
