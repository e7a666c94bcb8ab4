package io.tributary.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.AnalystConfigParser;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFederationTest {
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir Path folder;

  @Test
  void everyFileItWritesIsReadBack() throws IOException {
    table("east/lung.csv");
    table("west/lung.csv");
    table("west/colon.parquet");
    LocalFederation made = create(LocalFederation.Transport.FLIGHT, "east", "west");

    SiteConfig west = made.readSite(new SiteId("west"));
    assertThat(west.catalog().keySet()).containsExactly("colon", "lung");
    assertThat(west.policy().analyses().of("glm")).isPresent();
    assertThat(ConsortiumFile.read(west.consortium(), CLOCK).consortium().sites()).hasSize(2);
    assertThat(made.readCoordinator().id()).isEqualTo(LocalFederation.COORDINATOR);
    Path analyst = made.analystConfig();
    assertThat(AnalystConfigParser.parse(Files.readAllBytes(analyst), analyst).exchange())
        .isEqualTo(west.exchange());
    assertThat(LocalFederation.existsIn(made.home())).isTrue();
  }

  @Test
  void aSitesOwnCatalogueAndPolicyAreUsed() throws IOException {
    table("east/data/l.csv");
    Files.writeString(
        folder.resolve("data/east/site.yaml"),
        """
        catalog:
          lung: {format: csv, path: data/l.csv, columns: {sex: SEX}}
        policy: {datasets: [lung], columns: [sex], analyses: [summary], analysts: [all]}
        """);
    SiteConfig east = create(LocalFederation.Transport.FILES, "east").readSite(new SiteId("east"));

    SiteConfig.Csv csv = (SiteConfig.Csv) east.catalog().get("lung").source();
    assertThat(csv.path()).isEqualTo(folder.resolve("data/east/data/l.csv").toString());
    assertThat(east.policy().analyses().of("glm")).isEmpty();
    assertThat(east.policy().analyses().of("summary")).isPresent();
  }

  @Test
  void aFolderWithoutTablesIsRefused() throws IOException {
    Files.createDirectories(folder.resolve("data/east"));
    refuses(ErrorCode.DATA_MISSING, "east");
    refuses(ErrorCode.DATA_MISSING, "nowhere");
    table("east/a.csv");
    table("east/a.parquet");
    refuses(ErrorCode.DATA_INVALID, "east");
  }

  private void refuses(ErrorCode code, String site) {
    Path home = folder.resolve("home-" + site + code);
    assertThatThrownBy(
            () ->
                LocalFederation.create(
                    home,
                    folder.resolve("data"),
                    List.of(new SiteId(site)),
                    List.of(new SiteId(site)),
                    LocalFederation.Transport.FILES,
                    LocalFederation.SETUP,
                    CLOCK,
                    new SecureRandom()))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private LocalFederation create(LocalFederation.Transport transport, String... sites) {
    List<SiteId> ids = java.util.Arrays.stream(sites).map(SiteId::new).toList();
    return LocalFederation.create(
        folder.resolve("home"),
        folder.resolve("data"),
        ids,
        ids,
        transport,
        LocalFederation.SETUP,
        CLOCK,
        new SecureRandom());
  }

  private void table(String name) throws IOException {
    Path file = folder.resolve("data").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "sex\n1\n");
  }
}
