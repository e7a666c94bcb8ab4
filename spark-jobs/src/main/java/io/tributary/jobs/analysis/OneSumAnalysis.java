package io.tributary.jobs.analysis;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Step;
import io.tributary.privacy.Demand;

/**
 * An analysis of one sum: nothing that a site contributes depends on an earlier answer.
 *
 * @param <R> full result, before the release floor
 */
public interface OneSumAnalysis<R> extends StudyAnalysis<OneSum, R> {
  /** Name and version of its only state, such as {@code attrition/1}. */
  String form();

  /** What follows from the sum. */
  R result(Aggregate sum);

  @Override
  default OneSum start() {
    return OneSum.START;
  }

  @Override
  default Step<OneSum, R> update(OneSum state, Aggregate sum) {
    return new Step.Done<>(result(sum));
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
  default Demand demand() {
    return Demand.ofRounds(1);
  }
}
