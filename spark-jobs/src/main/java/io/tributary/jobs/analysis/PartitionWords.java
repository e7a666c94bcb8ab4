package io.tributary.jobs.analysis;

import io.tributary.analysis.Layout;
import io.tributary.codec.GridSum;
import io.tributary.jobs.JobFailure;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** Words of a layout's one block, summed over the partitions of a site's rows. */
final class PartitionWords {
  /**
   * So many vectors the driver adds as they come, one at a time; of more partitions the executors
   * make fewer first.
   */
  private static final int FLAT_PARTITIONS = 8;

  private PartitionWords() {}

  /** Turns the rows of one partition into its words; runs on executors. */
  interface Fold<T> extends Serializable {
    long[] words(Iterator<T> rows);
  }

  /**
   * The sum, [layout.words(0)].
   *
   * @throws io.tributary.study.TributaryException what a task refused with
   */
  static <T> long[] sum(JavaRDD<T> rows, Layout layout, Fold<T> fold) {
    try {
      long[] words =
          rows.getNumPartitions() <= FLAT_PARTITIONS
              ? flat(rows.rdd(), layout, fold)
              : tree(rows, layout, fold);
      return words.length == 0 ? new long[layout.words(0)] : words;
    } catch (Exception e) {
      // Spark throws its checked SparkException without declaring it.
      throw JobFailure.refusalIn(e);
    }
  }

  /**
   * One stage. Spark reads the byte code of each lambda's class, and of the class around it, before
   * a job: for sums of a few milliseconds that is most of the work. These are no lambdas.
   */
  private static <T> long[] flat(RDD<T> rows, Layout layout, Fold<T> fold) {
    Merging merging = new Merging(layout);
    ClassTag<long[]> tag = ClassTag$.MODULE$.apply(long[].class);
    rows.context().runJob(rows, new Task<>(fold), merging, tag);
    return merging.words;
  }

  private static <T> long[] tree(JavaRDD<T> rows, Layout layout, Fold<T> fold) {
    return rows.mapPartitions(part -> List.of(fold.words(part)).iterator())
        .treeAggregate(
            new long[0],
            (into, from) -> merge(layout, into, from),
            (into, from) -> merge(layout, into, from));
  }

  /** The empty array is the neutral element, so that no task has to be sent a vector of zeros. */
  static long[] merge(Layout layout, long[] into, long[] from) {
    if (into.length == 0) {
      return from;
    }
    if (from.length != 0) {
      GridSum.merge(layout, into, from);
    }
    return into;
  }

  /** What an executor does with a partition. */
  private static final class Task<T>
      extends AbstractFunction2<TaskContext, scala.collection.Iterator<T>, long[]>
      implements Serializable {
    private final Fold<T> fold;

    Task(Fold<T> fold) {
      this.fold = fold;
    }

    @Override
    public long[] apply(TaskContext task, scala.collection.Iterator<T> rows) {
      return fold.words(CollectionConverters.asJava(rows));
    }
  }

  /** The driver's side; Spark calls it for one result at a time. */
  private static final class Merging extends AbstractFunction2<Object, long[], BoxedUnit> {
    private final Layout layout;
    private long[] words = new long[0];

    Merging(Layout layout) {
      this.layout = layout;
    }

    @Override
    public BoxedUnit apply(Object partition, long[] from) {
      words = merge(layout, words, from);
      return BoxedUnit.UNIT;
    }
  }
}
