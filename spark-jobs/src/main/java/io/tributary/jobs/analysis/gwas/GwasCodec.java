package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.gwas.GwasState.Centring;
import io.tributary.jobs.analysis.gwas.GwasState.Counting;
import io.tributary.jobs.analysis.gwas.GwasState.Crossing;
import io.tributary.jobs.analysis.gwas.GwasState.Scanning;
import java.util.BitSet;

/** States of a scan as bytes. */
final class GwasCodec {
  private static final String FORM = "gwas/1";

  private GwasCodec() {}

  static byte[] encode(GwasState state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof Centring) {
      return out.whole(0).bytes();
    }
    if (state instanceof Crossing crossing) {
      return moments(out.whole(1), crossing.moments()).bytes();
    }
    if (state instanceof Counting counting) {
      return model(out.whole(2), counting.model()).bytes();
    }
    Scanning scanning = (Scanning) state;
    return model(out.whole(scanning.second() ? 4 : 3), scanning.model())
        .state(scanning.complete().toByteArray())
        .state(scanning.incomplete().toByteArray())
        .bytes();
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
   * @param columns of the design, and the outcome
   * @param variants of the list
   */
  static GwasState decode(byte[] bytes, int columns, int variants) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    int kind = in.whole(0, 4);
    GwasState state = new Centring();
    if (kind == 1) {
      state = new Crossing(moments(in, columns));
    } else if (kind == 2) {
      state = new Counting(model(in, columns));
    } else if (kind > 2) {
      NullModel model = model(in, columns);
      BitSet complete = variants(in, variants);
      BitSet incomplete = variants(in, variants);
      boolean second = kind == 4;
      if (complete.intersects(incomplete) || (second ? incomplete : complete).isEmpty()) {
        throw in.refuse();
      }
      state = new Scanning(model, complete, incomplete, second);
    }
    in.end();
    return state;
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
