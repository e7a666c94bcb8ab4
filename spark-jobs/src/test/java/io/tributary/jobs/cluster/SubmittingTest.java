package io.tributary.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.jobs.cli.Main;
import io.tributary.jobs.coordinator.CoordinatorJob;
import io.tributary.jobs.site.SiteJob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkException;
import org.apache.spark.deploy.SparkSubmitArguments;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The lines of SUBMITTING.md as Spark and the jobs read them. {@link ClusterIT} runs those for a
 * standalone cluster.
 */
class SubmittingTest {
  /** The jobs that a line can name, and the command that is the same. */
  private static final Map<String, String> JOBS =
      Map.of(SiteJob.class.getName(), "site", CoordinatorJob.class.getName(), "coordinator");

  private static SubmittingPage page;

  @BeforeAll
  static void readPage() throws IOException {
    page = SubmittingPage.read();
  }

  @Test
  void sparkAndTheJobsUnderstandEverySubmittedLine() {
    List<String> lines = page.starting("spark-submit");

    assertThat(lines).hasSize(7);
    for (String line : lines) {
      assertThatCode(() -> parse(page.words(line))).as(line).doesNotThrowAnyException();
    }
  }

  @Test
  void theLauncherAndSparkUnderstandTheLaunchersLines() {
    List<String> lines = page.starting("scripts/tributary");

    assertThat(lines).hasSize(2);
    for (String line : lines) {
      List<String> words = page.words(line);
      int spark = words.indexOf("--");
      List<String> command = words.subList(1, spark);
      new CommandLine(Main.class).parseArgs(command.toArray(String[]::new));
      List<String> submitted = new ArrayList<>(words.subList(spark, words.size()));
      submitted.addAll(List.of("--class", SiteJob.class.getName(), "a.jar", "--config", "c"));
      assertThatCode(() -> parse(submitted)).as(line).doesNotThrowAnyException();
    }
  }

  @Test
  void everyVariableIsSetAndUsed() {
    assertThat(page.used()).isEqualTo(page.exported().keySet());
  }

  @Test
  void whatSparkOrTheJobDoesNotKnowIsFoundOut() {
    String job = " --class " + SiteJob.class.getName() + " a.jar --config site.yaml";
    assertThatThrownBy(() -> parse(page.words("spark-submit --total-cores 4" + job)))
        .isInstanceOf(SparkException.class);
    assertThatThrownBy(() -> parse(page.words("spark-submit --master yarn" + job + " --nowhere x")))
        .isInstanceOf(ParameterException.class);
  }

  /**
   * Everything is understood and nothing is done.
   *
   * @param words the first one is the program
   */
  private static void parse(List<String> words) {
    Map<String, String> environment = Map.of("HADOOP_CONF_DIR", "/etc/hadoop/conf");
    SparkSubmitArguments submitted =
        new SparkSubmitArguments(
            CollectionConverters.asScala(words.subList(1, words.size())).toSeq(),
            scala.collection.immutable.Map.from(CollectionConverters.asScala(environment)));
    assertThat(submitted.primaryResource()).endsWith(".jar");
    assertThat(JOBS).containsKey(submitted.mainClass());
    List<String> command = new ArrayList<>(List.of(JOBS.get(submitted.mainClass()), "run"));
    command.addAll(CollectionConverters.asJava(submitted.childArgs()));
    new CommandLine(Main.class).parseArgs(command.toArray(String[]::new));
  }
}
