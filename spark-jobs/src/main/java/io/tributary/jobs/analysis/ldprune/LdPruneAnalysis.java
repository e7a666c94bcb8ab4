package io.tributary.jobs.analysis.ldprune;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.EarlierSums;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Carriers;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.VariantPruning;
import io.tributary.jobs.analysis.VariantPruning.Candidates;
import io.tributary.jobs.analysis.ldprune.LdPruneState.Counting;
import io.tributary.jobs.analysis.ldprune.LdPruneState.Linking;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Variants in approximate linkage equilibrium; see the package's card. */
public final class LdPruneAnalysis implements StudyAnalysis<LdPruneState, LdPruneResult> {
  private static final String FORM = "ld-prune/1";
  private static final String MISSING = "missing";
  private static final String DROP = "drop";
  private static final String NEAREST = "nearest";
  private static final int COUNTING = 0;
  private static final int LINKING = 1;

  private final Job job;
  private final VariantPruning pruning;
  private final boolean pairs;

  private LdPruneAnalysis(Job job, Options options) {
    this.job = job;
    this.pairs = options.word(MISSING, NEAREST, List.of(NEAREST, DROP)).equals(DROP);
    this.pruning = VariantPruning.of(options, job, pairs);
  }

  /**
   * Reads the options {@code window}, {@code step}, {@code r2}, {@code missing}, {@code
   * minFrequency} and {@code minCarriers}.
   */
  public static LdPruneAnalysis of(Job job) {
    return new LdPruneAnalysis(
        job,
        Options.of(
            job.spec(),
            VariantPruning.WINDOW,
            VariantPruning.STEP,
            VariantPruning.R2,
            MISSING,
            VariantPruning.LEAST_FREQUENCY,
            Carriers.OPTION));
  }

  Job job() {
    return job;
  }

  VariantPruning pruning() {
    return pruning;
  }

  /** Whether persons without a call are left out of each pair. */
  boolean pairs() {
    return pairs;
  }

  @Override
  public LdPruneState start() {
    return new Counting();
  }

  @Override
  public Layout layout(LdPruneState state) {
    return state instanceof Linking linking
        ? pruning.linking(linking.candidates())
        : pruning.counting();
  }

  @Override
  public Partial contribute(LdPruneState state, SiteTable table) {
    return state instanceof Linking linking
        ? pruning.link(linking.candidates(), table)
        : pruning.count(table);
  }

  @Override
  public boolean keepsSums() {
    return true;
  }

  @Override
  public Step<LdPruneState, LdPruneResult> update(LdPruneState state, Aggregate sum) {
    return update(state, sum, EarlierSums.NONE);
  }

  @Override
  public Step<LdPruneState, LdPruneResult> update(
      LdPruneState state, Aggregate sum, EarlierSums earlier) {
    if (state instanceof Linking linking) {
      // Sites have no earlier sums, and no use for a result.
      Optional<Aggregate> counts =
          earlier.size() > 0 ? Optional.of(earlier.sum(0)) : Optional.empty();
      return new Step.Done<>(
          new LdPruneResult(
              counts,
              counts.map(pruning::persons).orElse(0L),
              pruning.pruned(linking.candidates(), sum).variants(),
              false));
    }
    Candidates candidates = pruning.candidates(sum);
    boolean tooMany = !pruning.fits(candidates, 0);
    return candidates.variants().isEmpty() || tooMany
        ? new Step.Done<>(
            new LdPruneResult(Optional.of(sum), pruning.persons(sum), new BitSet(), tooMany))
        : new Step.Next<>(new Linking(candidates));
  }

  @Override
  public byte[] encode(LdPruneState state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    return state instanceof Linking linking
        ? linking.candidates().encode(out.whole(LINKING)).bytes()
        : out.whole(COUNTING).bytes();
  }

  @Override
  public LdPruneState decode(byte[] bytes) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    LdPruneState state =
        in.whole(COUNTING, LINKING) == LINKING
            ? new Linking(Candidates.decode(in, job.genotypes().count()))
            : new Counting();
    in.end();
    return state;
  }

  @Override
  public AnalysisReport present(LdPruneResult result) {
    return new LdPruneTables(this, result).report();
  }

  @Override
  public String resolution() {
    return "exact";
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(2);
  }

  @Override
  public List<String> reveals() {
    return List.of("Sum 1: " + pruning.revealsCounts(), "Sum 2: " + pruning.revealsProducts());
  }
}
