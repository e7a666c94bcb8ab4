package io.tributary.jobs;

import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * The process's Spark session, made when it is first needed. Everything that shapes it comes from
 * spark-submit; only what Tributary's results depend on is set here. A session that was there
 * before belongs to someone else: it is used and left running.
 */
public final class SparkSessions implements Supplier<SparkSession>, AutoCloseable {
  private final String application;
  private SparkSession session;
  private boolean foreign;

  /**
   * @param application name in Spark's listings; no study and no dataset in it
   */
  public SparkSessions(String application) {
    this.application = application;
  }

  @Override
  public synchronized SparkSession get() {
    if (session == null) {
      foreign = SparkSession.getDefaultSession().isDefined();
      SparkSession.Builder builder =
          SparkSession.builder()
              .appName(application)
              // Dates and timestamps mean the same at every site.
              .config("spark.sql.session.timeZone", "UTC");
      if (System.getProperty("spark.master") == null) {
        builder.master("local[*]");
      }
      session = builder.getOrCreate();
    }
    return session;
  }

  /** Starts the session on a thread of its own, while other work goes on. */
  public void warmUp() {
    Thread thread = new Thread(this::get, "spark-warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public synchronized void close() {
    if (session != null && !foreign) {
      session.stop();
    }
    session = null;
  }
}
