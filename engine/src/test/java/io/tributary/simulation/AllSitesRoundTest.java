package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole studies with everybody present: exact sums, several steps, jobs and frames. */
class AllSitesRoundTest {
  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 8})
  void sumIsExact(int sites) {
    try (Federation federation = new Federation(sites, sites)) {
      Map<SiteId, long[]> data = federation.data(17);
      Study study = federation.study("exact", sites, Optional.empty(), 3, 1);
      Federation.Run run = federation.run(study, List.of(StepSums.of(sites, 17, 1)), data);
      run.startAll();
      run.settle();
      assertThat(run.refused).isEmpty();
      assertThat(run.coordinator().isOver()).isTrue();
      assertThat(run.coordinator().results())
          .isEqualTo(Map.of(0, List.of(Federation.expected(data, data.keySet(), 0))));
      assertThat(run.site(Federation.id(0)).isOver()).isTrue();
    }
  }

  @Test
  void stepsAndJobsFollowEachOther() {
    try (Federation federation = new Federation(4, 1)) {
      Map<SiteId, long[]> data = federation.data(10);
      Study study = federation.study("steps", 4, Optional.empty(), 3, 2);
      Federation.Run run =
          federation.run(study, List.of(StepSums.of(4, 10, 3), new StepSums(4, 10, 2, 3)), data);
      run.startAll();
      run.settle();
      assertThat(run.refused).isEmpty();
      Set<SiteId> all = data.keySet();
      assertThat(run.coordinator().results())
          .isEqualTo(
              Map.of(
                  0,
                  List.of(
                      Federation.expected(data, all, 0),
                      Federation.expected(data, all, 1),
                      Federation.expected(data, all, 2)),
                  1,
                  List.of(Federation.expected(data, all, 0), Federation.expected(data, all, 1))));
      assertThat(run.rounds).hasSize(5);
    }
  }
}
