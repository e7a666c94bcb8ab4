package io.tributary.protocol.site;

import io.tributary.codec.Digest;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import java.util.Map;

/**
 * A certificate and what a site needs to answer it (PROTOCOL.md 2.5, R3): the other contributors'
 * Uploads as stored, and the boxes they dealt this site. Nothing in it is trusted.
 *
 * @param digest SHA-256 of the certificate as stored
 * @param uploads by roster index, of U without this site
 * @param boxes by roster index of the dealer; one may be missing
 */
public record Opening(
    Digest digest,
    Message.Certificate certificate,
    Map<Integer, SignedObject> uploads,
    Map<Integer, Bytes> boxes) {
  public Opening {
    uploads = Map.copyOf(uploads);
    boxes = Map.copyOf(boxes);
  }
}
