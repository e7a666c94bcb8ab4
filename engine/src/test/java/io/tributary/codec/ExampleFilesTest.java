package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tributary.privacy.SiteGuard;
import io.tributary.study.Consortium;
import io.tributary.study.CoordinatorConfig;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The annotated examples in conf/ parse and fit each other, so they cannot rot. */
class ExampleFilesTest {
  private static final Path CONF = Path.of("").toAbsolutePath().getParent().resolve("conf");

  private static byte[] bytes(String file) throws IOException {
    return Files.readAllBytes(CONF.resolve(file));
  }

  @Test
  void theExamplesParseAndFitEachOther() throws IOException {
    Consortium consortium = ConsortiumParser.parse(bytes("consortium.yaml"), "consortium.yaml");
    Study study = StudyParser.parse(bytes("study.yaml"), "study.yaml");
    SiteConfig site = SiteConfigParser.parse(bytes("site.yaml"), CONF.resolve("site.yaml"));
    CoordinatorConfig coordinator =
        CoordinatorConfigParser.parse(bytes("coordinator.yaml"), CONF.resolve("coordinator.yaml"));

    assertThat(study.sites()).allMatch(id -> consortium.site(id).isPresent());
    assertThat(consortium.analyst(study.analyst())).isPresent();
    assertThat(consortium.site(site.site())).isPresent();
    assertThat(coordinator.id()).isEqualTo(consortium.coordinator().id());
    assertThat(site.catalog()).containsKey(study.cohort().from());
    assertThat(site.identity().key()).isEqualTo(CONF.resolve("keys/north.key"));
    assertThatCode(() -> SiteGuard.admit(study, "ada", site.policy())).doesNotThrowAnyException();
  }

  @Test
  void whatTheExamplesCallDefaultsAreTheDefaults() throws IOException {
    Study study = StudyParser.parse(bytes("study.yaml"), "study.yaml");
    assertThat(study.release().minCell()).isEqualTo(Study.ReleaseFloor.DEFAULT.minCell());
    assertThat(study.release().minPersons()).isEqualTo(Study.ReleaseFloor.DEFAULT.minPersons());
    SiteConfig site = SiteConfigParser.parse(bytes("site.yaml"), CONF.resolve("site.yaml"));
    SiteConfig.Dataset lung = site.catalog().get("lung");
    SiteConfig.Csv csv = (SiteConfig.Csv) lung.source();
    assertThat(csv).isEqualTo(SiteConfig.Csv.of(csv.path()));
    assertThat(lung.missing()).isEqualTo(SiteConfigParser.DEFAULT_MISSING);
    assertThat(lung.population()).isEqualTo(SiteConfig.DEFAULT_POPULATION);
    CoordinatorConfig coordinator =
        CoordinatorConfigParser.parse(bytes("coordinator.yaml"), CONF.resolve("coordinator.yaml"));
    assertThat(coordinator.deadlines()).isEqualTo(CoordinatorConfig.Deadlines.DEFAULT);
  }
}
