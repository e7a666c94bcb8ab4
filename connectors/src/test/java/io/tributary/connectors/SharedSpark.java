package io.tributary.connectors;

import org.apache.spark.sql.SparkSession;

/**
 * The one SparkSession of a module's tests: two cores, no UI, UTC; started when first asked for.
 */
public final class SharedSpark {
  private SharedSpark() {}

  /** Never stopped by a test; it ends with the JVM. */
  public static SparkSession session() {
    return Started.SESSION;
  }

  private static final class Started {
    static final SparkSession SESSION =
        SparkSession.builder()
            .master("local[2]")
            .appName("tributary-tests")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.default.parallelism", "2")
            .config("spark.sql.warehouse.dir", "target/warehouse")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
  }
}
