package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.report.Cell;
import io.tributary.study.Study.ReleaseFloor;
import org.junit.jupiter.api.Test;

class FloorTest {
  private final Floor persons = new Floor(ReleaseFloor.DEFAULT, 1);
  private final Floor visits = new Floor(ReleaseFloor.DEFAULT, 12);

  @Test
  void rowsThatMayBeOnePersonsCountForOne() {
    assertThat(persons.showsCount(5)).isTrue();
    assertThat(visits.showsCount(59)).isFalse();
    assertThat(visits.showsCount(60)).isTrue();
    assertThat(visits.showsStatistic(119)).isFalse();
    assertThat(visits.showsStatistic(120)).isTrue();
    // A third of 10 persons, who may have 120 rows.
    assertThat(visits.maxSaturation() * 120).isCloseTo(10 / 3.0, within(1e-12));
    assertThat(persons.minPersons(2)).isEqualTo(10);
    assertThat(persons.minPersons(9)).isEqualTo(27);
    assertThat(visits.minPersons(9)).isEqualTo(27 * 12);
    assertThat(visits.sentence()).contains("below 60", "fewer than 120 rows", "up to 12");
    assertThat(persons.sentence()).contains("below 5", "fewer than 10 persons");
  }

  @Test
  void aHandfulOfMissingValuesIsWithheldAndNoneIsShown() {
    assertThat(persons.missing(0)).isEqualTo(Cell.of(0));
    assertThat(persons.missing(4)).isInstanceOf(Cell.Suppressed.class);
    assertThat(persons.missing(5)).isEqualTo(Cell.of(5));
  }

  private static org.assertj.core.data.Offset<Double> within(double distance) {
    return org.assertj.core.data.Offset.offset(distance);
  }
}
