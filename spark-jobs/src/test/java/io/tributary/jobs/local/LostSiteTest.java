package io.tributary.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.connectors.SharedSpark;
import io.tributary.jobs.Outcome;
import io.tributary.jobs.study.StudyFile;
import io.tributary.ledger.LedgerEntry.Acted;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.report.ResultFolder;
import io.tributary.report.StudyReport;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A site loses its key and gets another one by a signed update; later it is lost for good, and the
 * others go on by a signed act. All by the commands that OPERATIONS.md names.
 */
class LostSiteTest {
  private static final List<String> SITES = List.of("east", "north", "south", "west");
  private static final List<String> OTHERS = List.of("east", "north", "south");

  @TempDir private Path folder;
  private LocalFederation federation;

  private static List<SiteId> ids(List<String> names) {
    return names.stream().map(SiteId::new).toList();
  }

  @BeforeEach
  void federationInWhichEachPartyPinsItsOwnFile() throws IOException {
    for (String site : SITES) {
      Path data = Files.createDirectories(folder.resolve("data").resolve(site));
      Files.writeString(
          data.resolve("t.csv"), "sex,age\n" + "f,40\n".repeat(20) + "m,70\n".repeat(30));
    }
    federation =
        LocalFederation.create(
            folder.resolve("home"),
            folder.resolve("data"),
            ids(SITES),
            ids(SITES),
            LocalFederation.Transport.FILES,
            Duration.ofMinutes(3),
            Clock.systemUTC(),
            new SecureRandom());
    List<Path> configs = new ArrayList<>();
    SITES.forEach(site -> configs.add(site(site)));
    configs.add(federation.coordinatorConfig());
    configs.add(federation.analystConfig());
    for (Path config : configs) {
      Files.copy(federation.consortium(), config.resolveSibling("consortium.yaml"));
      String text = Files.readString(config);
      Files.writeString(config, text.replaceAll("(\\.\\./)+consortium\\.yaml", "consortium.yaml"));
    }
    Files.delete(federation.consortium());
  }

  private Path site(String name) {
    return federation.siteConfig(new SiteId(name));
  }

  private StudyReport run(String name, List<String> sites) {
    StudyFile study =
        StudyFile.of(
            """
            study: %s
            sites: [%s]
            cohort: {from: t, where: age >= 18}
            columns: {sex: {levels: [f, m]}}
            analyses: [{name: n, type: crosstab, columns: [sex]}]
            """
                .formatted(name, String.join(", ", sites))
                .getBytes(StandardCharsets.UTF_8),
            "study.yaml");
    Path out = folder.resolve("out-" + name);
    Recorder recorder = new Recorder();
    new LocalRun(federation, study, ids(sites), Clock.systemUTC(), new SecureRandom())
        .inOneJvm(out, SharedSpark::session, recorder, recorder);
    return ResultFolder.read(out);
  }

