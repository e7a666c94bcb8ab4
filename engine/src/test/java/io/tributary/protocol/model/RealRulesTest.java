package io.tributary.protocol.model;

import static io.tributary.study.Study.Shape.ALL;
import static io.tributary.study.Study.Shape.QUORUM;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.protocol.Strength;
import io.tributary.protocol.site.BookPopulation;
import io.tributary.study.Study.Shape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The model checker over the product's own classes. What comes out must also be the same as for the
 * rules as written: a site that refuses more than it has to stops studies.
 */
class RealRulesTest {
  private static final Set<Rule> RULES = EnumSet.allOf(Rule.class);

  @Test
  void thresholdsAreThoseOfTheText() {
    for (Shape shape : Shape.values()) {
      for (int n = 3; n <= 40; n++) {
        for (int colluders = 1; colluders < 8; colluders++) {
          List<String> organisations = new ArrayList<>();
          for (int i = 0; i < n; i++) {
            organisations.add("organisation " + i);
          }
          Strength real = Strength.of(shape, organisations, 3, Math.min(colluders, n));
          Thresholds text = Thresholds.of(shape, n, real.colludingSites());
          boolean strong = text.strong(shape, n, real.colludingSites());
          assertThat(real.weakness().isEmpty()).as("%s", real).isEqualTo(strong);
          if (strong) {
            assertThat(new Thresholds(real.uploads(), real.signatures(), real.shares()))
                .isEqualTo(text);
          }
        }
      }
    }
  }

  // ---- PopulationBook: 2.8 over many sites ------------------------------------------------------

  @Test
  void bookOverTwoStepsAndThreeJobs() {
    sameAsText(oneAttempt(2).attempt(0, 1, 1, 0, 2), book(), 6);
    sameAsText(oneAttempt(1).attempt(1, 0, 1, 0, 1).attempt(2, 0, 1, 0, 1), book(), 5);
  }

  @Test
  void bookOverTwoRosters() {
    sameAsText(rosters(QUORUM, QUORUM), book(), 8);
    sameAsText(rosters(QUORUM, ALL), book(), 8);
    sameAsText(rosters(ALL, ALL), book(), 8);
  }

  @Test
  void bookOverThreeRosters() {
    sameAsText(rosters(ALL, ALL, ALL), book(), 4);
    sameAsText(rosters(QUORUM, ALL, ALL), book(), 4);
    sameAsText(rosters(QUORUM, QUORUM, ALL), book(), 4);
  }

  @Test
  void bookOverOpenRosters() {
    sameAsText(rosters(QUORUM, QUORUM).someDeclare(), book(), 6);
    sameAsText(rosters(QUORUM, ALL).someDeclare(), book(), 6);
    sameAsText(rosters(ALL, ALL).someDeclare(), book(), 6);
  }

  // ---- SiteStudy: everything, in signed messages ------------------------------------------------

  @Test
  void statesInOneAttempt() {
    sameAsText(oneAttempt(2), states(), 4);
    sameAsText(rosters(ALL), states(), 4);
  }

  @Test
  void statesInTwoAttemptsAndTwoEpochs() {
    sameAsText(oneAttempt(1).attempt(0, 0, 1, 1, 1), states(), 4);
    sameAsText(oneAttempt(1).attempt(0, 0, 2, 0, 1), states(), 4);
  }

  @Test
  void statesInTwoJobs() {
    sameAsText(oneAttempt(1).attempt(1, 0, 1, 0, 1), states(), 4);
  }

  @Test
  void statesUnderTwoRosters() {
    sameAsText(rosters(QUORUM, ALL), states(), 4);
    sameAsText(rosters(ALL, ALL), states(), 4);
  }

  // ---- worlds ----------------------------------------------------------------------------------

  private static SiteRules.Maker book() {
    return AttemptRules.with((situation, site) -> new BookPopulation(situation));
  }

  private static SiteRules.Maker states() {
    return StudyRules.maker();
  }

  private static World.Builder oneAttempt(int shown) {
    return World.world().roster(QUORUM).attempt(0, 0, 1, 0, shown);
  }

  private static World.Builder rosters(Shape... shapes) {
    World.Builder builder = World.world();
    for (int i = 0; i < shapes.length; i++) {
      builder.roster(shapes[i]).attempt(i, 0, 1, 0, 1);
    }
    return builder;
  }

  /** With one colluding site: no attack, and the same outcomes as for the rules as written. */
  private static void sameAsText(World.Builder family, SiteRules.Maker maker, int mostSites) {
    for (World world : family.all()) {
      ModelChecker real = new ModelChecker(world, RULES, maker);
      ModelChecker text = new ModelChecker(world, RULES, AttemptRules.specified());
      for (int sites = 3; sites <= mostSites; sites++) {
        assertThat(real.check(sites, 1)).isEmpty();
        assertThat(text.check(sites, 1)).isEmpty();
      }
      assertThat(real.outcomes()).isEqualTo(text.outcomes());
      assertThat(real.outcomesWithSum()).isEqualTo(text.outcomesWithSum());
    }
  }
}
