package io.tributary.jobs.analysis.pca;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Carriers;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.VariantPruning;
import io.tributary.jobs.analysis.VariantPruning.Candidates;
import io.tributary.jobs.analysis.pca.PcaState.Counting;
import io.tributary.jobs.analysis.pca.PcaState.Describing;
import io.tributary.jobs.analysis.pca.PcaState.Linking;
import io.tributary.jobs.analysis.pca.PcaState.Projecting;
import io.tributary.jobs.genomics.Projection;
import io.tributary.jobs.genomics.SumRows;
import io.tributary.jobs.genomics.VariantRows;
import io.tributary.jobs.genomics.VariantSums;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Principal components of genotypes; see the package's card. */
public final class PcaAnalysis implements StudyAnalysis<PcaState, PcaResult> {
  /** Products of a block, at most. */
  static final int MOST_ROUNDS = 25;

  /** With fewer nothing is found. */
  private static final int LEAST_ROUNDS = 4;

  /** Vectors beside those that are asked for. */
  private static final int MORE = 10;

  private static final int MOST_COMPONENTS = 50;

  /** Residual of an eigenvector that is one. Its value's error is about the square. */
  static final double TOLERANCE = 2e-5;

  private static final String PRUNE = "prune";
  private static final String LOADINGS = "loadings";

  private final Job job;
  private final int components;
  private final boolean prunes;
  private final boolean showsLoadings;
  private final VariantPruning pruning;

  private PcaAnalysis(Job job, Options options) {
    this.job = job;
    this.components = options.whole("components", 10, 1, MOST_COMPONENTS);
    this.prunes = options.word(PRUNE, "windows", List.of("windows", "none")).equals("windows");
    this.showsLoadings = options.word(LOADINGS, "show", List.of("show", "withhold")).equals("show");
    this.pruning = VariantPruning.of(options, job, false);
    for (String option : List.of(VariantPruning.WINDOW, VariantPruning.STEP, VariantPruning.R2)) {
      if (!prunes && options.has(option)) {
        throw options.refuse(option, "is of no use with 'prune: none'", "to leave it out");
      }
    }
  }

  /**
   * Reads the options {@code components}, {@code prune}, {@code window}, {@code step}, {@code r2},
   * {@code minFrequency}, {@code minCarriers} and {@code loadings}.
   */
  public static PcaAnalysis of(Job job) {
    return new PcaAnalysis(
        job,
        Options.of(
            job.spec(),
            "components",
            PRUNE,
            VariantPruning.WINDOW,
            VariantPruning.STEP,
            VariantPruning.R2,
            VariantPruning.LEAST_FREQUENCY,
            Carriers.OPTION,
            LOADINGS));
  }

  Job job() {
    return job;
  }

  VariantPruning pruning() {
    return pruning;
  }

  boolean prunes() {
    return prunes;
  }

  boolean showsLoadings() {
    return showsLoadings;
  }

  /** Components that are asked for. */
  int components() {
    return components;
  }

  /** Vectors of a block over so many variants. */
  int columns(int variants) {
    return Math.min(variants, components + MORE);
  }

  /** Products that are taken of so many persons: all vectors together are parameters. */
  int rounds(long persons, int columns) {
    return (int) Math.min(MOST_ROUNDS, job.floor().maxSaturation() * persons / columns);
  }

  @Override
  public PcaState start() {
    return new Counting();
  }

  @Override
  public Layout layout(PcaState state) {
    if (state instanceof Linking linking) {
      return pruning.linking(linking.candidates());
    }
    if (state instanceof Projecting projecting) {
      return projection(projecting).layout(job.sites(), projecting.persons());
    }
    if (state instanceof Describing describing) {
      return new Description(describing).layout(job.sites(), job.personsPerSite());
    }
    return pruning.counting();
  }

  private static Projection projection(Projecting state) {
    return PcaState.projection(state.candidates(), state.block());
  }

  @Override
  public Partial contribute(PcaState state, SiteTable table) {
    if (state instanceof Linking linking) {
      return pruning.link(linking.candidates(), table);
    }
    if (state instanceof Projecting projecting) {
      Projection projection = projection(projecting);
      return VariantSums.of(table)
          .part(
              projection.layout(job.sites(), projecting.persons()),
              VariantRows.of(projecting.candidates().variants()),
              projection.products(projection.scores(table), job.sites(), projecting.persons()));
    }
    if (state instanceof Describing describing) {
      return new Description(describing)
          .sum(
              layout(state),
              PcaState.projection(describing.candidates(), describing.loadings()).scores(table))
          .partial();
    }
    return pruning.count(table);
  }

