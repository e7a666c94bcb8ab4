package io.tributary.jobs.genomics;

import io.tributary.analysis.Layout;
import io.tributary.study.Errors;
import java.util.Arrays;
import java.util.BitSet;

/** Which variants of the study's list are the rows of a sum, in the list's order. */
public final class VariantRows {
  private final int[] variants;
  private final int size;

  private VariantRows(int[] variants, int size) {
    this.variants = variants;
    this.size = size;
  }

  /** All variants of a list. */
  public static VariantRows all(int size) {
    return new VariantRows(new int[0], size);
  }

  /** Some variants. */
  public static VariantRows of(BitSet kept) {
    return new VariantRows(kept.stream().toArray(), kept.cardinality());
  }

  public int size() {
    return size;
  }

  /** Position in the list. */
  public int variant(int row) {
    return variants.length == 0 ? row : variants[row];
  }

  /** Row of a variant of the list, or a negative number. */
  public int row(int variant) {
    return variants.length == 0 && size > 0 ? variant : Arrays.binarySearch(variants, variant);
  }

  /** Rows of a block: as many thousands as fit a frame of the protocol, one at least. */
  public static int perBlock(int wordsPerRow) {
    int fit = Layout.MAX_BLOCK_WORDS / wordsPerRow;
    if (fit == 0) {
      throw Errors.layoutWouldWrap(
          "variant",
          "One variant has " + wordsPerRow + " words, the most is " + Layout.MAX_BLOCK_WORDS + ".",
          "Leave columns out of the model.");
    }
    return fit >= 1024 ? fit - fit % 1024 : fit;
  }
}
