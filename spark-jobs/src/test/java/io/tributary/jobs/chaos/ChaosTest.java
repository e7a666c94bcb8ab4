package io.tributary.jobs.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Digest;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.ledger.LedgerEntry.Debited;
import io.tributary.protocol.StepId;
import io.tributary.study.Rho;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fixed part of {@code scripts/chaos}: real processes, both exchanges, no defect. */
class ChaosTest {
  private static final int RUNS = 4;
  private static final long FIRST_SEED = 1009;

  @TempDir Path folder;

  @Test
  void everyRunEndsRightOrWithANamedError() throws IOException, InterruptedException {
    List<ChaosRun.Outcome> outcomes = Chaos.run(RUNS, FIRST_SEED, folder, outcome -> {});

    assertThat(outcomes).hasSize(RUNS);
    assertThat(outcomes)
        .filteredOn(ChaosRun.Outcome::isDefect)
        .as(() -> outcomes.stream().map(Chaos::line).toList().toString())
        .isEmpty();
    assertThat(outcomes).anyMatch(outcome -> outcome.end().equals("right"));
    assertThat(outcomes)
        .extracting(ChaosRun.Outcome::transport)
        .contains(LocalFederation.Transport.values());
  }

  /** What the runs are judged by tells right from wrong. */
  @Test
  void aSumOfOtherSitesOrOtherWordsIsWrong() {
    List<List<Long>> right = sums(0, 1, 3);
    assertThat(ChaosStudy.fault(right)).isEmpty();

    List<List<Long>> changed = new ArrayList<>(right);
    changed.set(2, sums(0, 1, 2).get(2));
    assertThat(ChaosStudy.fault(changed).orElseThrow()).contains("contributors");

    List<List<Long>> off = new ArrayList<>(right);
    List<Long> words = new ArrayList<>(off.get(1));
    words.set(40, words.get(40) + 1);
    off.set(1, words);
    assertThat(ChaosStudy.fault(off).orElseThrow()).contains("step 1 word 40");

    assertThat(ChaosStudy.fault(sums(0, 1)).orElseThrow()).contains("contributors");
    assertThat(ChaosStudy.fault(right.subList(0, 2))).isPresent();
  }

  /** A ledger that lacks a step, has it for another cost, or twice, is found out. */
  @Test
  void aStepThatIsNotDebitedIsUnderCounted() {
    Digest study = Digest.sha256(new byte[] {1});
    StepId first = new StepId(0, 0);
    StepId second = new StepId(0, 1);
    Clock clock = Clock.systemUTC();
    Debited paid = ChaosBudget.debit(study, first, clock);
    Debited other = ChaosBudget.debit(Digest.sha256(new byte[] {2}), second, clock);
    Debited free =
        new Debited(
            study,
            clock.instant(),
            second,
            paid.dataset(),
            paid.analyst(),
            paid.purpose(),
            Rho.ZERO);
    assertThat(ChaosBudget.fault(List.of(paid), study, List.of(first))).isEmpty();
    assertThat(ChaosBudget.fault(List.of(paid), study, List.of())).isEmpty();
    assertThat(ChaosBudget.fault(List.of(paid, other), study, List.of(first, second)).orElseThrow())
        .contains("step 0/1 left");
    assertThat(ChaosBudget.fault(List.of(paid, free), study, List.of(second)).orElseThrow())
        .contains("step 0/1 left");
    assertThat(ChaosBudget.fault(List.of(paid, paid), study, List.of(first)).orElseThrow())
        .contains("twice");
  }

  private static List<List<Long>> sums(int... places) {
    List<List<Long>> sums = new ArrayList<>();
    for (long step = 0; step < ChaosStudy.STEPS; step++) {
      long factor = step + 1;
      long[] sum =
          Arrays.stream(places)
              .mapToObj(place -> ChaosStudy.data(ChaosStudy.SITES.get(place)))
              .reduce(new long[ChaosStudy.data(ChaosStudy.SITES.get(0)).length], ChaosTest::add);
      sums.add(LongStream.of(sum).map(word -> word * factor).boxed().toList());
    }
    return sums;
  }

  private static long[] add(long[] a, long[] b) {
    long[] sum = new long[a.length];
    Arrays.setAll(sum, i -> a[i] + b[i]);
    return sum;
  }
}