  private static Outcome command(Object... words) {
    return Outcome.of(java.util.Arrays.stream(words).map(Object::toString).toArray(String[]::new));
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private static void contributed(StudyReport report, List<String> sites) {
    assertThat(report.sites())
        .filteredOn(each -> each.role().equals("CONTRIBUTED"))
        .extracting(each -> each.site().toString())
        .containsExactlyInAnyOrderElementsOf(sites);
  }

  @Test
  void aLostKeyIsReplacedAndALostSiteIsLeftBehindBySignedActs() throws IOException {
    contributed(run("before", SITES), SITES);
    westGetsAnotherKey();
    contributed(run("with-the-new-key", SITES), SITES);
    command("journal", "verify", "--offline", "--config", site("west")).done();
    anUpdateThatIsGoneIsNoticed();
    westIsLostForGood();
    contributed(run("without-west", OTHERS), OTHERS);
    Path state = federation.readSite(new SiteId("east")).state();
    assertThat(PrivacyLedger.read(state.resolve("ledger")))
        .filteredOn(Acted.class::isInstance)
        .hasSize(1);
    assertThat(command("journal", "show", "--state", state).done().out())
        .contains("Takes version 6 of the consortium file", "signed by east, north, south, west")
        .contains("on the contributors of this site's population", "lost for good: west");
  }

  private void westGetsAnotherKey() throws IOException {
    Path keys = file("west-2027");
    command("keys", "new", "--id", "west", "--role", "SITE", "--out", keys).done();
    String before = Files.readString(site("west"));
    Files.writeString(
        site("west"),
        before
            .replace("identity.key", keys.resolve("identity.key").toString())
            .replace("tls.crt", keys.resolve("tls.crt").toString())
            .replace("tls.key", keys.resolve("tls.key").toString()));
    Path current = site("north").resolveSibling("consortium.yaml");
    Path next = file("next.yaml");
    command("roster", "replace", "--roster", current, "--out", next, keys.resolve("card.yaml"))
        .done();
    assertThat(command("roster", "show", "--config", site("north")).done().out())
        .contains("version 5,");
    for (String site : SITES) {
      sign(next, site);
    }
    assertThat(
            command("roster", "show", "--config", site("north"), "--update", file("west.update"))
                .done()
                .out())
        .contains("site west has another identity key", "signed: west (Dr. west)")
        .contains("missing: site east, site north, site south");

    // The others' signatures, all of them and the new key's: the coordinator's is no substitute.
    Path few = file("few.update");
    command(
            "roster",
            "join",
            "--config",
            site("north"),
            "--out",
            few,
            file("west.update"),
            file("north.update"),
            file("south.update"))
        .done();
    take(site("north"), few).refused(ErrorCode.BAD_SIGNATURE, "site east");
    command(
            "roster",
            "sign",
            "--config",
            federation.coordinatorConfig(),
            "--proposed",
            few,
            "--by",
            "hub",
            "--out",
            file("hub.update"))
        .done();
    take(site("north"), file("hub.update")).refused(ErrorCode.BAD_SIGNATURE, "site east");
    assertThat(command("roster", "show", "--config", site("north")).done().out())
        .contains("version 5,");

    // A steward signs one file of a version, not two.
    Path other = file("other.yaml");
    command("roster", "remove", "--roster", current, "--out", other, "--id", "west").done();
    command(
            "roster",
            "sign",
            "--config",
            site("north"),
            "--proposed",
            other,
            "--by",
            "Dr. N",
            "--out",
            file("two.update"))
        .refused(ErrorCode.CONSORTIUM_INVALID, "has signed version 6 already");

    Path all = file("all.update");
    command("roster", "join", "--config", site("north"), "--out", all, few, file("east.update"))
        .done();
    byte[] altered = Files.readAllBytes(all);
    altered[altered.length / 2] ^= 1;
    Files.write(file("altered.update"), altered);
    assertThat(take(site("north"), file("altered.update")).exit()).isNotZero();
    for (String site : SITES) {
      assertThat(take(site(site), all).done().out()).contains("version 6,");
      take(site(site), all).done();
    }
    take(federation.coordinatorConfig(), all).done();
    take(federation.analystConfig(), all).done();
    command("site", "check", "--config", site("west")).done();
  }

  private void sign(Path proposed, String site) {
    command(
            "roster",
            "sign",
            "--config",
            site(site),
            "--proposed",
            proposed,
            "--by",
            "Dr. " + site,
            "--out",
            file(site + ".update"))
        .done();
  }

  private static Outcome take(Path config, Path update) {
    return command("roster", "take", "--config", config, "--update", update);
  }

  private void anUpdateThatIsGoneIsNoticed() throws IOException {
    Path update = site("north").resolveSibling("consortium.yaml.v6.update");
    byte[] kept = Files.readAllBytes(update);
    Files.delete(update);
    assertThatThrownBy(() -> run("older-file", SITES))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_ROLLED_BACK))
        .hasMessageContaining("version 6");
    Files.write(update, kept);
  }

  private void westIsLostForGood() throws IOException {
    assertThat(command("population", "show", "--config", site("east")).done().out())
        .contains("(datasets t): sums over east, north, south, west");
    Path act = file("west.act");
    command(
            "population",
            "propose",
            "--config",
            site("east"),
            "--before",
            String.join(",", SITES),
            "--after",
            String.join(",", OTHERS),
            "--lost",
            "west",
            "--reason",
            "closed down",
            "--out",
            act)
        .done();
    List<Path> copies = new ArrayList<>();
    for (String site : OTHERS) {
      Path copy = file(site + ".act");
      command(
              "population",
              "sign",
              "--config",
              site(site),
              "--act",
              act,
              "--dataset",
              "t",
              "--by",
              "Dr. " + site,
              "--out",
              copy)
          .done();
      copies.add(copy);
    }
    assertThat(
            command("population", "show", "--config", site("east"), "--act", copies.get(0)).out())
        .contains("compute totals of west together", "missing: north, south");
    command("population", "take", "--config", site("east"), "--act", copies.get(0))
        .refused(ErrorCode.BAD_SIGNATURE, "north, south");
    command(
            "population",
            "sign",
            "--config",
            site("west"),
            "--act",
            act,
            "--dataset",
            "t",
            "--by",
            "Dr. W",
            "--out",
            file("w.act"))
        .refused(ErrorCode.USAGE, "site 'west'");
    Path all = file("all.act");
    command("population", "join", "--out", all, copies.get(0), copies.get(1), copies.get(2)).done();
    for (String site : OTHERS) {
      command("population", "take", "--config", site(site), "--act", all).done();
    }
    command("population", "take", "--config", federation.coordinatorConfig(), "--act", all).done();
  }
}
