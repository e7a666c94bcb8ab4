package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.gwas.GwasState.Centring;
import io.tributary.jobs.analysis.gwas.GwasState.Counting;
import io.tributary.jobs.analysis.gwas.GwasState.Crossing;
import io.tributary.jobs.analysis.gwas.GwasState.Fitting;
import io.tributary.jobs.analysis.gwas.GwasState.Iterating;
import io.tributary.jobs.analysis.gwas.GwasState.Scanning;
import java.util.BitSet;

/** States of a scan as bytes. */
final class GwasCodec {
  private static final String FORM = "gwas/3";
  private static final int CENTRING = 0;
  private static final int CROSSING = 1;
  private static final int FITTING = 2;
  private static final int COUNTING = 3;
  private static final int SCANNING = 4;
  private static final int ITERATING = 5;

  private GwasCodec() {}

  static byte[] encode(GwasState state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof Centring) {
      return out.whole(CENTRING).bytes();
    }
    if (state instanceof Crossing crossing) {
      return moments(out.whole(CROSSING), crossing.moments()).bytes();
    }
    if (state instanceof Fitting fitting) {
      return model(out.whole(FITTING), fitting.model())
          .reals(fitting.coefficients().toArray())
          .whole(fitting.iteration())
          .bytes();
    }
    if (state instanceof Counting counting) {
      return fit(out.whole(COUNTING), counting.fit()).bytes();
    }
    if (state instanceof Scanning scanning) {
      return fit(out.whole(SCANNING), scanning.fit())
          .whole(scanning.second() ? 1 : 0)
          .state(scanning.complete().toByteArray())
          .state(scanning.incomplete().toByteArray())
          .state(scanning.chosen().toByteArray())
          .state(scanning.means().variants().toByteArray())
          .reals(scanning.means().values().toArray())
          .bytes();
    }
    Iterating iterating = (Iterating) state;
    return fit(out.whole(ITERATING), iterating.fit())
        .whole(iterating.firth() ? 1 : 0)
        .whole(iterating.iteration())
        .state(iterating.variants().toByteArray())
        .reals(iterating.numbers().toArray())
        .state(iterating.failed().toByteArray())
        .state(iterating.means().variants().toByteArray())
        .reals(iterating.means().values().toArray())
        .bytes();
  }

  private static StateBytes.Writer fit(StateBytes.Writer out, NullFit fit) {
    return model(out, fit.model())
        .reals(fit.coefficients().toArray())
        .reals(fit.information().toArray());
  }

  private static StateBytes.Writer model(StateBytes.Writer out, NullModel model) {
    return moments(out, model.moments()).reals(model.products().toArray());
  }

  private static StateBytes.Writer moments(StateBytes.Writer out, Moments moments) {
    return out.whole(moments.persons())
        .whole(moments.dropped())
        .reals(moments.means().toArray())
        .reals(moments.reaches().toArray());
  }

  /**
   * The state from bytes.
   *
   * @param of whose model and options it has to suit
   */
  static GwasState decode(byte[] bytes, GwasAnalysis of) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    int columns = of.model().design().size() + 1;
    int kind = in.whole(CENTRING, ITERATING);
    boolean reached =
        switch (kind) {
          case FITTING -> of.model().logistic();
          case SCANNING -> !of.likelihood().ofAll();
          case ITERATING -> of.likelihood().ofAny();
          default -> true;
        };
    if (!reached) {
      throw in.refuse();
    }
    GwasState state =
        switch (kind) {
          case CENTRING -> new Centring();
          case CROSSING -> new Crossing(moments(in, columns));
          case FITTING -> fitting(in, columns);
          case COUNTING -> new Counting(fit(in, of.model()));
          case SCANNING -> scanning(in, of);
          default -> iterating(in, of);
        };
    in.end();
    return state;
  }

  private static GwasState fitting(StateBytes.Reader in, int columns) {
    NullModel model = model(in, columns);
    Reals coefficients = Reals.of(in.reals(columns));
    if (!coefficients.allFinite()) {
      throw in.refuse();
    }
    return new Fitting(model, coefficients, in.whole(0, NullIteration.MOST - 1));
  }

  private static GwasState scanning(StateBytes.Reader in, GwasAnalysis of) {
    NullFit fit = fit(in, of.model());
    int variants = of.variants();
    boolean second = in.whole(0, 1) == 1;
    BitSet complete = variants(in, variants);
    BitSet incomplete = variants(in, variants);
    BitSet chosen = variants(in, variants);
    BitSet others = (BitSet) chosen.clone();
    others.andNot(complete);
    others.andNot(incomplete);
    Means means = means(in, variants);
    boolean tells =
        !complete.intersects(incomplete)
            && !(second ? incomplete : complete).isEmpty()
            && others.isEmpty()
            && means.variants().equals(of.calls().means() ? incomplete : new BitSet())
            && (chosen.isEmpty() || of.likelihood().chooses());
    if (!tells) {
      throw in.refuse();
    }
    return new Scanning(fit, complete, incomplete, second, chosen, means);
  }

  private static GwasState iterating(StateBytes.Reader in, GwasAnalysis of) {
    NullFit fit = fit(in, of.model());
    int variants = of.variants();
    Likelihood likelihood = of.likelihood();
    boolean firth = in.whole(likelihood.penalised() ? 1 : 0, likelihood.penalises() ? 1 : 0) == 1;
    int iteration = in.whole(0, (firth ? LikelihoodScan.MOST_FIRTH : LikelihoodScan.MOST) - 1);
    BitSet left = variants(in, variants);
    if (left.isEmpty() || left.cardinality() > likelihood.most()) {
      throw in.refuse();
    }
    int stride = Iterating.stride(fit.parametersWithVariant(), firth);
    Reals numbers = Reals.of(in.reals(left.cardinality() * stride));
    BitSet failed = variants(in, variants);
    Means means = means(in, variants);
    if (!numbers.allFinite()
        || failed.intersects(left)
        || !(of.calls().means() || means.variants().isEmpty())
        || (!failed.isEmpty() && (firth || iteration == 0))) {
      throw in.refuse();
    }
    return new Iterating(fit, firth, iteration, left, numbers, failed, means);
  }

  private static Means means(StateBytes.Reader in, int variants) {
    BitSet of = variants(in, variants);
    Means means = new Means(of, Reals.of(in.reals(of.cardinality())));
    if (!means.usable()) {
      throw in.refuse();
    }
    return means;
  }

  private static NullFit fit(StateBytes.Reader in, GwasModel wanted) {
    int columns = wanted.design().size() + 1;
    NullModel model = model(in, columns);
    int size = wanted.logistic() ? columns : 0;
    NullFit fit =
        new NullFit(model, Reals.of(in.reals(size)), Reals.of(in.reals(size * (size + 1) / 2)));
    if (!fit.usable()) {
      throw in.refuse();
    }
    return fit;
  }

  private static Moments moments(StateBytes.Reader in, int columns) {
    long persons = in.whole();
    long dropped = in.whole();
    Reals means = Reals.of(in.reals(columns));
    Reals reaches = Reals.of(in.reals(columns));
    boolean fits =
        persons > 0
            && persons <= Job.MAX_PERSONS
            && dropped >= 0
            && dropped <= Job.MAX_PERSONS
            && means.allFinite()
            && reaches.allFinite();
    for (int j = 0; j < columns; j++) {
      // A slot takes no bound whose square is not a number in range.
      fits &= reaches.at(j) > 1e-70 && reaches.at(j) < 1e70;
    }
    if (!fits) {
      throw in.refuse();
    }
    return new Moments(persons, dropped, means, reaches);
  }

  private static NullModel model(StateBytes.Reader in, int columns) {
    Moments moments = moments(in, columns);
    NullModel model = new NullModel(moments, Reals.of(in.reals(columns * (columns + 1) / 2)));
    boolean usable =
        model.products().allFinite()
            && model.constant().isEmpty()
            && model.collinear().isEmpty()
            && model.whitening().residual() > 0;
    if (!usable) {
      throw in.refuse();
    }
    return model;
  }

  private static BitSet variants(StateBytes.Reader in, int variants) {
    byte[] bytes = in.state();
    BitSet set = BitSet.valueOf(bytes);
    if (set.length() > variants || set.toByteArray().length != bytes.length) {
      throw in.refuse();
    }
    return set;
  }
}
