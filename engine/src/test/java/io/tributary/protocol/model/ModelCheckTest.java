package io.tributary.protocol.model;

import static io.tributary.study.Study.Shape.ALL;
import static io.tributary.study.Study.Shape.QUORUM;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.study.Study.Shape;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * PROTOCOL.md 2.7: with all rules no attack is found, and without any one of them one is. The
 * numbers of sites are as far as a minute reaches; up to 5 sites nothing is left out beforehand.
 */
class ModelCheckTest {
  private static final Set<Rule> ALL_RULES = EnumSet.allOf(Rule.class);

  /** What holds where contributors are not bound: differential privacy, scope 'study'. */
  private static final Set<Rule> STEP_RULES = without(Rule.CONTRIBUTORS, Rule.ROSTER);

  // ---- nothing is found ------------------------------------------------------------------------

  @Test
  void oneAttempt() {
    safe(oneAttempt(3), ALL_RULES, 8, 2);
  }

  @Test
  void twoAttemptsOfAStepGiveOneSum() {
    safe(twoAttempts(2), STEP_RULES, 7, 1);
    safe(twoAttempts(1), STEP_RULES, 8, 3);
  }

  @Test
  void twoEpochsOfAStepGiveOneSum() {
    safe(twoEpochs(2), STEP_RULES, 6, 1);
    safe(twoEpochs(1), STEP_RULES, 8, 3);
  }

  @Test
  void twoStepsHaveTheSameContributors() {
    safe(twoSteps(2), ALL_RULES, 7, 1);
    safe(twoSteps(1), ALL_RULES, 8, 3);
  }

  @Test
  void jobsMetOutOfOrder() {
    safe(crossingJobs(), ALL_RULES, 5, 1);
    safe(threeJobs(), ALL_RULES, 7, 1);
  }

  @Test
  void twoRostersAndContinuation() {
    safe(rosters(QUORUM, QUORUM), ALL_RULES, 8, 2);
    safe(rosters(QUORUM, ALL), ALL_RULES, 8, 2);
    safe(rosters(ALL, ALL), ALL_RULES, 8, 3);
  }

  @Test
  void threeRosters() {
    safe(rosters(ALL, ALL, ALL), ALL_RULES, 6, 2);
    safe(rosters(QUORUM, ALL, ALL), ALL_RULES, 6, 1);
    safe(rosters(QUORUM, QUORUM, ALL), ALL_RULES, 6, 1);
    safe(rosters(QUORUM, QUORUM, QUORUM), ALL_RULES, 5, 1);
  }

  @Test
  void openRostersMoveTheCoreTogether() {
    safe(rosters(QUORUM, QUORUM).someDeclare(), ALL_RULES, 6, 1);
    safe(rosters(QUORUM, ALL).someDeclare(), ALL_RULES, 6, 1);
    safe(rosters(ALL, ALL).someDeclare(), ALL_RULES, 7, 1);
    safe(rosters(ALL, ALL, ALL).someDeclare(), ALL_RULES, 5, 1);
  }

  // ---- each rule is needed ---------------------------------------------------------------------

  @Test
  void withoutCertificateEveryHonestSiteOfFourIsExposed() {
    found(oneAttempt(2), without(Rule.CERTIFICATE), 4, 1);
    assertThat(worst(oneAttempt(3), without(Rule.CERTIFICATE), 4, 1)).isEqualTo(3);
  }

  @Test
  void withoutOneSignatureAnAttemptIsSummedTwice() {
    found(oneAttempt(2), without(Rule.ONE_SIGNATURE), 5, 1);
  }

  @Test
  void withoutTheBoundAnAttemptIsSummedTwice() {
    found(oneAttempt(2), without(Rule.QUORUM_BOUND), 5, 1);
    assertThat(worst(oneAttempt(3), without(Rule.QUORUM_BOUND), 5, 1)).isEqualTo(3);
  }

  @Test
  void withoutSelfMaskALateUploadIsRead() {
    found(oneAttempt(1), without(Rule.SELF_MASK), 4, 1);
  }

  @Test
  void withoutStepLockARetryIsSubtracted() {
    found(twoAttempts(1), without(STEP_RULES, Rule.STEP_LOCK), 5, 1);
    found(twoEpochs(1), without(STEP_RULES, Rule.STEP_LOCK), 5, 1);
  }

  @Test
  void withoutContributorRuleAnIterationIsSubtracted() {
    found(twoSteps(1), without(Rule.CONTRIBUTORS), 5, 1);
    found(threeJobs(), without(Rule.CONTRIBUTORS), 5, 1);
  }

