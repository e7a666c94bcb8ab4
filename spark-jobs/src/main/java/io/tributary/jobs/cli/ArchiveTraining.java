package io.tributary.jobs.cli;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Run by the build, not by users: walks through the code that every start needs, so that the JVM
 * can write the classes it loaded on the way into a class-data sharing archive.
 *
 * <p>A class missed here costs start-up time and nothing else.
 */
public final class ArchiveTraining {
  private ArchiveTraining() {}

  /** Arguments as the launcher passes them: {@code train light} or {@code train spark}. */
  public static void main(String[] args) throws IOException {
    light();
    if (args[1].equals("spark")) {
      spark();
    }
  }

  /** What every command does, and what a mistyped one does. */
  private static void light() {
    PrintStream out = System.out;
    PrintStream err = System.err;
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    System.setOut(nowhere);
    System.setErr(nowhere);
    try {
      Main.run("--help");
      Main.run("version");
      Main.run("no-such-noun");
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private static void spark() throws IOException {
    Path folder = Files.createTempDirectory("tributary-training");
    try (SparkSession session = SparkSession.builder().appName("training").getOrCreate()) {
      Path csv = Files.writeString(folder.resolve("t.csv"), "age,sex\n61,male\n47,female\n,male\n");
      Dataset<Row> table =
          session
              .read()
              .option("header", "true")
              .schema("age double, sex string")
              .csv(csv.toString())
              .where("age >= 40");
      table.groupBy("sex").agg(avg("age"), count(lit(1))).collectAsList();
      JavaRDD<long[]> sums =
          table
              .javaRDD()
              .mapPartitions(
                  rows -> {
                    long persons = 0;
                    for (; rows.hasNext(); rows.next()) {
                      persons++;
                    }
                    return List.of(new long[] {persons}).iterator();
                  });
      sums.treeReduce((a, b) -> new long[] {a[0] + b[0]});
      Dataset<byte[]> blocks =
          session.range(4).map((MapFunction<Long, byte[]>) n -> new byte[8], Encoders.BINARY());
      blocks.collectAsList();
      table.write().mode(SaveMode.Overwrite).parquet(folder.resolve("parquet").toString());
      session.read().parquet(folder.resolve("parquet").toString()).count();
      table.coalesce(1).write().mode(SaveMode.Overwrite).json(folder.resolve("json").toString());
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      paths
          .sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
