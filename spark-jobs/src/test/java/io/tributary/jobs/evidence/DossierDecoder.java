package io.tributary.jobs.evidence;

import io.tributary.fuzz.Decoders.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The container of a dossier, for the fuzzers; what is inside is fuzzed by EvidenceTest. */
public final class DossierDecoder {
  private DossierDecoder() {}

  /** The one target. */
  public static List<Target> targets() {
    byte[] container =
        DossierZip.write(
            Map.of(
                "dossier.json", "{}".getBytes(StandardCharsets.UTF_8),
                "study/study.yaml", "study: x".getBytes(StandardCharsets.UTF_8),
                "objects/c/e0000000001/0-open-0123456789abcdef", new byte[40]));
    return List.of(new Target("dossier", List.of(container), DossierZip::read));
  }
}
