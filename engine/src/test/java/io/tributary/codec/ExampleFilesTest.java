package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.privacy.Demand;
import io.tributary.privacy.Judgement;
import io.tributary.privacy.SiteGuard;
import io.tributary.study.Consortium;
import io.tributary.study.CoordinatorConfig;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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
    List<Demand> demands =
        List.of(
            Demand.ofRounds(10),
            Demand.ofRounds(28),
            new Demand(0, 16, 3, false),
            new Demand(2, 0, 1, false));
    Judgement judgement =
        SiteGuard.judge(
            study, demands, "ada", site.policy(), Instant.parse("2027-01-31T00:00:00Z"));
    assertThat(judgement.refusal()).isEmpty();
    assertThat(site.policy().budgets()).isNotEmpty();
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