  /** The complements of {1,2}, {3,4}, {5,6} and {7}: pairwise distance is no defence. */
  @Test
  void withoutContributorRuleFourDistantSetsGiveASite() {
    int all = 0b1111111;
    Set<Integer> sums = Set.of(all & ~0b11, all & ~0b1100, all & ~0b110000, all & ~0b1000000);
    assertThat(RowSpace.leastSupport(sums, all, 7)).isEqualTo(1);
  }

  @Test
  void withoutRosterRuleOverlappingRostersAreSolved() {
    found(rosters(QUORUM, QUORUM), without(Rule.ROSTER), 8, 1);
    // {1,2,3}, {2,3,4}, {1,2,4} of which 3 and 4 collude is the same up to names.
    Set<Rule> late = without(Rule.ROSTER, Rule.ALL_UPLOAD_BINDS);
    found(rosters(ALL, ALL), late, 4, 1);
    assertThat(worst(rosters(ALL, ALL, ALL), late, 4, 1)).isEqualTo(3);
  }

  @Test
  void withoutSizeAContinuationIsSubtracted() {
    found(rosters(QUORUM, ALL), without(Rule.CONTINUATION_SIZE), 7, 1);
  }

  @Test
  void withoutBindingUploadShapesAreMixed() {
    found(rosters(QUORUM, ALL), without(Rule.ALL_UPLOAD_BINDS), 5, 1);
  }

  @Test
  void withoutTheWholeCoreASiteThatNeverDeclaredIsSubtracted() {
    found(rosters(QUORUM, QUORUM).someDeclare(), without(Rule.CORE_ALWAYS), 6, 1);
  }

  // ---- worlds ----------------------------------------------------------------------------------

  private static World.Builder oneAttempt(int shown) {
    return World.world().roster(QUORUM).attempt(0, 0, 1, 0, shown);
  }

  private static World.Builder twoAttempts(int shown) {
    return oneAttempt(shown).attempt(0, 0, 1, 1, shown);
  }

  private static World.Builder twoEpochs(int shown) {
    return oneAttempt(shown).attempt(0, 0, 2, 0, shown);
  }

  private static World.Builder twoSteps(int shown) {
    return oneAttempt(shown).attempt(0, 1, 1, 0, shown);
  }

  private static World.Builder crossingJobs() {
    return twoAttempts(1).attempt(1, 0, 1, 0, 1).attempt(1, 0, 1, 1, 1);
  }

  private static World.Builder threeJobs() {
    return oneAttempt(1).attempt(1, 0, 1, 0, 1).attempt(2, 0, 1, 0, 1);
  }

  /** One job, of a study of its own, under each roster. */
  private static World.Builder rosters(Shape... shapes) {
    World.Builder builder = World.world();
    for (int i = 0; i < shapes.length; i++) {
      builder.roster(shapes[i]).attempt(i, 0, 1, 0, 1);
    }
    return builder;
  }

  private static Set<Rule> without(Rule... missing) {
    return without(ALL_RULES, missing);
  }

  private static Set<Rule> without(Set<Rule> rules, Rule... missing) {
    Set<Rule> left = EnumSet.copyOf(rules);
    left.removeAll(Set.of(missing));
    return left;
  }

  private static void safe(
      World.Builder family, Set<Rule> rules, int mostSites, int mostColluders) {
    long disclosing = 0;
    for (World world : family.all()) {
      ModelChecker checker = new ModelChecker(world, rules, AttemptRules.specified());
      for (int colluders = 0; colluders <= mostColluders; colluders++) {
        for (int sites = 3; sites <= mostSites; sites++) {
          assertThat(checker.check(sites, colluders)).isEmpty();
        }
      }
      disclosing += checker.outcomesWithSum();
    }
    assertThat(disclosing).as("outcomes in which the honest protocol gives its sum").isPositive();
  }

  private static void found(World.Builder family, Set<Rule> rules, int sites, int colluders) {
    Optional<ModelChecker.Attack> attack = Optional.empty();
    for (World world : family.all()) {
      attack =
          attack.or(
              () ->
                  new ModelChecker(world, rules, AttemptRules.specified()).check(sites, colluders));
    }
    assertThat(attack).isPresent();
  }

  private static int worst(World.Builder family, Set<Rule> rules, int sites, int colluders) {
    int most = 0;
    for (World world : family.all()) {
      most =
          Math.max(
              most,
              new ModelChecker(world, rules, AttemptRules.specified()).worst(sites, colluders));
    }
    return most;
  }
}
