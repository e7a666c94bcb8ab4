package io.tributary.jobs.analysis.table1;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.table1.Table1State.Counted;
import io.tributary.jobs.analysis.table1.Table1State.Counting;
import java.math.BigDecimal;
import java.util.List;

/** States as bytes (form: {@link StateBytes}); phase first, 0 or 1. */
final class Table1Codec {
  private static final String FORM = "table1/1";

  private Table1Codec() {}

  static byte[] encode(Table1State state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof Counted counted) {
      out.whole(1).whole(counted.ungrouped());
      out.wholes(counted.persons().toArray()).wholes(counted.n().toArray());
      out.decimals(counted.sums()).decimals(counted.absolutes());
      return out.wholes(counted.levels().toArray()).bytes();
    }
    return out.whole(0).bytes();
  }

  static Table1State decode(byte[] bytes, Table1Analysis analysis) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    if (in.whole(0, 1) == 0) {
      in.end();
      return new Counting();
    }
    int groups = analysis.grouping().groups();
    int size = analysis.numbers().size() * groups;
    long ungrouped = in.whole();
    Counts persons = counts(in, groups);
    Counts n = counts(in, size);
    List<BigDecimal> sums = in.decimals(size);
    List<BigDecimal> absolutes = in.decimals(size);
    Counts levels = counts(in, analysis.levels() * groups);
    in.end();
    if (size == 0 || ungrouped < 0 || absolutes.stream().anyMatch(each -> each.signum() < 0)) {
      throw in.refuse();
    }
    return new Counted(ungrouped, persons, n, sums, absolutes, levels);
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
