package io.tributary.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.tributary.analysis.PlaintextAccess;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The canary: each rule catches a class that breaks it. */
class HouseRulesTest {
  private static final String ROOT = "io.tributary.architecture.canary";
  private static final JavaClasses CANARIES = new ClassFileImporter().importPackages(ROOT);

  private static final List<Set<String>> LEVELS =
      List.of(Set.of("study"), Set.of("masking", "privacy"), Set.of("report"));

  @Test
  void upwardDependencyIsCaught() {
    caught(HouseRules.packagesDependDownwards(ROOT, LEVELS), "Upward");
  }

  @Test
  void sidewardDependencyIsCaught() {
    caught(HouseRules.packagesDependDownwards(ROOT, LEVELS), "Sideward");
  }

  @Test
  void unknownPackageIsCaught() {
    caught(HouseRules.everyPackageHasALevel(ROOT, List.of(Set.of("study", "report"))), "Sideward");
  }

  @Test
  void strangersAreCaughtUnlessAllowed() {
    caught(HouseRules.strangers(ROOT, Set.of("study -> report")), "Sideward");
    HouseRules.strangers(ROOT, Set.of("study -> report", "masking -> privacy", "report -> study"))
        .check(CANARIES);
  }

  @Test
  void cyclesAreCaught() {
    caught(HouseRules.noCycles(ROOT), "Cycle detected");
  }

  @Test
  void foreignLibraryIsCaught() {
    caught(HouseRules.onlyIn("org.bouncycastle..", ROOT + ".masking.."), "Foreign");
    caught(HouseRules.nobodyUses("org.apache.arrow.."), "Foreign");
    caught(HouseRules.without(ROOT + ".study..", "java.nio.file.."), "Foreign");
  }

  @Test
  void socketIsCaughtAndAFileChannelIsNot() {
    caught(HouseRules.noSockets(), "Foreign.port(");
    assertThat(HouseRules.noSockets().evaluate(CANARIES).getFailureReport().toString())
        .doesNotContain("FileChannel");
  }

  @Test
  void callerIsCaught() {
    String owner = "io.tributary.analysis.Partial";
    caught(HouseRules.onlyCalledFrom(owner, "words", ROOT + ".report"), "Curious");
    HouseRules.onlyCalledFrom(owner, "words", ROOT + ".study").check(CANARIES);
  }

  @Test
  void plaintextReaderIsCaught() {
    caught(HouseRules.onlyMentionedBy(PlaintextAccess.class, Set.of()), "Curious");
  }

  @Test
  void everyDieAndEveryClockIsCaught() {
    ArchRule rule = HouseRules.noDiceNoWallClock();
    for (String method :
        List.of(
            "random",
            "mathRandom",
            "threadLocal",
            "shuffled",
            "millis",
            "instant",
            "date",
            "reference")) {
      caught(rule, "Dice." + method + "(");
    }
    assertThat(rule.evaluate(CANARIES).getFailureReport().toString())
        .doesNotContain("Dice.passedIn(");
  }

  @Test
  void homeMadeSourceIsCaught() {
    caught(HouseRules.sourcesAreHandedIn(), "Dice.secure(");
    caught(HouseRules.sourcesAreHandedIn(), "Dice.clock(");
  }

  @Test
  void emptyNamesAreCaught() {
    ArchRule rule = HouseRules.namesSayWhatItIs();
    for (String name : List.of("WorkManager", "RowUtils", "BaseRow", "RowInfo", "RowImpl")) {
      caught(rule, name);
    }
    assertThat(rule.evaluate(CANARIES).getFailureReport().toString())
        .doesNotContain("BaselineHazard");
  }

  @Test
  void printingIsCaught() {
    caught(HouseRules.noConsole(), "Foreign");
  }

  @Test
  void serializableSecretIsCaught() {
    caught(HouseRules.notSerializable(ROOT + ".masking.."), "Sideward");
  }

  @Test
  void missingPackageIsReported() {
    assertThat(
            HouseRules.packagesWithoutClasses(
                CANARIES, List.of(ROOT + ".study", ROOT + ".nowhere")))
        .containsExactly(ROOT + ".nowhere");
  }

  private static void caught(ArchRule rule, String culprit) {
    assertThatThrownBy(() -> rule.check(CANARIES))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(culprit);
  }
}
