package io.tributary.jobs.analysis.parametricsurvival;

import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Counted;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Counting;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Estimate;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Fitting;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Iteration;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Spread;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Spreading;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Squaring;
import io.tributary.jobs.linalg.Cholesky;
import java.math.BigDecimal;

/**
 * States of a parametric model of times as bytes (form: {@link StateBytes}); phase first, 0 to 3.
 */
final class SurvivalCodec {
  private static final String FORM = "parametric-survival/1";

  /** Steps beyond what maxSteps and halvings can reach. */
  private static final int MOST_STEPS = 1000;

  private SurvivalCodec() {}

  static byte[] encode(SurvivalState state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof Counting) {
      return out.whole(0).bytes();
    }
    if (state instanceof Spreading spreading) {
      counted(out.whole(1), spreading.counted());
    } else if (state instanceof Fitting fitting) {
      counted(out.whole(2), fitting.counted());
      spread(out, fitting.spread());
      Iteration at = fitting.iteration();
      out.whole(at.ofNull() ? 1 : 0).whole(at.step()).whole(at.last() ? 1 : 0);
      out.whole(at.halvings()).reals(at.coefficients().toArray()).reals(at.previous().toArray());
      out.real(at.previousObjective()).real(at.nullObjective());
    } else {
      Squaring squaring = (Squaring) state;
      counted(out.whole(3), squaring.counted());
      spread(out, squaring.spread());
      Estimate at = squaring.estimate();
      out.reals(at.coefficients().toArray()).reals(at.information().toArray());
      out.real(at.objective()).real(at.nullObjective()).whole(at.iterations());
    }
    return out.bytes();
  }

  private static void counted(StateBytes.Writer out, Counted counted) {
    out.whole(counted.events()).whole(counted.censored()).whole(counted.dropped());
    out.decimal(counted.weights()).decimals(counted.numbers()).decimals(counted.absolutes());
  }

  private static void spread(StateBytes.Writer out, Spread spread) {
    out.decimals(spread.squares());
    out.decimal(spread.eventWeights()).decimal(spread.eventLogTimes());
  }

  static SurvivalState decode(byte[] bytes, ParametricSurvivalAnalysis analysis) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    int phase = in.whole(0, 3);
    SurvivalState state = phase == 0 ? new Counting() : later(in, phase, analysis);
    in.end();
    return state;
  }

  private static SurvivalState later(
      StateBytes.Reader in, int phase, ParametricSurvivalAnalysis analysis) {
    int numbers = analysis.columns() + 1;
    Counted counted =
        new Counted(
            in.whole(),
            in.whole(),
            in.whole(),
            in.decimal(),
            in.decimals(numbers),
            in.decimals(numbers));
    // A model goes on only with persons; zero here would be divided by.
    boolean some =
        counted.events() >= 1
            && counted.censored() >= 0
            && counted.dropped() >= 0
            && counted.weights().signum() > 0;
    if (!some || counted.absolutes().stream().anyMatch(number -> number.signum() < 0)) {
      throw in.refuse();
    }
    if (phase == 1) {
      return new Spreading(counted);
    }
    Spread spread = new Spread(in.decimals(numbers), in.decimal(), in.decimal());
    for (BigDecimal square : spread.squares()) {
      if (square.signum() < 0) {
        throw in.refuse();
      }
    }
    boolean equalTimes = spread.squares().get(0).signum() == 0;
    if ((equalTimes && !analysis.distribution().fixedScale())
        || spread.eventWeights().signum() <= 0) {
      throw in.refuse();
    }
    return phase == 2
        ? new Fitting(counted, spread, iteration(in, analysis))
        : new Squaring(counted, spread, estimate(in, analysis));
  }

  private static Iteration iteration(StateBytes.Reader in, ParametricSurvivalAnalysis analysis) {
    boolean ofNull = in.whole(0, 1) == 1;
    int size = analysis.parameters(ofNull);
    Iteration iteration =
        new Iteration(
            ofNull,
            in.whole(0, MOST_STEPS),
            in.whole(0, 1) == 1,
            in.whole(0, SurvivalNewton.MAX_HALVINGS),
            coefficients(in, size, analysis),
            coefficients(in, size, analysis),
            in.real(),
            in.real());
    if (!Double.isFinite(iteration.nullObjective())) {
      throw in.refuse();
    }
    return iteration;
  }

  private static Estimate estimate(StateBytes.Reader in, ParametricSurvivalAnalysis analysis) {
    int size = analysis.parameters(false);
    Estimate estimate =
        new Estimate(
            coefficients(in, size, analysis),
            Reals.of(in.reals(size * (size + 1) / 2)),
            in.real(),
            in.real(),
            in.whole(0, MOST_STEPS));
    boolean regular =
        estimate.information().allFinite()
            && Double.isFinite(estimate.objective())
            && Double.isFinite(estimate.nullObjective())
            && Cholesky.of(size, estimate.information().toArray(), 0).aliased().isEmpty();
    if (!regular || !analysis.robust()) {
      throw in.refuse();
    }
    return estimate;
  }

  /** Finite numbers, the inverse scale above 0. */
  private static Reals coefficients(
      StateBytes.Reader in, int size, ParametricSurvivalAnalysis analysis) {
    Reals coefficients = Reals.of(in.reals(size));
    if (!coefficients.allFinite()
        || (!analysis.distribution().fixedScale() && !(coefficients.at(size - 1) > 0))) {
      throw in.refuse();
    }
    return coefficients;
  }
}
