package io.tributary.jobs.hypothesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Against R 4.2.2. */
class ContingencyTableTest {
  private static void equal(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(1e-12 * Math.max(1, Math.abs(expected))));
  }

  /** mcnemar.test with correct = FALSE and TRUE. */
  @Test
  void twoAnswersOfTheSamePersons() {
    ContingencyTable table = ContingencyTable.of(new long[][] {{292, 221}, {119, 288}});
    equal(table.symmetry(0).statistic(), 30.6);
    equal(Math.exp(table.symmetry(0).logP()) * 1e8, 3.1709374494160354);
    equal(table.symmetry(1).statistic(), 30.00294117647059);
    equal(Math.exp(table.symmetry(1).logP()) * 1e8, 4.313914836403947);
    ContingencyTable.Effect odds = table.logPairedOddsRatio();
    equal(Math.exp(odds.estimate()), 0.5384615384615384);
    equal(Math.exp(odds.estimate() - 1.959963984540054 * odds.error()), 0.43089453175726955);
  }

  /** mcnemar.test of three levels. */
  @Test
  void threeLevelsAreBowkers() {
    ContingencyTable table =
        ContingencyTable.of(new long[][] {{145, 123, 283}, {35, 34, 110}, {39, 47, 102}});
    equal(table.symmetry(0).statistic(), 259.18732294280636);
    assertThat(table.symmetry(0).df()).isEqualTo(3);
  }

  @Test
  void levelThatNobodyHasGivesNoTest() {
    assertThat(ContingencyTable.of(new long[][] {{3, 0}, {4, 0}}).chiSquare(0).isDefined())
        .isFalse();
    assertThat(ContingencyTable.of(new long[][] {{3, 0}, {0, 5}}).symmetry(0).isDefined())
        .isFalse();
    assertThat(ContingencyTable.of(new long[][] {{3, 0}, {4, 5}}).logOddsRatio().isDefined())
        .isFalse();
  }

  /** A stratum in which all are alike adds nothing, and one of its own odds is found. */
  @Test
  void strataThatSayNothingAreLeftOut() {
    long[][] table = {{10, 20}, {30, 15}};
    StratifiedTables one = StratifiedTables.of(List.<long[][]>of(table));
    StratifiedTables more =
        StratifiedTables.of(List.of(table, new long[][] {{0, 0}, {7, 9}}, new long[2][2]));
    assertThat(more.strata()).isEqualTo(1);
    assertThat(more.mantelHaenszel(0.5)).isEqualTo(one.mantelHaenszel(0.5));
    equal(Math.exp(one.logOddsRatio().estimate()), 10.0 * 15 / 20 / 30);
    // The error of one stratum is Woolf's.
    equal(one.logOddsRatio().error(), ContingencyTable.of(table).logOddsRatio().error());
    assertThat(one.homogeneity().isDefined()).isFalse();
    long[][] reversed = {{20, 10}, {15, 30}};
    StratifiedTables opposed = StratifiedTables.of(List.of(table, reversed));
    equal(opposed.logOddsRatio().estimate(), 0);
    assertThat(opposed.homogeneity().logP()).isLessThan(-8);
  }
}
