package io.tributary.jobs.coordinator;

import io.tributary.exchange.CoordinatorListener.RoundTaken;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.study.Study;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How far a study is, and how long it may take: the sums to come, each as long as those so far on
 * average. An analysis that iterates is reckoned up to its limit, so it usually ends sooner.
 *
 * @param most sums that each analysis takes at most, by job number; empty if not known
 * @param job of the newest sum
 * @param step of the newest sum, from 0
 * @param sums taken so far
 * @param bytes masked words that all sites have sent so far, in bytes
 * @param took time over all sums
 */
record Progress(List<Integer> most, int job, int step, int sums, long bytes, Duration took) {
  /** Of a study that was not announced here. */
  static final Progress NONE = new Progress(List.of(), 0, 0, 0, 0, Duration.ZERO);

  Progress {
    most = List.copyOf(most);
  }

  /** Before the first sum. */
  static Progress of(Study study) {
    List<Integer> most = new ArrayList<>();
    Catalog.demands(study).forEach(demand -> most.add(demand.rounds()));
    return new Progress(most, 0, 0, 0, 0, Duration.ZERO);
  }

  Progress after(RoundTaken round) {
    return new Progress(
        most,
        round.id().job(),
        round.id().step(),
        sums + 1,
        bytes + round.words() * Long.BYTES * round.contributors().size(),
        took.plus(round.took()));
  }

  /** Empty before the first sum. */
  OptionalLong secondsLeft() {
    if (sums == 0 || job >= most.size()) {
      return OptionalLong.empty();
    }
    long left = Math.max(0, most.get(job) - step - 1);
    for (int later = job + 1; later < most.size(); later++) {
      left += most.get(later);
    }
    double seconds = took.toMillis() / 1000.0 / sums * left;
    return OptionalLong.of((long) Math.ceil(seconds));
  }
}
