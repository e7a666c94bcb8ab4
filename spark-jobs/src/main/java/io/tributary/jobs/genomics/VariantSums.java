package io.tributary.jobs.genomics;

import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Slot;
import io.tributary.analysis.Width;
import io.tributary.connectors.genomics.Chromosome;
import io.tributary.connectors.genomics.CohortGenotypes;
import io.tributary.connectors.genomics.VariantReader;
import io.tributary.connectors.genomics.VariantTile;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.JobFailure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * A site's part of a sum over variants. Executors read the file in tiles and compute the words of
 * one block when it is asked for; the driver holds one block. A variant that the file does not have
 * adds nothing, nor does one on chromosome X, for which nothing is built.
 */
public final class VariantSums {
  /** Words of a tile's calls: 16 MB. */
  private static final int TILE_WORDS = 1 << 21;

  private final SiteTable table;
  private final CohortGenotypes genotypes;
  private final JavaSparkContext spark;

  private VariantSums(SiteTable table) {
    this.table = table;
    this.genotypes = CohortGenotypes.of(table);
    this.spark =
        JavaSparkContext.fromSparkContext(table.rows(List.of()).sparkSession().sparkContext());
  }

  /** Sums over the genotypes beside a site's table. */
  public static VariantSums of(SiteTable table) {
    return new VariantSums(table);
  }

  /**
   * The part of a sum.
   *
   * @param layout narrow slots only, as many words a row as the kernel's
   * @param rows which variants they are, [layout.rows()]
   */
  public Partial part(Layout layout, VariantRows rows, TileKernel kernel) {
    int words = 0;
    for (Slot slot : layout.slots()) {
      if (slot.width() != Width.NARROW) {
        throw new IllegalArgumentException("wide slot " + slot.name());
      }
      words += slot.size();
    }
    if (words != kernel.words() || rows.size() != layout.rows()) {
      throw new IllegalArgumentException(layout + " for " + kernel.words() + " words a variant");
    }
    Broadcast<TileKernel> shared = spark.broadcast(kernel);
    // It holds persons' values, and goes with the rows that they are of.
    table.whenClosed(shared::destroy);
    VariantReader reader = genotypes.source().reader();
    boolean absent = kernel.readsAbsent();
    int fit = TILE_WORDS / kernel.tileWords(reader.samples());
    int least = Math.min(fit, kernel.leastTile());
    return Partial.lazy(
        layout,
        block ->
            block(layout, pieces(layout, rows, fit, absent, least, block), shared, reader, block));
  }

  private long[] block(
      Layout layout,
      List<Piece> pieces,
      Broadcast<TileKernel> kernel,
      VariantReader reader,
      int block) {
    long[] words = new long[layout.words(block)];
    if (pieces.isEmpty()) {
      return words;
    }
    try {
      int tasks = Math.min(pieces.size(), 4 * spark.defaultParallelism());
      List<Tuple2<int[], long[]>> parts =
          spark
              .parallelize(pieces, tasks)
              .map(piece -> piece.sum(reader, kernel.value()))
              .collect();
      int first = block * layout.rowsPerBlock();
      for (Tuple2<int[], long[]> part : parts) {
        scatter(layout, block, first, part, words);
      }
      return words;
    } catch (Exception e) {
      // Spark throws its checked SparkException without declaring it.
      throw JobFailure.refusalIn(e);
    }
  }

  /** From words of one row after another to those of one slot after another. */
  private static void scatter(
      Layout layout, int block, int first, Tuple2<int[], long[]> part, long[] words) {
    int from = 0;
    for (int row : part._1()) {
      for (int slot = 0; slot < layout.slots().size(); slot++) {
        int size = layout.slots().get(slot).size();
        int at = layout.offset(slot, block) + (row - first) * size;
        System.arraycopy(part._2(), from, words, at, size);
        from += size;
      }
    }
  }

  private List<Piece> pieces(
      Layout layout, VariantRows rows, int fit, boolean absent, int least, int block) {
    int autosomes = genotypes.list().first(Chromosome.X);
    int first = block * layout.rowsPerBlock();
    int end = first + layout.rowsIn(block);
    int share = (end - first) / (2 * spark.defaultParallelism()) + 1;
    int most =
        Math.min(VariantTile.MAX_VARIANTS, Math.max(1, Math.min(fit, Math.max(least, share))));
    List<Piece> pieces = new ArrayList<>();
    int[] chosen = new int[most];
    int count = 0;
    for (int row = first; row < end; row++) {
      int variant = rows.variant(row);
      if (variant < autosomes && (absent || genotypes.match().address(variant) >= 0)) {
        chosen[count++] = row;
      }
      if (count == most || (row == end - 1 && count > 0)) {
        pieces.add(piece(rows, Arrays.copyOf(chosen, count)));
        count = 0;
      }
    }
    return pieces;
  }

  private Piece piece(VariantRows rows, int[] chosen) {
    long[] addresses = new long[chosen.length];
    byte[] counted = new byte[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      int variant = rows.variant(chosen[i]);
      addresses[i] = genotypes.match().address(variant);
      counted[i] = genotypes.match().counted(variant);
    }
    return new Piece(chosen, addresses, counted);
  }

  /** Variants that one tile takes: rows of the sum, and where the file has them. */
  private static final class Piece implements Serializable {
    private final int[] rows;
    private final long[] addresses;
    private final byte[] counted;

    Piece(int[] rows, long[] addresses, byte[] counted) {
      this.rows = rows;
      this.addresses = addresses;
      this.counted = counted;
    }

    Tuple2<int[], long[]> sum(VariantReader reader, TileKernel kernel) {
      return new Tuple2<>(rows, kernel.sum(reader, addresses, counted, rows));
    }
  }
}
