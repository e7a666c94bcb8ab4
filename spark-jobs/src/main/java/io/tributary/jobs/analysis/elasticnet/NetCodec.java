package io.tributary.jobs.analysis.elasticnet;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.elasticnet.NetState.Counted;
import io.tributary.jobs.analysis.elasticnet.NetState.Counting;
import io.tributary.jobs.analysis.elasticnet.NetState.Fit;
import io.tributary.jobs.analysis.elasticnet.NetState.Fitting;
import io.tributary.jobs.analysis.elasticnet.NetState.Judging;
import io.tributary.jobs.analysis.elasticnet.NetState.Multiplying;
import io.tributary.jobs.analysis.elasticnet.NetState.Spread;
import io.tributary.jobs.analysis.elasticnet.NetState.Spreading;
import java.util.ArrayList;
import java.util.List;

/** States of an elastic net as bytes (form: {@link StateBytes}); phase first, 0 to 4. */
final class NetCodec {
  private static final String FORM = "elastic-net/1";

  private NetCodec() {}

  static byte[] encode(NetState state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof Counting) {
      out.whole(0);
    } else if (state instanceof Spreading spreading) {
      counted(out.whole(1), spreading.counted());
    } else if (state instanceof Multiplying multiplying) {
      counted(out.whole(2), multiplying.counted());
      spread(out, multiplying.spread());
    } else if (state instanceof Fitting fitting) {
      counted(out.whole(3), fitting.counted());
      spread(out, fitting.spread());
      fits(out, fitting.step(), fitting.fits());
    } else {
      Judging judging = (Judging) state;
      counted(out.whole(4), judging.counted());
      spread(out, judging.spread());
      fits(out, judging.step(), judging.fits());
    }
    return out.bytes();
  }

  private static void counted(StateBytes.Writer out, Counted counted) {
    out.wholes(counted.persons().toArray()).wholes(counted.events().toArray());
    out.whole(counted.dropped()).decimals(counted.numbers()).decimals(counted.absolutes());
  }

  private static void spread(StateBytes.Writer out, Spread spread) {
    out.decimals(spread.squares()).decimals(spread.products());
  }

  private static void fits(StateBytes.Writer out, int step, List<Fit> fits) {
    out.whole(step).whole(fits.size());
    for (Fit fit : fits) {
      out.reals(fit.coefficients().toArray()).reals(fit.previous().toArray());
      out.real(fit.previousObjective()).whole(fit.halvings()).whole(fit.ended() ? 1 : 0);
      out.real(fit.deviance());
    }
  }

  static NetState decode(byte[] bytes, ElasticNetAnalysis analysis) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    int phase = in.whole(0, 4);
    NetState state = phase == 0 ? new Counting() : later(in, phase, analysis);
    in.end();
    return state;
  }

  private static NetState later(StateBytes.Reader in, int phase, ElasticNetAnalysis analysis) {
    int parts = analysis.parts();
    int numbers = analysis.columns() + 1;
    Counted counted =
        new Counted(
            Counts.of(in.wholes(parts)),
            Counts.of(in.wholes(parts)),
            in.whole(),
            in.decimals(parts * numbers),
            in.decimals(numbers));
    long most = Long.MAX_VALUE / parts;
    for (int part = 0; part < parts; part++) {
      long persons = counted.persons().at(part);
      long events = counted.events().at(part);
      // Means are taken over all rows but those of one part.
      if (persons < 1 || persons > most || events < 0 || events > persons) {
        throw in.refuse();
      }
    }
    if (counted.dropped() < 0 || counted.absolutes().stream().anyMatch(n -> n.signum() < 0)) {
      throw in.refuse();
    }
    if (phase == 1) {
      return new Spreading(counted);
    }
    Spread spread = new Spread(in.decimals(parts * numbers), in.decimals(numbers - 1));
    if (spread.squares().stream().anyMatch(square -> square.signum() < 0)
        || !analysis.varies(counted, spread)) {
      throw in.refuse();
    }
    if (phase == 2) {
      if (analysis.binomial()) {
        throw in.refuse();
      }
      return new Multiplying(counted, spread);
    }
    if (!analysis.binomial() || (phase == 4 && parts == 1)) {
      throw in.refuse();
    }
    int step = in.whole(0, analysis.maxSteps());
    List<Fit> fits = fits(in, analysis);
    boolean ended = fits.stream().allMatch(Fit::ended);
    if (ended != (phase == 4)) {
      throw in.refuse();
    }
    return phase == 3
        ? new Fitting(counted, spread, step, fits)
        : new Judging(counted, spread, step, fits);
  }

  private static List<Fit> fits(StateBytes.Reader in, ElasticNetAnalysis analysis) {
    int count = in.whole(analysis.fits(), analysis.fits());
    int size = analysis.columns() + 1;
    List<Fit> fits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Fit fit =
          new Fit(
              Reals.of(in.reals(size)),
              Reals.of(in.reals(size)),
              in.real(),
              in.whole(0, LogisticPath.MAX_HALVINGS),
              in.whole(0, 1) == 1,
              in.real());
      if (!fit.coefficients().allFinite()
          || !fit.previous().allFinite()
          || !Double.isFinite(fit.deviance())) {
        throw in.refuse();
      }
      fits.add(fit);
    }
    return fits;
  }
}
