package io.tributary.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM that would write its memory into a file is no place for keys. */
class MemoryDumpsTest {
  private static final HotSpotDiagnosticMXBean JVM =
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);

  @ParameterizedTest
  @ValueSource(
      strings = {"HeapDumpOnOutOfMemoryError", "HeapDumpBeforeFullGC", "HeapDumpAfterFullGC"})
  void aJvmThatDumpsItsHeapIsRefused(String option) {
    String before = JVM.getVMOption(option).getValue();
    JVM.setVMOption(option, "true");
    try {
      assertThatThrownBy(MemoryDumps::requireNone)
          .hasMessageContaining(option)
          .isInstanceOfSatisfying(
              TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WRONG_JAVA));
    } finally {
      JVM.setVMOption(option, before);
    }
  }

  @Test
  void thisJvmDumpsNothing() {
    assertThatCode(MemoryDumps::requireNone).doesNotThrowAnyException();
  }
}
