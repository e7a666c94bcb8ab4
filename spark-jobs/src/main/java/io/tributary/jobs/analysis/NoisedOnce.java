package io.tributary.jobs.analysis;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.privacy.NoisePlan;
import java.util.List;

/** An analysis with noise that takes one sum, of persons' contributions. */
public interface NoisedOnce extends OneSumAnalysis<NoisedSums> {
  /** Its share of the study's budget. */
  NoisedJob noised();

  /** The noise of its sum. */
  NoisePlan plan();

  @Override
  default Layout layout(OneSum state) {
    return noised().layout(plan(), "person");
  }

  @Override
  default NoisedSums result(Aggregate sum) {
    return NoisedSums.of(sum);
  }

  @Override
  default List<NoisePlan> noise() {
    return List.of(plan());
  }

  @Override
  default String resolution() {
    return "noised";
  }
}
