package io.tributary.jobs.coordinator;

import io.tributary.exchange.Exchange;
import io.tributary.exchange.FrameSummation;
import io.tributary.exchange.LocalSummation;
import io.tributary.exchange.SummationOrder;
import io.tributary.jobs.JobFailure;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Adds frames on the coordinator's executors (PROTOCOL.md 2.5, R4): a task a frame reads the
 * contributors' objects from the shared folder, adds them, removes the released masks, verifies the
 * check element, and gives the words to the driver, which holds a few frames at a time.
 *
 * <p>A sum of one frame is added here in the driver: 8 MiB a site take it less time than Spark
 * needs to start a task. No key is in a task, only seeds that sites have released for this very
 * sum.
 */
public final class SparkSummation implements FrameSummation {
  /** Frames of one Spark job: the driver never holds more than these, 8 MiB each. */
  private static final int FRAMES_AT_ONCE = 8;

  private final LocalSummation local;
  private final URI objects;
  private final Supplier<SparkSession> spark;

  /**
   * @param exchange the coordinator's own way to the objects
   * @param objects the folder of the same objects that executors reach
   */
  public SparkSummation(Exchange exchange, URI objects, Supplier<SparkSession> spark) {
    this.local = new LocalSummation(exchange);
    this.objects = objects;
    this.spark = spark;
  }

  @Override
  public Presence check(List<StoredFrame> upload) {
    return local.check(upload);
  }

  @Override
  public void sum(SummationOrder order, Sink sink) {
    if (order.frames() == 1) {
      local.sum(order, sink);
      return;
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.get().sparkContext());
    for (int from = 0; from < order.frames(); from += FRAMES_AT_ONCE) {
      int to = Math.min(order.frames(), from + FRAMES_AT_ONCE);
      FramePlan plan = new FramePlan(order, from, to, objects);
      List<Integer> frames = IntStream.range(from, to).boxed().toList();
      List<long[]> sums = sums(context, plan, frames);
      for (int frame = from; frame < to; frame++) {
        sink.frame(frame, sums.get(frame - from));
      }
    }
  }

  private static List<long[]> sums(JavaSparkContext context, FramePlan plan, List<Integer> frames) {
    try {
      return context.parallelize(frames, frames.size()).map(plan::sum).collect();
    } catch (Exception e) {
      // Spark throws its checked SparkException without declaring it.
      throw JobFailure.refusalIn(e);
    }
  }

  @Override
  public void forget() {
    local.forget();
  }

  @Override
  public String toString() {
    return "SparkSummation[" + objects + "]";
  }
}
