package io.tributary.connectors.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.tributary.analysis.PlaintextAccess;
import io.tributary.architecture.HouseRules;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The dependency rule of ARCHITECTURE.md, for the connectors. */
class ArchitectureTest {
  private static final String ROOT = "io.tributary.connectors";
  private static final JavaClasses CONNECTORS = HouseRules.mainClasses();

  @Test
  void packagesNamedHereExist() {
    assertThat(
            HouseRules.packagesWithoutClasses(
                CONNECTORS,
                List.of(
                    ROOT + ".tables", ROOT + ".exchange.filesystem", ROOT + ".exchange.flight")))
        .isEmpty();
  }

  @Test
  void jobsAreAbove() {
    HouseRules.nobodyUses("io.tributary.jobs..").check(CONNECTORS);
  }

  @Test
  void readersAndExchangesAreStrangers() {
    HouseRules.strangers(
            ROOT, Set.of("omop -> tables", "omop -> fhir", "fhir -> tables", "genomics -> tables"))
        .check(CONNECTORS);
    HouseRules.strangers(ROOT + ".exchange", Set.of()).check(CONNECTORS);
    HouseRules.noCycles(ROOT).check(CONNECTORS);
  }

  @Test
  void flightAndArrowStayInOneExchange() {
    for (String library : new String[] {"org.apache.arrow..", "io.grpc..", "io.netty.."}) {
      HouseRules.onlyIn(library, ROOT + ".exchange.flight..").check(CONNECTORS);
    }
  }

  @Test
  void hadoopFilesAreForTheFileExchangeAndGenotypes() {
    HouseRules.onlyIn("org.apache.hadoop..", ROOT + ".exchange.filesystem..", ROOT + ".genomics..")
        .check(CONNECTORS);
  }

  @Test
  void sparkIsForReaders() {
    HouseRules.without(ROOT + ".exchange..", "org.apache.spark..").check(CONNECTORS);
  }

  @Test
  void cryptographyStaysInTheEngine() {
    HouseRules.nobodyUses("org.bouncycastle..", "javax.crypto..").check(CONNECTORS);
  }

  @Test
  void noPlaintextHere() {
    HouseRules.onlyMentionedBy(PlaintextAccess.class, Set.of()).check(CONNECTORS);
  }

  @Test
  void houseRules() {
    HouseRules.noDiceNoWallClock().check(CONNECTORS);
    HouseRules.namesSayWhatItIs().check(CONNECTORS);
    HouseRules.noConsole().check(CONNECTORS);
  }

  @Test
  void violatingClassIsCaught() {
    JavaClasses canary = new ClassFileImporter().importClasses(Canary.class);
    assertThatThrownBy(
            () -> HouseRules.onlyIn("org.apache.hadoop..", ROOT + ".exchange..").check(canary))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Canary");
  }

  /** Uses Hadoop outside the packages that may. */
  static final class Canary {
    private Canary() {}

    static String name(org.apache.hadoop.fs.Path path) {
      return path.getName();
    }
  }
}
