package io.tributary.journal;

import java.util.ArrayList;
import java.util.List;

/** Bodies of evidence lines without their digests, for the fuzzers. */
public final class EvidenceBodies {
  private EvidenceBodies() {}

  /** Of every line of a journal. */
  public static List<byte[]> of(byte[] journal) {
    List<byte[]> bodies = new ArrayList<>();
    EvidenceJournal.read(
        journal,
        EvidenceJournal.Bodies.WHOLE,
        (head, entry) -> bodies.add(entry.orElseThrow().encode()));
    return bodies;
  }

  /** Reads one, and says it in words. */
  public static String words(byte[] body) {
    return EvidenceEntry.decode(body).words();
  }
}
