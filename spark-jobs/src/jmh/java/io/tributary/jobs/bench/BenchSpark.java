package io.tributary.jobs.bench;

import io.tributary.jobs.SparkSessions;
import org.apache.spark.sql.SparkSession;

/** The one Spark session of this process's benchmarks: all cores, no UI. */
final class BenchSpark {
  private BenchSpark() {}

  static SparkSession session() {
    return Started.SESSION;
  }

  private static final class Started {
    static final SparkSession SESSION =
        SparkSessions.shaped(SparkSession.builder())
            .master("local[*]")
            .appName("tributary-bench")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
  }
}
