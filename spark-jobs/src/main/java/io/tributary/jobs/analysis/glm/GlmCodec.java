package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.LevelDiscovery;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.glm.GlmState.Counted;
import io.tributary.jobs.analysis.glm.GlmState.Counting;
import io.tributary.jobs.analysis.glm.GlmState.Discovering;
import io.tributary.jobs.analysis.glm.GlmState.Element;
import io.tributary.jobs.analysis.glm.GlmState.Estimate;
import io.tributary.jobs.analysis.glm.GlmState.Fitting;
import io.tributary.jobs.analysis.glm.GlmState.Iteration;
import io.tributary.jobs.analysis.glm.GlmState.Spread;
import io.tributary.jobs.analysis.glm.GlmState.Spreading;
import io.tributary.jobs.analysis.glm.GlmState.Squaring;
import io.tributary.jobs.analysis.glm.GlmState.Theta;
import io.tributary.jobs.linalg.Cholesky;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** States of a model as bytes (form: {@link StateBytes}); phase first, 0 to 4. */
final class GlmCodec {
  private static final String FORM = "glm/1";

  /** Steps beyond what maxSteps and halvings can reach. */
  private static final int MOST_STEPS = 1000;

  private GlmCodec() {}

  static byte[] encode(GlmState state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof Discovering) {
      return out.whole(0).bytes();
    }
    if (state instanceof Counting counting) {
      return levels(out.whole(1), counting.levels()).bytes();
    }
    if (state instanceof Spreading spreading) {
      levels(out.whole(2), spreading.levels());
      counted(out, spreading.counted());
      return out.bytes();
    }
    if (state instanceof Squaring squaring) {
      levels(out.whole(4), squaring.levels());
      counted(out, squaring.counted());
      spread(out, squaring.spread());
      Estimate at = squaring.estimate();
      out.reals(at.beta().toArray()).reals(at.information().toArray());
      out.real(at.deviance()).real(at.pearson()).real(at.nullDeviance());
      out.whole(at.iterations());
      at.theta()
          .ifPresent(
              theta ->
                  out.real(theta.value())
                      .real(theta.stdError())
                      .real(theta.minusTwoLogLikelihood()));
      return out.bytes();
    }
    Fitting fitting = (Fitting) state;
    levels(out.whole(3), fitting.levels());
    counted(out, fitting.counted());
    spread(out, fitting.spread());
    Iteration at = fitting.iteration();
    out.whole(at.step()).whole(at.last() ? 1 : 0).whole(at.halvings());
    out.reals(at.beta().toArray()).reals(at.previous().toArray());
    out.real(at.previousDeviance()).real(at.nullIntercept());
    return out.real(at.theta()).real(at.previousTheta()).bytes();
  }

  private static StateBytes.Writer levels(StateBytes.Writer out, List<Counts> levels) {
    LevelDiscovery.write(out, levels);
    return out;
  }

  private static void spread(StateBytes.Writer out, Spread spread) {
    out.decimals(spread.design());
    out.decimal(spread.outcome()).decimal(spread.weighted()).decimal(spread.offset());
  }

  private static void counted(StateBytes.Writer out, Counted counted) {
    out.whole(counted.persons()).whole(counted.dropped());
    out.whole(counted.unweighted()).whole(counted.events());
    out.whole(counted.clusters());
    out.decimals(counted.design()).decimals(counted.absolutes()).decimals(counted.outcome());
  }

  static GlmState decode(byte[] bytes, GlmAnalysis analysis) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    int phase = in.whole(0, 4);
    if (phase == 0) {
      in.end();
      return new Discovering();
    }
    List<Counts> levels = LevelDiscovery.read(in, analysis.discoveredFactors());
    if (phase == 1) {
      in.end();
      return new Counting(levels);
    }
    int columns = analysis.design(levels).size();
    Counted counted = counted(in, columns);
    if (phase == 2) {
      in.end();
      return new Spreading(levels, counted);
    }
    Spread spread = new Spread(squares(in, columns), square(in), square(in), square(in));
    int p = columns + (analysis.formula().intercept() ? 1 : 0);
    if (phase == 4) {
      Squaring squaring = new Squaring(levels, counted, spread, estimate(in, p, analysis));
      in.end();
      if (!analysis.variance().robust()) {
        throw in.refuse();
      }
      return squaring;
    }
    Iteration iteration =
        new Iteration(
            in.whole(0, MOST_STEPS),
            in.whole(0, 1) == 1,
            in.whole(0, Irls.MAX_HALVINGS),
            finite(in, p),
            finite(in, p),
            in.real(),
            in.real(),
            theta(in, analysis),
            theta(in, analysis));
    in.end();
    if (iteration.previousDeviance() < 0 || !Double.isFinite(iteration.nullIntercept())) {
      throw in.refuse();
    }
    return new Fitting(levels, counted, spread, iteration);
  }

  /** Bounds follow from the information and Pearson's statistic, so both are numbers above 0. */
  private static Estimate estimate(StateBytes.Reader in, int p, GlmAnalysis analysis) {
    Estimate estimate =
        new Estimate(
            finite(in, p),
            finite(in, p * (p + 1) / 2),
            in.real(),
            in.real(),
            in.real(),
            in.whole(0, MOST_STEPS),
            analysis.model().family().estimatesTheta()
                ? Optional.of(new Theta(theta(in, analysis), in.real(), in.real()))
                : Optional.empty());
    boolean positive =
        estimate.deviance() >= 0
            && estimate.pearson() >= 0
            && Double.isFinite(estimate.deviance() + estimate.pearson() + estimate.nullDeviance());
    if (!positive || !Cholesky.of(p, estimate.information().toArray(), 0).aliased().isEmpty()) {
      throw in.refuse();
    }
    return estimate;
  }

  /** Where a theta is estimated it is a number above 0, else infinite. */
  private static double theta(StateBytes.Reader in, GlmAnalysis analysis) {
    double theta = in.real();
    if (!(theta > 0) || Double.isFinite(theta) != analysis.model().family().estimatesTheta()) {
      throw in.refuse();
    }
    return theta;
  }

  private static Counted counted(StateBytes.Reader in, int columns) {
    Counted counted =
        new Counted(
            in.whole(),
            in.whole(),
            in.whole(),
            in.whole(),
            in.whole(),
            in.decimals(columns),
            squares(in, columns),
            in.decimals(Element.COUNT));
    // A model goes on only with persons; zero here would be divided by.
    if (counted.persons() < 1
        || counted.dropped() < 0
        || counted.unweighted() < 0
        || counted.events() < 0
        || counted.clusters() < 1
        || counted.outcome(Element.W).signum() <= 0
        || counted.outcome(Element.ABSOLUTE_Y).signum() < 0
        || counted.outcome(Element.ABSOLUTE_OFFSET).signum() < 0) {
      throw in.refuse();
    }
    return counted;
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

  private static Reals finite(StateBytes.Reader in, int size) {
    Reals reals = Reals.of(in.reals(size));
    if (!reals.allFinite()) {
      throw in.refuse();
    }
    return reals;
  }
}
