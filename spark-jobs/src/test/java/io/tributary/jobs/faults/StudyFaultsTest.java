package io.tributary.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tributary.codec.AnalystConfigParser;
import io.tributary.identity.KeyFile;
import io.tributary.identity.StudySignature;
import io.tributary.jobs.Outcome;
import io.tributary.jobs.study.StudyFile;
import io.tributary.study.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a study, its signature, keys and configuration can have wrong. Reads no table. */
class StudyFaultsTest {
  @TempDir Path folder;
  private Trial trial;

  @BeforeEach
  void prepare() throws IOException {
    trial = Trial.in(folder);
  }

  static Stream<Arguments> texts() {
    String model = "glm, formula: \"dead ~ age\", family: binomial";
    String summary = "summary, columns: [age, bmi], by: sex";
    return Stream.of(
        arguments("cohort:", "cohrt:", ErrorCode.STUDY_INVALID, "cohrt"),
        arguments("unit: year", "unti: year", ErrorCode.STUDY_INVALID, "unti"),
        arguments("by: sex", "bye: sex", ErrorCode.STUDY_INVALID, "bye"),
        arguments("[0, 120]", "lots", ErrorCode.STUDY_INVALID, "columns.age.range"),
        arguments("type: integer", "type: whole", ErrorCode.STUDY_INVALID, "columns.dead.type"),
        arguments("type: summary", "type: summery", ErrorCode.STUDY_INVALID, "summery"),
        arguments("north, south]", "north, north]", ErrorCode.STUDY_INVALID, "north"),
        arguments(
            "cohort:", "colluding: 2\ncohort:", ErrorCode.ROSTER_TOO_WEAK, "2 of 3 sites belong"),
        arguments("by: sex", "by: bmi", ErrorCode.STUDY_INVALID, "levels of column 'bmi'"),
        arguments(summary, model.replace("~ age", "~ age +"), ErrorCode.FORMULA_INVALID, "'dead"),
        arguments(
            summary, model.replace("~ age", "~ dead"), ErrorCode.FORMULA_INVALID, "the outcome"),
        arguments(summary, model.replace("~", "="), ErrorCode.FORMULA_INVALID, "character"),
        arguments(
            "from: visits",
            "from: visits, where: age >",
            ErrorCode.EXPRESSION_INVALID,
            "at character"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void aMistakeInTheStudyIsNamed(String from, String to, ErrorCode code, String named)
      throws IOException {
    assertThat(Trial.STUDY).contains(from);
    trial.study(Trial.STUDY.replace(from, to));

    Trial.command("study", "check", trial.at("study.yaml"))
        .refused(code, named)
        .withoutStackTrace();
  }

  /** Otherwise the model would come out without the factor, as if it had been in it. */
  @Test
  void aFactorOfOneLevelIsNoCovariate() throws IOException {
    String summary = "summary, columns: [age, bmi], by: sex";
    assertThat(Trial.STUDY).contains(summary, "[female, male]");
    trial.study(
        Trial.STUDY
            .replace("[female, male]", "[female]")
            .replace(summary, "glm, formula: \"dead ~ age + sex\", family: binomial"));

    Trial.command("study", "check", trial.at("study.yaml"))
        .refused(ErrorCode.STUDY_INVALID, "'sex' has one level only")
        .withoutStackTrace();
  }

  @Test
  void theCostAndTheNoiseOfAStudyAreToldBeforehand() throws IOException {
    trial.study(
        """
        study: noised
        sites: [north, south, east]
        cohort: {from: lung}
        columns: {sex: {levels: [1, 2]}}
        analyses: [{name: sexes, type: crosstab, columns: [sex]}]
        privacy: {rho: 1/10, sitesPerPerson: 1}
        """);

    Outcome outcome = Trial.command("study", "check", trial.at("study.yaml")).done();

    // Three shares for m_h = 2: sd sqrt(3 / (2 * 0.1 * 2)).
    assertThat(outcome.out())
        .contains("privacy: rho 1/10", "epsilon 2.14 proven, about 1.99")
        .contains("sum 1 costs rho 1/10", "cells", "noise sd 2.74");
  }

  @Test
  void errorsAreOneJsonLineIfAskedFor() throws IOException {
    trial.study(Trial.STUDY.replace("cohort:", "cohrt:"));

    Outcome outcome = Trial.command("study", "check", "--json", trial.at("study.yaml"));

    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err()).contains("\"code\":\"STUDY_INVALID\"", "\"remedy\":\"");
  }

  @Test
  void aStudyAlteredAfterSigningIsNotSubmitted() throws IOException {
    trial.prepare("--transport", "files");
    sign().done();
    trial.study(Trial.STUDY.replace("[0, 120]", "[0, 121]"));

    submit()
        .refused(ErrorCode.BAD_SIGNATURE, "altered after it was signed", "study sign")
        .withoutStackTrace();
    assertThat(trial.path("home/exchange")).doesNotExist();
  }

  @Test
  void aStudyPastItsEndIsNotSubmitted() throws IOException {
    trial.prepare("--transport", "files");
    trial.study(Trial.STUDY + "validUntil: 2020-01-01T00:00:00Z\n");

    sign().refused(ErrorCode.STUDY_EXPIRED, "valid until 2020-01-01T00:00:00Z");
    assertThat(StudyFile.signatureOf(trial.path("study.yaml"))).doesNotExist();
  }

  @Test
  void aClockOffByADayIsNamed() throws IOException {
    trial.prepare("--transport", "files");
    StudyFile study = StudyFile.read(trial.path("study.yaml"));
    Path config = trial.path("home/analyst/analyst.yaml");
    var analyst = AnalystConfigParser.parse(Files.readAllBytes(config), config);
    Clock tomorrow = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));
    StudySignature signature =
        StudySignature.sign(
            study.raw(),
            analyst.id(),
            KeyFile.read(analyst.identity().key(), Optional.empty()),
            tomorrow);
    Files.write(StudyFile.signatureOf(trial.path("study.yaml")), signature.bytes());

    submit()
        .refused(ErrorCode.STUDY_EXPIRED, "was signed at", "clocks is wrong", "NTP")
        .withoutStackTrace();
  }

