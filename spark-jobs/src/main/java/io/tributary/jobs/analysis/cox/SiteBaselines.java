package io.tributary.jobs.analysis.cox;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.LifeTables;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.SurvivalTimes;
import io.tributary.jobs.analysis.cox.CoxState.Iteration;
import io.tributary.jobs.analysis.cox.CoxState.Spread;
import io.tributary.jobs.survival.EventTimes;
import io.tributary.jobs.survival.LifeTable;
import io.tributary.jobs.survival.PartialLikelihood;
import io.tributary.jobs.survival.TimeGrid;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * A model in which every site has baseline hazards of its own. All risk sets are then inside a
 * site, which works out its own likelihood, score and information and contributes those: no sum
 * over a risk set, and no event time, leaves it.
 */
final class SiteBaselines {
  static final String EVENTS = "persons with the event";
  static final String OTHERS = "persons without";
  static final String DROPPED = "dropped";

  private static final String LOGARITHM = "log of risk";
  private static final String MEAN = "mean";
  private static final String INFORMATION = "information";
  private static final String SQUARES = "information about 0";

  /** No S0 of a site is further from the mean weight, in powers of e: 2^40 above, 2^100 below. */
  private static final double LOG_REACH = 100;

  private final SurvivalTimes times;
  private final LifeTables lives;
  private final TimeGrid grid;
  private final CoxScaling scaling;
  private final boolean efron;
  private final boolean weighted;
  private final long personsPerSite;

  SiteBaselines(
      SurvivalTimes times,
      LifeTables lives,
      TimeGrid grid,
      CoxScaling scaling,
      boolean efron,
      boolean weighted,
      long personsPerSite) {
    this.times = times;
    this.lives = lives;
    this.grid = grid;
    this.scaling = scaling;
    this.efron = efron;
    this.weighted = weighted;
    this.personsPerSite = personsPerSite;
  }

  /** Slots of the first sum in place of life tables. */
  static void declareTotals(Layout.Builder layout, long personsPerSite) {
    for (String slot : List.of(EVENTS, OTHERS, DROPPED)) {
      layout.count(slot, 1, "person", 1, personsPerSite);
    }
  }

  /** Counts them, over rows of {@code width}. */
  record Totals(int width) implements RowBlocks.Kernel {
    @Override
    public void add(double[] block, GridSum sum) {
      for (int i = 0; i < (int) block[0]; i++) {
        sum.count(sum.slot(DROPPED), 0, 1);
      }
      for (int row = 1; row < block.length; row += width) {
        sum.count(sum.slot(RiskCells.isEvent(block, row) ? EVENTS : OTHERS), 0, 1);
      }
    }
  }

  /**
   * Slots of one round.
   *
   * @param events weights of all events together, or more
   */
  void declare(Layout.Builder layout, double events) {
    int p = scaling.size();
    double z = scaling.greatestReach();
    double log =
        LOG_REACH
            + StrictMath.log((double) scaling.persons() + 1)
            + Math.abs(StrictMath.log(scaling.weightUnit()));
    layout.mode(Layout.Mode.TOLERANCE);
    wide(layout, LOGARITHM, 1, "log-likelihood", events * log);
    wide(layout, MEAN, p, "score", events * z);
    wide(layout, INFORMATION, p * (p + 1) / 2, "information", events * z * z);
    wide(layout, SQUARES, p, "information", events * z * z);
    layout.count(RiskKernel.BEYOND, 1, "person", personsPerSite, personsPerSite);
    layout.count(RiskKernel.MOVED, 1, "person", personsPerSite, personsPerSite);
  }

  private static void wide(
      Layout.Builder layout, String slot, int size, String unit, double bound) {
    double most = bound * (1 + 0x1p-30);
    layout.wide(slot, size, unit, most, most);
  }

  /** What the sites' own likelihoods add up to. */
  static Evaluation evaluation(Aggregate sum) {
    return new Evaluation(
        sum.values(LOGARITHM)[0],
        Reals.of(sum.values(MEAN)),
        Reals.of(sum.values(INFORMATION)),
        Reals.of(sum.values(SQUARES)));
  }

  /** A site's part: its rows on the grid, then their risk sets, then the likelihood of these. */
  Partial contribute(Layout layout, RowBlocks blocks, Iteration at) {
    int width = CoxReader.before(times) + scaling.size();
    Layout.Builder counting = Layout.of(1);
    lives.declare(counting, grid, personsPerSite);
    Aggregate counted = blocks.local(counting.build(), lives.kernel(grid, width));
    EventTimes own = times(lives.tables(grid, counted));
    GridSum part = new GridSum(layout);
    if (own.cells() == 0) {
      return part.partial();
    }
    RiskCells cells = new RiskCells(own, times, grid);
    CoxNewton newton = newton(own, Reals.zeros(0));
    Layout.Builder risks = Layout.of(1);
    newton.declare(risks, at, personsPerSite);
    if (weighted) {
      risks.wide(
          PlacingKernel.WEIGHTS, own.cells(), "unit", scaling.weightReach(), scaling.weightReach());
    }
    Aggregate sum =
        blocks.local(risks.build(), new Kernel(newton.kernel(cells, at), cells, width, weighted));
    Reals weights = Reals.of(weighted ? sum.values(PlacingKernel.WEIGHTS) : new double[0]);
    PartialLikelihood likelihood = newton(own, weights).likelihood(sum);
    long beyond = sum.count(RiskKernel.BEYOND) + (CoxNewton.isLost(likelihood, sum) ? 1 : 0);
    part.count(part.slot(RiskKernel.BEYOND), 0, beyond);
    part.count(part.slot(RiskKernel.MOVED), 0, sum.count(RiskKernel.MOVED));
    if (beyond == 0) {
      add(part, Evaluation.of(likelihood, own.cells()));
    }
    return part.partial();
  }

  private static void add(GridSum part, Evaluation own) {
    part.add(part.slot(LOGARITHM), 0, own.logarithm());
    addAll(part, MEAN, own.mean());
    addAll(part, INFORMATION, own.information());
    addAll(part, SQUARES, own.squares());
  }

  private static void addAll(GridSum part, String slot, Reals values) {
    for (int i = 0; i < values.size(); i++) {
      part.add(part.slot(slot), i, values.at(i));
    }
  }

  private CoxNewton newton(EventTimes own, Reals weights) {
    Reals none = Reals.zeros(0);
    return new CoxNewton(
        scaling, own, efron, none, new Spread(List.of(), BigDecimal.ZERO, none, 0, none, weights));
  }

  private EventTimes times(List<LifeTable> tables) {
    List<long[]> index = new ArrayList<>();
    List<long[]> events = new ArrayList<>();
    for (LifeTable table : tables) {
      Stratum stratum = Stratum.of(grid, table, List.of());
      index.add(stratum.index().toArray());
      events.add(stratum.events().toArray());
    }
    return EventTimes.of(grid, index, events);
  }

  /** Risk sets, and with weights those of the events at each time. */
  private record Kernel(RowBlocks.Kernel risks, RiskCells cells, int width, boolean weighted)
      implements RowBlocks.Kernel {
    @Override
    public void add(double[] block, GridSum sum) {
      risks.add(block, sum);
      int weightAt = CoxReader.weightAt(cells.times());
      for (int row = 1; weighted && row < block.length; row += width) {
        if (RiskCells.isEvent(block, row)) {
          sum.add(sum.slot(PlacingKernel.WEIGHTS), cells.last(block, row), block[row + weightAt]);
        }
      }
    }
  }
}
