package io.tributary.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.Test;

/** The logging that the launcher sets up, under a flood. */
class LogCapTest {
  private static final int FLOOD = 50_000;

  @Test
  void aFloodOfWarningsIsCutOff() {
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (LoggerContext context =
        new LoggerContext("capped", null, Path.of("..", "conf", "log4j2.properties").toUri())) {
      context.start();
      context.getLogger("io.tributary.first").error("a first line");
      for (int i = 0; i < FLOOD; i++) {
        context.getLogger("io.tributary.flood").error("refused caller {}", i);
        context.getLogger("org.apache.spark.flood").warn("lost task {}", i);
      }
    } finally {
      System.setErr(err);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text).contains("ERROR first: a first line", "refused caller 0");
    assertThat(text.lines().count()).isBetween(400L, 700L);
  }
}
