package io.tributary.jobs.fuzz;

import io.tributary.connectors.exchange.filesystem.StoredObjectDecoder;
import io.tributary.connectors.exchange.flight.WireDecoders;
import io.tributary.connectors.genomics.GenomicsDecoders;
import io.tributary.fuzz.DecoderFuzz;
import io.tributary.fuzz.Decoders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code scripts/fuzz} runs: the decoders of all modules. */
public final class Fuzz {
  private Fuzz() {}

  /** Arguments: see {@link DecoderFuzz#run}. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("tributary-fuzz");
    List<Decoders.Target> targets = new ArrayList<>(Decoders.all(folder));
    targets.addAll(StoredObjectDecoder.targets());
    targets.addAll(WireDecoders.targets());
    targets.addAll(GenomicsDecoders.targets(folder));
    targets.addAll(JobsDecoders.all(folder));
    System.exit(DecoderFuzz.run(targets, args));
  }
}
