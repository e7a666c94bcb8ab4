package io.tributary.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short seeded run of every fuzzer; {@code scripts/fuzz} runs them for minutes. */
class DecoderFuzzTest {
  private static final int INPUTS = 2_000;

  /** Files that are opened anew, and locked, for each input. */
  private static final Set<String> FILES =
      Set.of("journal", "ledger", "key-file", "release-manifest", "result-table");

  private static final int FILE_INPUTS = 250;

  @TempDir Path folder;

  @Test
  void nothingButNamedRefusalsGetsOut() throws IOException {
    List<Decoders.Target> targets = Decoders.all(folder);
    assertThat(targets).allSatisfy(target -> assertThat(target.corpus()).isNotEmpty());
    Decoders.requireNoEscape(
        targets, target -> FILES.contains(target.name()) ? FILE_INPUTS : INPUTS);
  }

  /** A fuzzer whose inputs come from something that is refused at once does not reach far. */
  @Test
  void whatInputsAreMadeFromIsTaken() throws IOException {
    Decoders.requireTaken(Decoders.all(folder));
  }

  @Test
  void anEscapeIsFound() {
    Decoders.Target careless =
        new Decoders.Target("careless", List.of(new byte[] {1, 2}), bytes -> bytes[0] += bytes[1]);
    assertThatThrownBy(() -> Decoders.requireNoEscape(List.of(careless), target -> 1_000))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("careless seed ")
        .hasCauseInstanceOf(ArrayIndexOutOfBoundsException.class);
  }
}
