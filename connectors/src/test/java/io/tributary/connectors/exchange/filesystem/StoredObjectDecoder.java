package io.tributary.connectors.exchange.filesystem;

import io.tributary.fuzz.Decoders.Target;
import java.util.List;

/** Files of a shared folder, for the fuzzers. */
public final class StoredObjectDecoder {
  private StoredObjectDecoder() {}

  /** The one target. */
  public static List<Target> targets() {
    byte[] stored = StoredObject.encode("studies/a/upload", new byte[100]);
    return List.of(
        new Target(
            "stored-object",
            List.of(stored, StoredObject.encode("studies/a/upload", new byte[0])),
            bytes -> StoredObject.decode("studies/a/upload", bytes)));
  }
}
