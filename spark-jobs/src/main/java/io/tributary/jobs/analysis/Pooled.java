package io.tributary.jobs.analysis;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Analysis;
import io.tributary.analysis.EarlierSums;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.codec.FixedPoint;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.report.AnalysisReport;
import io.tributary.study.Errors;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs an analysis over tables in this process by adding the encoded words without masks: for
 * {@code local pooled} and for tests. The words are those that the masked protocol adds, so the
 * answer is the same bits.
 */
public final class Pooled {
  /** More sums than any analysis here takes; beyond it the analysis does not end. */
  public static final int MAX_ROUNDS = 200;

  private Pooled() {}

  /** A result and how it was reached. */
  public record Run<R>(R result, int rounds, long words) {}

  /** Runs to the end and presents the result. */
  public static <S, R> AnalysisReport report(StudyAnalysis<S, R> analysis, List<SiteTable> tables) {
    Run<R> run = run(analysis, tables);
    return analysis.report(run.result()).withRounds(run.rounds());
  }

  /**
   * Runs to the end. Every state passes through its bytes on the way, as it does between parties.
   */
  public static <D, S, R> Run<R> run(Analysis<D, S, R> analysis, List<D> sites) {
    byte[] state = analysis.encode(analysis.start());
    long words = 0;
    Kept kept = new Kept(new ArrayList<>(), new ArrayList<>());
    for (int round = 1; round <= MAX_ROUNDS; round++) {
      S here = analysis.decode(state);
      Aggregate sum = sum(analysis, here, sites);
      words += sum.layout().words();
      Step<S, R> step = analysis.update(here, sum, analysis.keepsSums() ? kept : EarlierSums.NONE);
      if (step instanceof Step.Done<S, R> done) {
        return new Run<>(done.result(), round, words);
      }
      if (analysis.keepsSums()) {
        kept.add(state, sum);
      }
      state = analysis.encode(((Step.Next<S, R>) step).state());
    }
    throw Errors.internal("An analysis did not end after " + MAX_ROUNDS + " sums.", null);
  }

  /** The sums so far, for an analysis that keeps them. */
  record Kept(List<byte[]> states, List<Aggregate> sums) implements EarlierSums {
    void add(byte[] state, Aggregate sum) {
      states.add(state);
      sums.add(sum);
    }

    @Override
    public int size() {
      return sums.size();
    }

    @Override
    public byte[] state(int step) {
      return states.get(step);
    }

    @Override
    public Aggregate sum(int step) {
      return sums.get(step);
    }
  }

  /** One sum over all sites. */
  public static <D, S, R> Aggregate sum(Analysis<D, S, R> analysis, S state, List<D> sites) {
    List<Partial> partials = new ArrayList<>(sites.size());
    for (D site : sites) {
      partials.add(analysis.contribute(state, site));
    }
    return FixedPoint.sumInTheClear(analysis.layout(state), partials);
  }
}
