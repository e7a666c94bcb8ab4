package io.tributary.jobs.analysis.polytomous;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Counted;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Counting;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Fitting;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Iteration;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Spreading;
import java.math.BigDecimal;
import java.util.List;

/** States as bytes (form: {@link StateBytes}); phase first, 0 to 2. */
final class PolytomousCodec {
  private static final String FORM = "polytomous/1";

  /** Steps beyond what maxSteps and halvings can reach. */
  private static final int MOST_STEPS = 1000;

  private PolytomousCodec() {}

  static byte[] encode(PolytomousState state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof Counting) {
      return out.whole(0).bytes();
    }
    if (state instanceof Spreading spreading) {
      counted(out.whole(1), spreading.counted());
      return out.bytes();
    }
    Fitting fitting = (Fitting) state;
    counted(out.whole(2), fitting.counted());
    out.decimals(fitting.squares());
    Iteration at = fitting.iteration();
    out.whole(at.step()).whole(at.last() ? 1 : 0).whole(at.halvings());
    out.reals(at.coefficients().toArray()).reals(at.previous().toArray());
    return out.real(at.previousObjective()).bytes();
  }

  private static void counted(StateBytes.Writer out, Counted counted) {
    out.wholes(counted.levels().toArray()).whole(counted.dropped()).decimals(counted.weights());
    out.decimals(counted.numbers()).decimals(counted.absolutes());
  }

  static PolytomousState decode(byte[] bytes, PolytomousAnalysis analysis) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    int phase = in.whole(0, 2);
    PolytomousState state = phase == 0 ? new Counting() : later(in, phase, analysis);
    in.end();
    return state;
  }

  private static PolytomousState later(
      StateBytes.Reader in, int phase, PolytomousAnalysis analysis) {
    int columns = analysis.columns();
    int levels = analysis.model().levels();
    Counted counted =
        new Counted(
            Counts.of(in.wholes(levels)),
            in.whole(),
            in.decimals(levels),
            in.decimals(columns),
            in.decimals(columns));
    for (int k = 0; k < levels; k++) {
      // A model goes on only with persons at each level; logarithms are taken of their shares.
      long persons = counted.levels().at(k);
      if (persons < 1 || persons > Long.MAX_VALUE / levels) {
        throw in.refuse();
      }
      if (counted.weights().get(k).signum() <= 0) {
        throw in.refuse();
      }
    }
    if (counted.dropped() < 0
        || counted.absolutes().stream().anyMatch(number -> number.signum() < 0)) {
      throw in.refuse();
    }
    if (phase == 1) {
      return new Spreading(counted);
    }
    List<BigDecimal> squares = in.decimals(columns);
    if (squares.stream().anyMatch(square -> square.signum() < 0)) {
      throw in.refuse();
    }
    Iteration iteration =
        new Iteration(
            in.whole(0, MOST_STEPS),
            in.whole(0, 1) == 1,
            in.whole(0, PolytomousNewton.MAX_HALVINGS),
            coefficients(in, analysis),
            coefficients(in, analysis),
            in.real());
    return new Fitting(counted, squares, iteration);
  }

  private static Reals coefficients(StateBytes.Reader in, PolytomousAnalysis analysis) {
    Reals coefficients = Reals.of(in.reals(analysis.model().parameters()));
    if (!coefficients.allFinite() || !analysis.model().admits(coefficients)) {
      throw in.refuse();
    }
    return coefficients;
  }
}
