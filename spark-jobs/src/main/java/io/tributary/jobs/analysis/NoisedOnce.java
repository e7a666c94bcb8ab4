package io.tributary.jobs.analysis;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Step;
import io.tributary.privacy.NoisePlan;
import java.util.List;

/** An analysis with noise that takes one sum, of persons' contributions. */
public interface NoisedOnce extends StudyAnalysis<OneSum, NoisedSums> {
  /** Its share of the study's budget. */
  NoisedJob noised();

  /** The noise of its sum. */
  NoisePlan plan();

  /** Name and version of its state's bytes. */
  String form();

  @Override
  default OneSum start() {
    return OneSum.START;
  }

  @Override
  default Layout layout(OneSum state) {
    return noised().layout(plan(), "person");
  }

  @Override
  default Step<OneSum, NoisedSums> update(OneSum state, Aggregate sum) {
    return new Step.Done<>(NoisedSums.of(sum));
  }

  @Override
  default byte[] encode(OneSum state) {
    return OneSum.encode(form());
  }

  @Override
  default OneSum decode(byte[] bytes) {
    return OneSum.decode(form(), bytes);
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
