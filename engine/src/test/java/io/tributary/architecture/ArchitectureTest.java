package io.tributary.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.tributary.analysis.PlaintextAccess;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The dependency rule of ARCHITECTURE.md, for the engine. */
class ArchitectureTest {
  private static final String ROOT = "io.tributary";

  /** Lowest first; packages of one level do not know each other. */
  private static final List<Set<String>> LEVELS =
      List.of(
          Set.of("study"),
          Set.of("analysis", "cohort"),
          Set.of("codec"),
          Set.of("identity", "privacy", "masking"),
          Set.of("protocol"),
          Set.of("exchange", "journal", "report"),
          Set.of("ledger"));

  private static final JavaClasses ENGINE = HouseRules.mainClasses();

  @Test
  void packagesDependDownwards() {
    HouseRules.packagesDependDownwards(ROOT, LEVELS).check(ENGINE);
    HouseRules.everyPackageHasALevel(ROOT, LEVELS).check(ENGINE);
  }

  /** A rule about a package that is gone would guard nothing. */
  @Test
  void packagesNamedHereExist() {
    List<String> named =
        LEVELS.stream().flatMap(Set::stream).map(name -> ROOT + "." + name).toList();
    assertThat(HouseRules.packagesWithoutClasses(ENGINE, named)).isEmpty();
    assertThat(
            HouseRules.packagesWithoutClasses(
                ENGINE, List.of(ROOT + ".protocol.site", ROOT + ".protocol.coordinator")))
        .isEmpty();
  }

  @Test
  void siteAndCoordinatorDoNotKnowEachOther() {
    HouseRules.without("io.tributary.protocol.site..", "io.tributary.protocol.coordinator..")
        .check(ENGINE);
    HouseRules.without("io.tributary.protocol.coordinator..", "io.tributary.protocol.site..")
        .check(ENGINE);
  }

  @Test
  void cryptographyStaysInTwoPackages() {
    HouseRules.onlyIn("org.bouncycastle..", "io.tributary.masking..", "io.tributary.identity..")
        .check(ENGINE);
    HouseRules.onlyIn("javax.crypto..", "io.tributary.masking..", "io.tributary.identity..")
        .check(ENGINE);
  }

  @Test
  void arrowStaysInTheCodec() {
    HouseRules.onlyIn("org.apache.arrow..", "io.tributary.codec..").check(ENGINE);
  }

  @Test
  void neitherSparkNorHadoopNorSockets() {
    HouseRules.nobodyUses(
            "org.apache.spark..",
            "scala..",
            "org.apache.hadoop..",
            "io.grpc..",
            "io.netty..",
            "org.apache.arrow.flight..",
            "io.tributary.connectors..",
            "io.tributary.jobs..")
        .check(ENGINE);
    HouseRules.noSockets().check(ENGINE);
  }

  @Test
  void theProtocolDoesNoInputOrOutput() {
    HouseRules.without("io.tributary.protocol..", "java.nio.file..", "java.net..").check(ENGINE);
    HouseRules.without("io.tributary.masking..", "java.nio.file..", "java.net..").check(ENGINE);
  }

  @Test
  void plaintextIsReadInTwoPlaces() {
    HouseRules.onlyMentionedBy(
            PlaintextAccess.class,
            Set.of(
                "io.tributary.analysis.Partial",
                "io.tributary.codec.FixedPoint",
                "io.tributary.codec.FixedVector",
                "io.tributary.privacy.SiteGuard"))
        .check(ENGINE);
    // Once encoded, the words are still in the clear: only noise and masks read them.
    HouseRules.onlyCalledFrom(
            "io.tributary.codec.FixedVector",
            "wordsInTheClear",
            "io.tributary.codec",
            "io.tributary.masking",
            "io.tributary.privacy")
        .check(ENGINE);
    HouseRules.onlyCalledFrom(
            "io.tributary.codec.FixedVector", "takeInTheClear", "io.tributary.masking")
        .check(ENGINE);
  }

  @Test
  void secretsAndPartialsCannotBeSerialized() {
    HouseRules.notSerializable(
            "io.tributary.masking..", "io.tributary.identity..", "io.tributary.protocol.site..")
        .check(ENGINE);
    assertThat(
            ENGINE.get("io.tributary.analysis.Partial").isAssignableTo(java.io.Serializable.class))
        .isFalse();
  }

  @Test
  void randomnessAndTimeArePassedIn() {
    HouseRules.noDiceNoWallClock().check(ENGINE);
    HouseRules.sourcesAreHandedIn().check(ENGINE);
  }

  @Test
  void namesSayWhatItIs() {
    HouseRules.namesSayWhatItIs().check(ENGINE);
  }

  @Test
  void nothingIsPrinted() {
    HouseRules.noConsole().check(ENGINE);
  }
}
