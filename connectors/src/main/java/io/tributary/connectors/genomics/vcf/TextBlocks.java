package io.tributary.connectors.genomics.vcf;

/**
 * A text in blocks of at most 64 KiB that are loaded in any order. A block's number and a byte in
 * it make an address of 48 and 16 bits, as in BGZF, by which a line is found again.
 */
sealed interface TextBlocks extends AutoCloseable permits PlainBlocks, BgzfBlocks, GzipBlocks {
  /** Bytes of one block, at most. */
  int MAX_BYTES = 1 << 16;

  /**
   * Loads a block.
   *
   * @param block 0, or what {@link #next()} said
   * @return false if the text ends before it
   */
  boolean load(long block);

  /** The loaded block's bytes; live. */
  byte[] bytes();

  /** How many of them there are; may be 0. */
  int length();

  /** Number of the block after the loaded one. */
  long next();

  @Override
  void close();
}
