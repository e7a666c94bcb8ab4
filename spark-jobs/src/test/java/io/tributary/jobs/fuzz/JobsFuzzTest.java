package io.tributary.jobs.fuzz;

import io.tributary.fuzz.Decoders;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short seeded run of the fuzzers of this module; {@code scripts/fuzz} runs them longer. */
class JobsFuzzTest {
  private static final int INPUTS = 1_500;

  @TempDir Path folder;

  @Test
  void nothingButNamedRefusalsGetsOut() {
    Decoders.requireNoEscape(JobsDecoders.all(folder), target -> INPUTS);
  }

  @Test
  void whatInputsAreMadeFromIsTaken() {
    Decoders.requireTaken(JobsDecoders.all(folder));
  }
}
