package io.tributary.codec;

/**
 * What a frame says about itself in the schema of its Arrow stream (PROTOCOL.md 2.5); the reader
 * knows all of it beforehand and refuses a frame that differs.
 *
 * @param study digest of the signed study
 * @param round ctx_round, so a frame of another attempt is never taken for this one's
 * @param site roster index of the sender
 * @param frame f, number of the frame in the layout
 * @param layout layout_digest
 */
public record FrameHeader(Digest study, Digest round, int site, int frame, Digest layout) {
  public FrameHeader {
    if (site < 0 || site >= SiteSet.MAX_SITES || frame < 0) {
      throw new IllegalArgumentException("site=" + site + " frame=" + frame);
    }
  }
}
