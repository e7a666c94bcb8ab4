package io.tributary.jobs.architecture;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.tributary.analysis.PlaintextAccess;
import io.tributary.architecture.HouseRules;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The dependency rule of ARCHITECTURE.md, for what is submitted. */
class ArchitectureTest {
  private static final String ROOT = "io.tributary.jobs";
  private static final JavaClasses JOBS = HouseRules.mainClasses();

  @Test
  void analysesDoNotImportEachOther() {
    HouseRules.strangers(ROOT + ".analysis", Set.of("gwas -> glm")).check(JOBS);
  }

  @Test
  void analysesKnowNeitherProtocolNorCommands() {
    HouseRules.without(
            ROOT + ".analysis..",
            "io.tributary.protocol..",
            "io.tributary.masking..",
            "io.tributary.identity..",
            "io.tributary.exchange..",
            "io.tributary.journal..",
            ROOT + ".site..",
            ROOT + ".coordinator..",
            ROOT + ".cli..")
        .check(JOBS);
  }

  @Test
  void algebraStandsAlone() {
    HouseRules.without(ROOT + ".linalg..", "org.apache.spark..").check(JOBS);
    HouseRules.without(
            ROOT + ".linalg..",
            ROOT + ".analysis..",
            ROOT + ".site..",
            ROOT + ".coordinator..",
            ROOT + ".cli..")
        .check(JOBS);
  }

  @Test
  void cryptographyAndFramesStayBelow() {
    HouseRules.nobodyUses("org.bouncycastle..", "javax.crypto..", "io.grpc..").check(JOBS);
    // Versions asks a class of Arrow for its version, nothing else.
    HouseRules.onlyIn("org.apache.arrow..", ROOT).check(JOBS);
  }

  @Test
  void hadoopIsOnlyParquetsWayToALocalFile() {
    // Splitting a table into a local federation reads and writes Parquet without a Spark session,
    // and Parquet's interface takes Hadoop paths; results are written to local files, but Parquet's
    // writer names Hadoop's configuration in its signatures.
    HouseRules.onlyIn("org.apache.hadoop..", ROOT + ".local..", ROOT + ".report..").check(JOBS);
  }

  @Test
  void noPlaintextHere() {
    HouseRules.onlyMentionedBy(PlaintextAccess.class, Set.of()).check(JOBS);
  }

  @Test
  void houseRules() {
    HouseRules.noDiceNoWallClock().check(JOBS);
    HouseRules.namesSayWhatItIs().check(JOBS);
    HouseRules.noCycles(ROOT).check(JOBS);
  }

  @Test
  void violatingClassIsCaught() {
    String canaries = "io.tributary.jobs.architecture.canary";
    JavaClasses canary = new ClassFileImporter().importPackages(canaries);
    assertThatThrownBy(() -> HouseRules.strangers(canaries, Set.of("gwas -> glm")).check(canary))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Borrower");
    HouseRules.strangers(canaries, Set.of("pca -> glm")).check(canary);
  }
}
