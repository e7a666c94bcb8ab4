package io.tributary.connectors.genomics.vcf;

import io.tributary.connectors.genomics.GenomicFile;

/** A text as it stands: block k is the k-th 64 KiB, so that an address is a byte's place. */
final class PlainBlocks implements TextBlocks {
  private final GenomicFile file;
  private final byte[] bytes = new byte[MAX_BYTES];
  private int length;
  private long next;

  PlainBlocks(GenomicFile file) {
    this.file = file;
  }

  @Override
  public boolean load(long block) {
    long from = block * MAX_BYTES;
    if (from >= file.size()) {
      return false;
    }
    length = (int) Math.min(MAX_BYTES, file.size() - from);
    next = block + 1;
    file.read(from, bytes, 0, length);
    return true;
  }

  @Override
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public long next() {
    return next;
  }

  @Override
  public void close() {
    file.close();
  }
}