  @Override
  public Step<PcaState, PcaResult> update(PcaState state, Aggregate sum) {
    if (state instanceof Counting) {
      return afterCounting(sum);
    }
    if (state instanceof Linking linking) {
      return project(pruning.pruned(linking.candidates(), sum), linking.persons());
    }
    if (state instanceof Projecting projecting) {
      return new Step.Next<>(afterProjecting(projecting, sum));
    }
    return new Step.Done<>(new PcaResult.Found((Describing) state, sum));
  }

  private Step<PcaState, PcaResult> afterCounting(Aggregate sum) {
    Candidates candidates = pruning.candidates(sum);
    long persons = pruning.persons(sum);
    if (!job.floor().showsStatistic(persons)) {
      return new Step.Done<>(new PcaResult.Failed(AnalysisReport.TOO_FEW_PERSONS, persons));
    }
    if (!pruning.fits(candidates, 0)) {
      return new Step.Done<>(new PcaResult.Failed(PcaResult.MANY_VARIANTS, persons));
    }
    return prunes && !candidates.variants().isEmpty()
        ? new Step.Next<>(new Linking(candidates, persons))
        : project(candidates, persons);
  }

  private Step<PcaState, PcaResult> project(Candidates candidates, long persons) {
    int variants = candidates.variants().cardinality();
    int columns = columns(variants);
    if (variants < Math.max(2, components)) {
      return new Step.Done<>(new PcaResult.Failed(PcaResult.FEW_VARIANTS, persons));
    }
    if (!pruning.fits(candidates, columns)) {
      return new Step.Done<>(new PcaResult.Failed(PcaResult.MANY_VARIANTS, persons));
    }
    if (rounds(persons, columns) < LEAST_ROUNDS) {
      return new Step.Done<>(new PcaResult.Failed(PcaResult.SATURATED, persons));
    }
    return new Step.Next<>(
        new Projecting(candidates, persons, 0, 0, 0, 0, Block.start(variants, columns)));
  }

  /** A filter's next degree, or a turn of the basis, after which vectors may be good enough. */
  private PcaState afterProjecting(Projecting state, Aggregate sum) {
    Block product = product(state, sum);
    if (state.factors() > 0) {
      return Filter.next(state, product);
    }
    Basis basis = Basis.of(state.block(), product);
    int more = Filter.degree(state.cycle());
    if (basis.residual(basis.positive(components)) > TOLERANCE
        && state.round() + 1 + more <= rounds(state.persons(), state.block().columns())) {
      return Filter.first(state, basis);
    }
    int found = basis.positive(components);
    return new Describing(
        state.candidates(),
        state.persons(),
        state.round() + 1,
        basis.vectors().first(found),
        Reals.of(Arrays.copyOf(basis.values().toArray(), found)),
        Reals.of(Arrays.copyOf(basis.residuals().toArray(), found)));
  }

  /** Z'Z times the block: sums of centred copies, over a standard deviation. */
  private static Block product(Projecting state, Aggregate sum) {
    Block block = state.block();
    SumRows rows = new SumRows(sum);
    double[] product = new double[block.rows() * block.columns()];
    for (int row = 0; row < block.rows(); row++) {
      double sd = Projection.sd(state.candidates().means().at(row));
      double[] values = rows.values(0, row);
      for (int j = 0; j < values.length; j++) {
        product[row * values.length + j] = values[j] / sd;
      }
    }
    return Block.of(block.rows(), block.columns(), product);
  }

  @Override
  public byte[] encode(PcaState state) {
    return PcaCodec.encode(state);
  }

  @Override
  public PcaState decode(byte[] bytes) {
    return PcaCodec.decode(bytes, this);
  }

  @Override
  public AnalysisReport present(PcaResult result) {
    return new PcaTables(this, result).report();
  }

  @Override
  public String resolution() {
    return "exact sums of scores that are rounded to a public grid; iterations to a residual of "
        + TOLERANCE;
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(MOST_ROUNDS + (prunes ? 3 : 2));
  }

  @Override
  public List<String> reveals() {
    List<String> sentences = new ArrayList<>();
    sentences.add("Sum 1: " + pruning.revealsCounts());
    if (prunes) {
      sentences.add("Sum 2: " + pruning.revealsProducts());
    }
    sentences.add(
        "Sums after it, "
            + MOST_ROUNDS
            + " at most: for each chosen variant "
            + (components + MORE)
            + " sums over persons of centred copies times scores; all of these vectors together are"
            + " at most maxSaturation times the persons.");
    sentences.add(
        "Sum at the end: for each component the sum of fourth powers of scores"
            + (components > 1
                ? "; persons in each of " + Description.CELLS + " cells of the first two."
                : "."));
    return sentences;
  }
}
