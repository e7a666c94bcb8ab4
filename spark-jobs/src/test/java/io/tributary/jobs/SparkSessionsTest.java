package io.tributary.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.connectors.SharedSpark;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.sql.Timestamp;
import java.util.List;
import java.util.TimeZone;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** A JVM without Spark's options is refused before Spark fails in it. */
class SparkSessionsTest {
  @Test
  void aJvmWithSparksOptionsIsTaken() {
    assertThatCode(() -> new SparkSessions("test").close()).doesNotThrowAnyException();
  }

  @Test
  void aPackageThatIsNotOpenIsRefusedWithTheRemedy() {
    assertThatThrownBy(() -> SparkSessions.requireOpened(List.of("java.nio", "java.util.jar")))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.WRONG_JAVA);
              assertThat(e.getMessage()).contains("java.util.jar", "spark-jvm-options");
            });
  }

  /** A database's timestamps are read in the JVM's zone, and Spark's dates are those of UTC. */
  @Test
  void sessionsAreInUtcWhereverTheMachineIs() {
    SharedSpark.session();
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
    try (SparkSessions sessions = new SparkSessions("test")) {
      SparkSession session = sessions.get();
      Timestamp midnight = Timestamp.valueOf("1970-05-05 00:00:00");
      assertThat(
              session
                  .createDataset(List.of(midnight), Encoders.TIMESTAMP())
                  .selectExpr("string(date(value))")
                  .first()
                  .getString(0))
          .isEqualTo("1970-05-05");
    } finally {
      TimeZone.setDefault(before);
    }
  }
}