  @Test
  void aStrangersSignatureIsRefused() throws IOException {
    trial.prepare("--transport", "files");
    Trial.command(
            "keys", "new", "--role", "analyst", "--id", "stranger", "--out", trial.at("stranger"))
        .done();
    String own = Files.readString(trial.path("home/analyst/analyst.yaml"));
    Files.writeString(
        trial.path("stranger/analyst.yaml"),
        own.replace("analyst: \"analyst\"", "analyst: stranger")
            .replace("../consortium.yaml", "../home/consortium.yaml"));

    Trial.command(
            "study", "sign", "--config", trial.at("stranger/analyst.yaml"), trial.at("study.yaml"))
        .refused(ErrorCode.STUDY_REFUSED, "'stranger'", "no such analyst")
        .withoutStackTrace();
    assertThat(StudyFile.signatureOf(trial.path("study.yaml"))).doesNotExist();
  }

  @Test
  void aConsortiumFileThatIsNotThePinnedOneIsRefused() throws IOException {
    trial.prepare("--transport", "files");
    Path file = trial.path("home/consortium.yaml");
    Files.writeString(file, Files.readString(file) + "\n");
    Outcome outcome =
        Trial.command("site", "check", "--config", trial.at("home/sites/east/site.yaml"));

    outcome.refused(ErrorCode.CONSORTIUM_NOT_PINNED, "has digest", "pinned is").withoutStackTrace();
  }

  @Test
  void twoSitesWithOneIdDoNotBothJoin() throws IOException {
    for (String place : List.of("coordinator", "first", "second")) {
      String role = place.equals("coordinator") ? place : "site";
      String id = place.equals("coordinator") ? place : "east";
      Trial.command("keys", "new", "--role", role, "--id", id, "--out", trial.at(place)).done();
    }
    join("one", "coordinator", "first").done();
    byte[] before = Files.readAllBytes(trial.path("consortium.yaml"));

    join("two", "second").refused(ErrorCode.CONSORTIUM_INVALID, "east").withoutStackTrace();

    assertThat(trial.path("consortium.yaml")).hasBinaryContent(before);
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    trial.prepare("--transport", "flight");
    Path config = trial.path("home/coordinator/coordinator.yaml");
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = "port: " + other.getLocalPort();
      Files.writeString(config, Files.readString(config).replaceAll("port: \\d+", port));

      Trial.command("coordinator", "run", "--config", config.toString())
          .refused(ErrorCode.PORT_TAKEN, String.valueOf(other.getLocalPort()), "another port")
          .withoutStackTrace();
    }
  }

  @Test
  void anExchangeFolderThatCannotBeWrittenIsNamed() throws IOException {
    trial.prepare("--transport", "files");
    // Rights do not bind everybody, but nobody can make a file in /sys.
    for (String party : List.of("coordinator/coordinator.yaml", "sites/east/site.yaml")) {
      Path config = trial.path("home").resolve(party);
      Files.writeString(
          config,
          Files.readString(config)
              .replaceAll("path: \"?[^\"\n]*/exchange\"?", "path: /sys/kernel"));
    }

    Trial.command("coordinator", "run", "--config", trial.at("home/coordinator/coordinator.yaml"))
        .refused(ErrorCode.EXCHANGE_FAILED, "/sys/kernel")
        .withoutStackTrace();
    Trial.command("site", "run", "--config", trial.at("home/sites/east/site.yaml"))
        .refused(ErrorCode.EXCHANGE_FAILED, "/sys/kernel")
        .withoutStackTrace();
  }

  @Test
  void anExchangeFolderThatIsNotThereIsNamedAtTheSite() {
    trial.prepare("--transport", "files");

    Trial.command("site", "run", "--config", trial.at("home/sites/east/site.yaml"))
        .refused(ErrorCode.EXCHANGE_FAILED, "does not exist", "Start the coordinator first")
        .withoutStackTrace();
  }

  private Outcome sign() {
    return analyst("sign");
  }

  private Outcome submit() {
    return analyst("submit");
  }

  private Outcome analyst(String verb) {
    return Trial.command(
        "study", verb, "--config", trial.at("home/analyst/analyst.yaml"), trial.at("study.yaml"));
  }

  private Outcome join(String organisation, String... places) {
    return Trial.command(
        Stream.concat(
                Stream.of(
                    "roster",
                    "add",
                    "--roster",
                    trial.at("consortium.yaml"),
                    "--organisation",
                    organisation),
                Stream.of(places).map(place -> trial.at(place + "/card.yaml")))
            .toArray(String[]::new));
  }
}
