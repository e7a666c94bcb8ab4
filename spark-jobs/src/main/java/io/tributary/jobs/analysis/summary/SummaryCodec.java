package io.tributary.jobs.analysis.summary;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.ValueKeys;
import io.tributary.jobs.analysis.summary.SummaryState.Counting;
import io.tributary.jobs.analysis.summary.SummaryState.Moments;
import io.tributary.jobs.analysis.summary.SummaryState.Refining;
import io.tributary.jobs.analysis.summary.SummaryState.Spreading;
import io.tributary.jobs.analysis.summary.SummaryState.Target;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** States of a summary as bytes (form: {@link StateBytes}); phase first, 0 to 2. */
final class SummaryCodec {
  private static final String FORM = "summary/1";

  private SummaryCodec() {}

  static byte[] encode(SummaryState state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof Counting) {
      return out.whole(0).bytes();
    }
    if (state instanceof Spreading spreading) {
      out.whole(1);
      moments(out, spreading.moments());
      return out.bytes();
    }
    Refining refining = (Refining) state;
    out.whole(2);
    moments(out, refining.moments());
    out.decimals(refining.squares());
    out.whole(refining.targets().size());
    for (Target target : refining.targets()) {
      out.whole(target.column()).whole(target.series()).whole(target.rank());
      out.whole(target.low()).whole(target.high());
      out.whole(target.below()).whole(target.inside()).whole(target.open() ? 1 : 0);
    }
    return out.bytes();
  }

  private static void moments(StateBytes.Writer out, Moments moments) {
    out.whole(moments.ungrouped());
    out.wholes(moments.n().toArray()).wholes(moments.missing().toArray());
    out.decimals(moments.sums()).decimals(moments.absolutes());
    out.whole(moments.decimals().size());
    for (int decimals : moments.decimals()) {
      out.whole(decimals);
    }
    out.wholes(moments.levels().toArray()).wholes(moments.levelMissing().toArray());
  }

  static SummaryState decode(byte[] bytes, SummaryAnalysis analysis) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    int phase = in.whole(0, 2);
    if (phase == 0) {
      in.end();
      return new Counting();
    }
    Moments moments = moments(in, analysis);
    if (phase == 1) {
      in.end();
      return new Spreading(moments);
    }
    List<BigDecimal> squares = in.decimals(moments.n().size());
    int groups = analysis.grouping().groups();
    int columns = analysis.numbers().size();
    int most = columns * Series.count(groups) * 2 * analysis.probabilities().length;
    int size = in.whole(1, Math.max(1, most));
    List<Target> targets = new ArrayList<>(size);
    boolean open = false;
    for (int i = 0; i < size; i++) {
      int column = in.whole(0, columns - 1);
      int series = in.whole(0, Series.count(groups) - 1);
      Target target =
          new Target(
              column,
              series,
              in.whole(),
              in.whole(),
              in.whole(),
              in.whole(),
              in.whole(),
              in.whole(0, 1) == 1);
      if (target.rank() < 1 || target.low() > target.high() || target.inside() < 1) {
        throw in.refuse();
      }
      open |= target.open();
      targets.add(target);
    }
    in.end();
    if (!open) {
      throw in.refuse();
    }
    return new Refining(moments, squares, targets);
  }

  private static Moments moments(StateBytes.Reader in, SummaryAnalysis analysis) {
    int groups = analysis.grouping().groups();
    int columns = analysis.numbers().size();
    long ungrouped = in.whole();
    Counts n = counts(in, columns * groups);
    Counts missing = counts(in, columns * groups);
    List<BigDecimal> sums = in.decimals(columns * groups);
    List<BigDecimal> absolutes = in.decimals(columns * groups);
    in.whole(columns, columns);
    List<Integer> decimals = new ArrayList<>(columns);
    for (int i = 0; i < columns; i++) {
      decimals.add(in.whole(ValueKeys.RAW, ValueKeys.MAX_DECIMALS));
    }
    int levels = analysis.categories().stream().mapToInt(field -> field.levels().size()).sum();
    Counts atLevels = counts(in, levels * groups);
    Counts levelMissing = counts(in, analysis.categories().size() * groups);
    for (BigDecimal absolute : absolutes) {
      if (absolute.signum() < 0) {
        throw in.refuse();
      }
    }
    return new Moments(ungrouped, n, missing, sums, absolutes, decimals, atLevels, levelMissing);
  }

  private static Counts counts(StateBytes.Reader in, int size) {
    long[] counts = in.wholes(size);
    for (long count : counts) {
      if (count < 0) {
        throw in.refuse();
      }
    }
    return Counts.of(counts);
  }
}
