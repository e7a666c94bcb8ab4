package io.tributary.connectors.exchange;

import io.tributary.connectors.exchange.filesystem.StoredObjectDecoder;
import io.tributary.connectors.exchange.flight.WireDecoders;
import io.tributary.fuzz.Decoders;
import org.junit.jupiter.api.Test;

/** A short seeded run of the fuzzers of both exchanges; {@code scripts/fuzz} runs them longer. */
class ExchangeFuzzTest {
  private static final int INPUTS = 1_500;

  @Test
  void nothingButNamedRefusalsGetsOut() {
    Decoders.requireNoEscape(StoredObjectDecoder.targets(), target -> INPUTS);
    Decoders.requireNoEscape(WireDecoders.targets(), target -> INPUTS);
  }

  @Test
  void whatInputsAreMadeFromIsTaken() {
    Decoders.requireTaken(StoredObjectDecoder.targets());
    Decoders.requireTaken(WireDecoders.targets());
  }
}
