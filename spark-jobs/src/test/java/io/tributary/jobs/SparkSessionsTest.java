package io.tributary.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.util.List;
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
}
