package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.LevelDiscovery;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.SurvivalTimes;
import io.tributary.jobs.analysis.cox.CoxState.Counted;
import io.tributary.jobs.analysis.cox.CoxState.Counting;
import io.tributary.jobs.analysis.cox.CoxState.Element;
import io.tributary.jobs.analysis.cox.CoxState.Fitting;
import io.tributary.jobs.analysis.cox.CoxState.Iteration;
import io.tributary.jobs.analysis.cox.CoxState.Searching;
import io.tributary.jobs.analysis.cox.CoxState.Spread;
import io.tributary.jobs.analysis.cox.CoxState.Spreading;
import io.tributary.jobs.survival.TimeGrid;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** States of a model of hazards as bytes (form: {@link StateBytes}); phase first, 0 to 3. */
final class CoxCodec {
  private static final String FORM = "cox/1";

  /** Steps beyond what maxSteps and halvings can reach. */
  private static final int MOST_STEPS = 1000;

  private final CoxAnalysis analysis;

  CoxCodec(CoxAnalysis analysis) {
    this.analysis = analysis;
  }

  static byte[] encode(CoxState state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof Searching) {
      out.whole(0);
    } else if (state instanceof Counting counting) {
      found(out.whole(1), counting);
    } else if (state instanceof Spreading spreading) {
      found(out.whole(2), spreading.found());
      counted(out, spreading.counted());
    } else {
      Fitting fitting = (Fitting) state;
      found(out.whole(3), fitting.found());
      counted(out, fitting.counted());
      Spread spread = fitting.spread();
      out.decimals(spread.design()).decimal(spread.offset());
      out.reals(spread.events().toArray()).real(spread.eventOffset());
      out.reals(spread.along().toArray());
      out.reals(spread.weights().toArray());
      iteration(out, fitting.iteration());
    }
    return out.bytes();
  }

  private static void found(StateBytes.Writer out, Counting counting) {
    LevelDiscovery.write(out, counting.levels());
    SurvivalTimes.write(out, counting.grid());
  }

  private static void counted(StateBytes.Writer out, Counted counted) {
    for (Stratum stratum : counted.strata()) {
      out.wholes(stratum.index().toArray()).wholes(stratum.events().toArray());
      out.wholes(stratum.shown().toArray()).wholes(stratum.risk().toArray());
      out.wholes(stratum.since().toArray());
    }
    out.whole(counted.persons()).whole(counted.events()).whole(counted.dropped());
    out.decimals(counted.design()).decimals(counted.absolutes());
    out.decimals(counted.others()).reals(counted.along().toArray());
  }

  private static void iteration(StateBytes.Writer out, Iteration at) {
    out.whole(at.step()).whole(at.last() ? 1 : 0).whole(at.halvings()).whole(at.drifting());
    out.reals(at.beta().toArray()).reals(at.previous().toArray());
    out.real(at.logLikelihood()).real(at.decrement());
    out.real(at.nullLogLikelihood()).real(at.scoreTest()).reals(at.residuals().toArray());
  }

  CoxState decode(byte[] bytes) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    int phase = in.whole(0, 3);
    CoxState state = phase == 0 ? new Searching() : later(in, phase);
    in.end();
    return state;
  }

  private CoxState later(StateBytes.Reader in, int phase) {
    Counting found =
        new Counting(
            LevelDiscovery.read(in, analysis.discoveredFactors()), analysis.times().read(in));
    if (phase == 1) {
      return found;
    }
    int columns = analysis.design(found.levels()).size();
    Counted counted = counted(in, found.grid(), columns);
    if (phase == 2) {
      return new Spreading(found, counted);
    }
    List<BigDecimal> squares = squares(in, columns);
    BigDecimal offset = square(in);
    Reals events = finite(in, columns);
    double eventOffset = finite(in);
    Reals along = finite(in, counted.along().size() > 0 ? columns : 0);
    int cells = Stratum.times(found.grid(), counted.strata()).cells();
    Reals weights = finite(in, analysis.weighted() && !analysis.bySite() ? cells : 0);
    for (int cell = 0; cell < weights.size(); cell++) {
      if (!(weights.at(cell) > 0)) {
        throw in.refuse();
      }
    }
    Iteration at =
        new Iteration(
            in.whole(0, MOST_STEPS),
            in.whole(0, 1) == 1,
            in.whole(0, CoxNewton.MAX_HALVINGS),
            in.whole(0, MOST_STEPS),
            finite(in, columns),
            finite(in, columns),
            in.real(),
            in.real(),
            in.real(),
            in.real(),
            Reals.of(in.reals()));
    int size = at.residuals().size();
    if (!at.residuals().allFinite()
        || (size > 0 && size != analysis.residuals(found, counted, columns))) {
      throw in.refuse();
    }
    return new Fitting(
        found, counted, new Spread(squares, offset, events, eventOffset, along, weights), at);
  }

  private Counted counted(StateBytes.Reader in, TimeGrid grid, int columns) {
    List<Stratum> strata = new ArrayList<>();
    int size = analysis.bySite() ? 0 : analysis.strata().groups();
    for (int stratum = 0; stratum < size; stratum++) {
      Counts index = points(in, grid);
      Counts events = counts(in, index.size(), 1);
      Counts shown = points(in, grid);
      strata.add(
          new Stratum(
              index, events, shown, counts(in, shown.size(), 0), counts(in, shown.size(), 1)));
    }
    long persons = in.whole();
    long events = in.whole();
    long dropped = in.whole();
    List<BigDecimal> design = in.decimals(columns);
    List<BigDecimal> absolutes = squares(in, columns);
    List<BigDecimal> others = in.decimals(Element.COUNT);
    Reals along = Reals.of(in.reals());
    int cells = Stratum.times(grid, strata).cells();
    boolean fits = along.size() == 0 || (analysis.transform().isPresent() && along.size() == cells);
    if (!fits || !along.allFinite()) {
      throw in.refuse();
    }
    Counted counted =
        new Counted(strata, persons, events, dropped, design, absolutes, others, along);
    // A model goes on only with events and weights; zero here would be divided by.
    long known = strata.stream().mapToLong(stratum -> stratum.events().sum()).sum();
    if (counted.dropped() < 0
        || counted.persons() < 1
        || (!analysis.bySite() && counted.events() != known)
        || counted.events() < 1
        || counted.other(Element.W).signum() <= 0
        || counted.other(Element.ABSOLUTE_OFFSET).signum() < 0) {
      throw in.refuse();
    }
    return counted;
  }

  /** Grid points, ascending. */
  private static Counts points(StateBytes.Reader in, TimeGrid grid) {
    long[] points = in.wholes();
    for (int i = 0; i < points.length; i++) {
      if (points[i] < 0 || points[i] > grid.points() || (i > 0 && points[i] <= points[i - 1])) {
        throw in.refuse();
      }
    }
    return Counts.of(points);
  }

  private static Counts counts(StateBytes.Reader in, int size, long least) {
    long[] counts = in.wholes(size);
    for (long count : counts) {
      if (count < least || count > Job.MAX_PERSONS) {
        throw in.refuse();
      }
    }
    return Counts.of(counts);
  }

  private static List<BigDecimal> squares(StateBytes.Reader in, int size) {
    List<BigDecimal> squares = in.decimals(size);
    for (BigDecimal square : squares) {
      if (square.signum() < 0) {
        throw in.refuse();
      }
    }
    return squares;
  }

  private static BigDecimal square(StateBytes.Reader in) {
    BigDecimal square = in.decimal();
    if (square.signum() < 0) {
      throw in.refuse();
    }
    return square;
  }

  private static double finite(StateBytes.Reader in) {
    double real = in.real();
    if (!Double.isFinite(real)) {
      throw in.refuse();
    }
    return real;
  }

  private static Reals finite(StateBytes.Reader in, int size) {
    Reals reals = Reals.of(in.reals(size));
    if (!reals.allFinite()) {
      throw in.refuse();
    }
    return reals;
  }
}
