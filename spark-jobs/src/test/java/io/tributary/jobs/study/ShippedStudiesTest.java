package io.tributary.jobs.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.study.Study;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The studies that people copy are accepted whole: every option, every formula, every layout. */
class ShippedStudiesTest {
  private static final Path CONF = Path.of("../conf").toAbsolutePath().normalize();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "study.yaml",
        "demo/colon.yaml",
        "demo/lung.yaml",
        "demo/survival.yaml",
        "demo/noised.yaml"
      })
  void everyAnalysisCompiles(String file) {
    Study study = StudyFile.read(CONF.resolve(file)).study();

    assertThat(study.analyses()).isNotEmpty();
    for (int job = 0; job < study.analyses().size(); job++) {
      StudyAnalysis<?, ?> analysis = Catalog.create(study, job);
      assertThat(words(analysis)).isPositive();
      assertThat(analysis.reveals()).isNotEmpty();
    }
  }

  private static <S> long words(StudyAnalysis<S, ?> analysis) {
    return analysis.layout(analysis.start()).words();
  }
}
