package io.tributary.jobs.analysis;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Analysis;
import io.tributary.analysis.EarlierSums;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Program;
import io.tributary.analysis.Step;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.privacy.Demand;
import io.tributary.privacy.NoisePlan;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.study.SitePolicy;
import java.util.List;

/**
 * An analysis that a study can name: sums over a site's table, and what of the result may be shown.
 *
 * @param <S> public state
 * @param <R> full result, before the release floor
 */
public interface StudyAnalysis<S, R> extends Analysis<SiteTable, S, R> {
  /** Tidy tables of the result with the study's release floor applied; rounds stand at 0. */
  AnalysisReport present(R result);

  /**
   * What it asks for, for a policy's limits. One that does not say how many sums it takes asks for
   * as many as a policy allows by default, and is stopped there.
   */
  default Demand demand() {
    return Demand.ofRounds(SitePolicy.Limits.DEFAULT.maxRounds());
  }

  /** How exact its numbers are, for the report; empty if it does not say. */
  default String resolution() {
    return "";
  }

  /** {@link #present}, with the resolution among its facts. */
  default AnalysisReport report(R result) {
    AnalysisReport report = present(result);
    if (resolution().isEmpty()) {
      return report;
    }
    return report.withFact(AnalysisReport.RESOLUTION, Cell.of(resolution()));
  }

  /** The noise of each of its sums, in order; empty if they are exact. */
  default List<NoisePlan> noise() {
    return List.of();
  }

  /**
   * Whether {@code update} heeds {@link Aggregate#leftOut} at this state: then sites may leave
   * places of its sum empty that few of them fill. Any other analysis ends when there are such
   * places.
   */
  default boolean withholdsPlaces(S state) {
    return false;
  }

  /** What the coordinator learns: one sentence a sum, with shapes, for every iteration. */
  List<String> reveals();

  /**
   * The counts of persons that this analysis shows or withholds, for the study's gate: what follows
   * from all analyses together is judged there. Counts that are not named here are not protected
   * against other analyses.
   *
   * @param report as {@link #present} made it
   */
  default List<PlacedCount> counts(AnalysisReport report) {
    return List.of();
  }

  /** The analysis as the protocol runs it: opaque states, and a report at the end. */
  default Program<SiteTable, AnalysisReport> program() {
    Program<SiteTable, R> program = Program.of(this);
    return new Program<>() {
      @Override
      public byte[] start() {
        return program.start();
      }

      @Override
      public Layout layout(byte[] state) {
        return program.layout(state);
      }

      @Override
      public Partial contribute(byte[] state, SiteTable data) {
        return program.contribute(state, data);
      }

      @Override
      public boolean keepsSums() {
        return program.keepsSums();
      }

      @Override
      public Step<byte[], AnalysisReport> update(byte[] state, Aggregate sum) {
        return update(state, sum, EarlierSums.NONE);
      }

      @Override
      public Step<byte[], AnalysisReport> update(byte[] state, Aggregate sum, EarlierSums earlier) {
        Step<byte[], R> step = program.update(state, sum, earlier);
        if (step instanceof Step.Next<byte[], R> next) {
          return new Step.Next<>(next.state());
        }
        return new Step.Done<>(report(((Step.Done<byte[], R>) step).result()));
      }
    };
  }
}
