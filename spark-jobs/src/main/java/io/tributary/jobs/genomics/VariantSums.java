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
    Cut cut =
        new Cut(
            rows,
            kernel.readsAbsent(),
            kernel.ahead(),
            TILE_WORDS / kernel.tileWords(reader.samples()),
            kernel.leastTile());
    return Partial.lazy(
        layout,
        block -> {
          int first = block * layout.rowsPerBlock();
          List<Piece> pieces = pieces(cut, first, first + layout.rowsIn(block));
          return block(layout, pieces, shared, reader, block);
        });
  }

  /**
   * Sums over variants for each sample of the file; they do not leave the site.
   *
   * @param columns of the kernel
   * @return row-major [samples x columns]
   */
  public long[] overSamples(VariantRows rows, int columns, PersonKernel kernel) {
    VariantReader reader = genotypes.source().reader();
    int samples = reader.samples();
    int fit = TILE_WORDS / VariantTile.stride(samples);
    List<Piece> pieces = pieces(new Cut(rows, false, 0, fit, 1), 0, rows.size());
    long[] sums = new long[Math.multiplyExact(samples, columns)];
    if (pieces.isEmpty()) {
      return sums;
    }
    Broadcast<PersonKernel> shared = spark.broadcast(kernel);
    try {
      int tasks = Math.min(pieces.size(), 2 * spark.defaultParallelism());
      return spark
          .parallelize(pieces, tasks)
          .aggregate(
              sums,
              (into, piece) -> added(into, piece.sum(reader, shared.value())),
              VariantSums::added);
    } catch (Exception e) {
      // Spark throws its checked SparkException without declaring it.
      throw JobFailure.refusalIn(e);
    } finally {
      shared.destroy();
    }
  }

  private static long[] added(long[] into, long[] from) {
    for (int at = 0; at < into.length; at++) {
      into[at] += from[at];
    }
    return into;
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

  /**
   * How rows are cut into tiles.
   *
   * @param absent whether variants that the file does not have are read
   * @param ahead variants read beyond a tile
   * @param fit variants that a tile has room for
   * @param least variants of a tile unless fewer fit
   */
  private record Cut(VariantRows rows, boolean absent, int ahead, int fit, int least) {
    /** Variants of a tile where a task has this share. */
    int most(int share) {
      int room = Math.min(VariantTile.MAX_VARIANTS, fit) - ahead;
      return Math.max(1, Math.min(room, Math.max(least, share)));
    }
  }

  private List<Piece> pieces(Cut cut, int first, int end) {
    int autosomes = genotypes.list().first(Chromosome.X);
    int most = cut.most((end - first) / (2 * spark.defaultParallelism()) + 1);
    List<Piece> pieces = new ArrayList<>();
    int[] chosen = new int[most];
    int count = 0;
    for (int row = first; row < end; row++) {
      int variant = cut.rows().variant(row);
      if (variant < autosomes && (cut.absent() || genotypes.match().address(variant) >= 0)) {
        chosen[count++] = row;
      }
      if (count == most || (row == end - 1 && count > 0)) {
        pieces.add(piece(cut, Arrays.copyOf(chosen, count)));
        count = 0;
      }
    }
    return pieces;
  }

  private Piece piece(Cut cut, int[] chosen) {
    int last = chosen[chosen.length - 1];
    int ahead = Math.min(cut.ahead(), cut.rows().size() - 1 - last);
    long[] addresses = new long[chosen.length + ahead];
    byte[] counted = new byte[addresses.length];
    for (int i = 0; i < addresses.length; i++) {
      int row = i < chosen.length ? chosen[i] : last + 1 + i - chosen.length;
      int variant = cut.rows().variant(row);
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

    long[] sum(VariantReader reader, PersonKernel kernel) {
      VariantTile tile = new VariantTile(reader.samples(), rows.length);
      reader.read(addresses, counted, tile);
      return kernel.sum(tile, rows);
    }
  }
}
