package io.tributary.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short seeded run of every fuzzer; {@code scripts/fuzz} runs them for minutes. */
class DecoderFuzzTest {
  private static final int INPUTS = 4_000;

  /** The journal is a file that is opened anew for each input. */
  private static final int JOURNALS = 250;

  @TempDir Path folder;

  @Test
  void everyDecoderReadsItsOwnCorpus() throws IOException {
    for (Decoders.Target target : Decoders.all(folder)) {
      assertThat(target.corpus()).as(target.name()).isNotEmpty();
      for (byte[] real : target.corpus()) {
        assertThat(target.escape(real)).as(target.name()).isEmpty();
      }
    }
  }

  @Test
  void nothingButNamedRefusalsGetsOut() throws IOException {
    List<Decoders.Target> targets = Decoders.all(folder);
    for (Decoders.Target target : targets) {
      int inputs = target.name().equals("journal") ? JOURNALS : INPUTS;
      for (long seed = 0; seed < inputs; seed++) {
        byte[] bytes = new Mutator(seed).next(target.corpus());
        Optional<Throwable> escape = target.escape(bytes);
        if (escape.isPresent()) {
          throw new AssertionError(
              target.name() + " seed " + seed + ": " + HexFormat.of().formatHex(bytes),
              escape.get());
        }
      }
    }
  }
}
