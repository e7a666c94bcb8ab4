package io.tributary.jobs;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.util.List;
import java.util.TimeZone;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * The process's Spark session, made when it is first needed. Everything that shapes it comes from
 * spark-submit; only what Tributary's results and its speed depend on is set here. A session that
 * was there before belongs to someone else: it is used and left running.
 */
public final class SparkSessions implements Supplier<SparkSession>, AutoCloseable {
  /**
   * Those of java.base that Kryo, Arrow and netty reach into; each fails in its own way without.
   */
  private static final List<String> OPENED =
      List.of("java.nio", "java.lang.invoke", "java.util", "sun.nio.ch");

  /**
   * Bytes of a generated method up to which Spark makes one of a whole plan. The JVM never compiles
   * a method beyond this, and a table of some twenty checked columns is beyond it: interpreted, it
   * takes several times as long as the smaller methods that Spark makes otherwise.
   */
  private static final String HUGE_METHOD = "spark.sql.codegen.hugeMethodLimit";

  private static final int LARGEST_COMPILED_BYTES = 8000;

  private static final String ENCRYPTED_FILES = "spark.io.encryption.enabled";

  /** Put before what a site gives its executors. */
  private static final String EXECUTOR_OPTIONS = "spark.executor.defaultJavaOptions";

  private static final String UTC = "UTC";

  private final String application;
  private SparkSession session;
  private boolean foreign;
  private volatile TributaryException failure;

  /**
   * @param application name in Spark's listings; no study and no dataset in it
   * @throws io.tributary.study.TributaryException WRONG_JAVA if this JVM was started without the
   *     options that Spark needs on Java 17
   */
  public SparkSessions(String application) {
    requireOpened(OPENED);
    this.application = application;
  }

  /** Spark-submit opens them, except for a driver that a standalone master starts on a worker. */
  static void requireOpened(List<String> packages) {
    Module base = Object.class.getModule();
    for (String name : packages) {
      if (!base.isOpen(name, SparkSessions.class.getModule())) {
        throw Errors.invalid(
            ErrorCode.WRONG_JAVA,
            "JVM options",
            "the package " + name + " is not opened to Spark.",
            "In cluster mode add --driver-java-options @PATH/spark-jvm-options, the file beside"
                + " tributary.jar.");
      }
    }
  }

  @Override
  public synchronized SparkSession get() {
    if (session == null) {
      requireWarm();
      TimeZone.setDefault(TimeZone.getTimeZone(UTC));
      foreign = SparkSession.getDefaultSession().isDefined();
      SparkSession.Builder builder = shaped(SparkSession.builder().appName(application));
      if (System.getProperty("spark.master") == null) {
        builder.master("local[*]");
      }
      session = start(builder);
    }
    return session;
  }

  /** Adds what every session of Tributary has. */
  public static SparkSession.Builder shaped(SparkSession.Builder builder) {
    // Dates and timestamps mean the same at every site. A database's timestamp without a zone is
    // read in the zone of the JVM: east of Greenwich its midnight would be on the day before in
    // UTC.
    builder.config("spark.sql.session.timeZone", UTC);
    String options = System.getProperty(EXECUTOR_OPTIONS, "");
    builder.config(EXECUTOR_OPTIONS, (options + " -Duser.timezone=" + UTC).strip());
    if (System.getProperty(HUGE_METHOD) == null) {
      builder.config(HUGE_METHOD, LARGEST_COMPILED_BYTES);
    }
    if (System.getProperty(ENCRYPTED_FILES) == null) {
      // What a shuffle or a full memory puts on a disk are rows, and a killed process leaves it.
      builder.config(ENCRYPTED_FILES, "true");
    }
    return builder;
  }

  private static SparkSession start(SparkSession.Builder builder) {
    try {
      return builder.getOrCreate();
    } catch (Exception e) {
      // Spark throws its checked SparkException without declaring it.
      throw Errors.protocol(
          ErrorCode.SPARK_FAILED,
          "Spark does not start.",
          String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          "Check --master and the other options after '--', and that the cluster can be reached.");
    }
  }

  /**
   * Starts the session on a thread of its own, while other work goes on.
   *
   * @param onFailure done if Spark does not start; {@link #requireWarm} then says why
   */
  public void warmUp(Runnable onFailure) {
    Thread thread =
        new Thread(
            () -> {
              if (!starts()) {
                onFailure.run();
              }
            },
            "spark-warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  /** Whoever waits for the session meanwhile is told why there is none, and does not try again. */
  private synchronized boolean starts() {
    try {
      get();
      return true;
    } catch (TributaryException e) {
      failure = e;
      return false;
    }
  }

  /** SPARK_FAILED if the warm-up has failed. */
  public void requireWarm() {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public synchronized void close() {
    if (session != null && !foreign) {
      session.stop();
    }
    session = null;
  }
}
