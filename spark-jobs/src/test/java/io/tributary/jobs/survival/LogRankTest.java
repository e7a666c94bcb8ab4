package io.tributary.jobs.survival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.jobs.survival.LogRank.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class LogRankTest {
  private static final TimeGrid DAYS = new TimeGrid(1, 0, 40, true);

  private record Person(int group, int stratum, int entry, int exit, boolean event) {
    boolean atRisk(int time) {
      return entry < time && exit >= time;
    }

    boolean falls(int time) {
      return event && exit == time;
    }
  }

  private static List<Person> persons(long seed, int groups, int strata) {
    Random random = new Random(seed);
    List<Person> persons = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      int exit = 1 + random.nextInt(40);
      int group = random.nextInt(groups);
      persons.add(
          new Person(
              group,
              random.nextInt(strata),
              random.nextInt(exit),
              exit,
              random.nextInt(3 + group) > 1));
    }
    return persons;
  }

  private static List<List<LifeTable>> tables(List<Person> persons, int groups, int strata) {
    List<List<LifeTable>> tables = new ArrayList<>();
    for (int s = 0; s < strata; s++) {
      List<LifeTable> stratum = new ArrayList<>();
      for (int g = 0; g < groups; g++) {
        long[] events = new long[41];
        long[] censored = new long[41];
        long[] entered = new long[41];
        for (Person person : persons) {
          if (person.group() == g && person.stratum() == s) {
            (person.event() ? events : censored)[person.exit()]++;
            entered[person.entry()]++;
          }
        }
        stratum.add(LifeTable.of(DAYS, events, censored, entered));
      }
      tables.add(stratum);
    }
    return tables;
  }

  private static long count(List<Person> persons, Predicate<Person> condition) {
    return persons.stream().filter(condition).count();
  }

  /** O - E and its covariance, counted over persons at each time. */
  private static double[][] byPersons(
      List<Person> all, int groups, int strata, double size, double rho, double gamma) {
    double[] off = new double[groups];
    double[] covariance = new double[groups * groups];
    for (int s = 0; s < strata; s++) {
      int stratum = s;
      List<Person> persons = all.stream().filter(person -> person.stratum() == stratum).toList();
      double survival = 1;
      for (int t = 1; t <= 40; t++) {
        int time = t;
        double n = count(persons, person -> person.atRisk(time));
        double d = count(persons, person -> person.falls(time));
        if (d == 0) {
          continue;
        }
        double w = Math.pow(n, size) * Math.pow(survival, rho) * Math.pow(1 - survival, gamma);
        for (int g = 0; g < groups; g++) {
          int group = g;
          double at = count(persons, person -> person.group() == group && person.atRisk(time));
          off[g] += w * (count(persons, p -> p.group() == group && p.falls(time)) - d * at / n);
          for (int h = 0; h < groups && n > 1; h++) {
            int other = h;
            double beside = count(persons, p -> p.group() == other && p.atRisk(time));
            covariance[g * groups + h] +=
                w * w * d * (n - d) / (n - 1) * (g == h ? at / n : 0)
                    - w * w * d * (n - d) / (n - 1) * at / n * beside / n;
          }
        }
        survival *= 1 - d / n;
      }
    }
    return new double[][] {off, covariance};
  }

  @Test
  void everyWeightIsWhatPersonsGive() {
    double[][] weights = {{0, 0, 0}, {1, 0, 0}, {0.5, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0.5, 2}};
    for (int run = 0; run < 30; run++) {
      int groups = 2 + run % 3;
      int strata = 1 + run % 2;
      List<Person> persons = persons(run, groups, strata);
      for (double[] w : weights) {
        LogRank sums = LogRank.of(tables(persons, groups, strata), new Weight(w[0], w[1], w[2]));
        double[][] expected = byPersons(persons, groups, strata, w[0], w[1], w[2]);
        for (int g = 0; g < groups; g++) {
          assertThat(sums.observed(g) - sums.expected(g)).isCloseTo(expected[0][g], within(1e-10));
          for (int h = 0; h < groups; h++) {
            assertThat(sums.covariance(g, h)).isCloseTo(expected[1][g * groups + h], within(1e-8));
          }
        }
        double[] scores = {1, 2, 4, 8};
        double up = 0;
        double down = 0;
        for (int g = 0; g < groups; g++) {
          up += scores[g] * expected[0][g];
          for (int h = 0; h < groups; h++) {
            down += scores[g] * scores[h] * expected[1][g * groups + h];
          }
        }
        LogRank.Test trend = sums.trend(java.util.Arrays.copyOf(scores, groups));
        assertThat(trend.chiSquare()).isCloseTo(up * up / down, within(1e-8));
        assertThat(sums.test().df()).isEqualTo(groups - 1);
        if (groups == 2) {
          assertThat(sums.test().chiSquare()).isCloseTo(trend.chiSquare(), within(1e-8));
        }
      }
    }
  }

  /** A test of two groups does not know in which order they come, nor what they are called. */
  @Test
  void orderOfGroupsDoesNotMatter() {
    List<LifeTable> tables = tables(persons(5, 3, 1), 3, 1).get(0);
    LogRank one = LogRank.of(List.of(tables), Weight.LOG_RANK);
    List<LifeTable> turned = List.of(tables.get(2), tables.get(0), tables.get(1));
    LogRank other = LogRank.of(List.of(turned), Weight.LOG_RANK);
    assertThat(other.test().chiSquare()).isCloseTo(one.test().chiSquare(), within(1e-10));
  }

  @Test
  void groupsThatNeverMeetAtAnEventGiveNoTest() {
    List<Person> apart =
        List.of(
            new Person(0, 0, 0, 3, true),
            new Person(0, 0, 0, 5, true),
            new Person(1, 0, 10, 20, true),
            new Person(1, 0, 12, 22, true));
    LogRank never = LogRank.of(tables(apart, 2, 1), Weight.LOG_RANK);
    assertThat(never.test()).isEqualTo(new LogRank.Test(0, 0));
    assertThat(never.trend(0, 1)).isEqualTo(new LogRank.Test(0, 0));
    LogRank nobody = LogRank.of(tables(List.of(), 2, 1), Weight.LOG_RANK);
    assertThat(nobody.test().df()).isZero();
  }

  /** The third group is empty: two are compared, and the test has one degree of freedom. */
  @Test
  void emptyGroupTakesNoDegreeOfFreedom() {
    LogRank sums = LogRank.of(tables(persons(7, 2, 1), 3, 1), Weight.LOG_RANK);
    LogRank two = LogRank.of(tables(persons(7, 2, 1), 2, 1), Weight.LOG_RANK);
    assertThat(sums.test()).isEqualTo(two.test());
    assertThat(sums.test().df()).isEqualTo(1);
  }
}
