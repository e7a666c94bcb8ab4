package io.tributary.connectors.genomics;

import io.tributary.fuzz.Decoders;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short seeded run of the fuzzers of genotype files; {@code scripts/fuzz} runs them longer. */
class GenomicsFuzzTest {
  private static final int INPUTS = 120;

  @TempDir private Path folder;

  @Test
  void nothingButNamedRefusalsGetsOut() throws IOException {
    Decoders.requireNoEscape(GenomicsDecoders.targets(folder), target -> INPUTS);
  }

  @Test
  void whatInputsAreMadeFromIsTaken() throws IOException {
    Decoders.requireTaken(GenomicsDecoders.targets(folder));
  }
}
