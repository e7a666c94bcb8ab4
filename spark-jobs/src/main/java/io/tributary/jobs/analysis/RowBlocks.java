package io.tributary.jobs.analysis;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.codec.GridSum;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.study.Errors;
import io.tributary.study.Study.Cohort;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.WeakHashMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * A site's rows as blocks of doubles, read from its table once and kept on the executors for all
 * rounds of an analysis.
 *
 * <p>One block is one array: element 0 counts the rows the reader dropped, then the kept rows
 * follow, row-major [rows x width]; NaN stands for a missing value. Only such arrays and words
 * cross between executors and driver.
 */
public final class RowBlocks {
  /**
   * Half a megabyte a block: small beside an executor's heap, large beside Spark's cost a record.
   */
  private static final int BLOCK_DOUBLES = 1 << 16;

  /** Most that the rows of one cluster may hold, 128 megabytes: they stand in one block. */
  private static final int CLUSTER_DOUBLES = 1 << 24;

  private static final Map<SiteTable, Map<Object, RowBlocks>> KEPT =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final JavaRDD<double[]> blocks;

  private RowBlocks(JavaRDD<double[]> blocks) {
    this.blocks = blocks;
  }

  /** Turns a row into {@code width} doubles; runs on executors. */
  public interface RowReader extends Serializable {
    int width();

    /**
     * Writes one row.
     *
     * @param row the columns asked for, in that order
     * @param into receives {@code width} doubles from {@code at} on, NaN for missing
     * @return whether the row is kept; else it is counted as dropped
     */
    boolean read(Row row, double[] into, int at);
  }

  /** Adds one block's rows to a sum; runs on executors. */
  public interface Kernel extends Serializable {
    void add(double[] block, GridSum sum);
  }

  /**
   * The table's rows through a reader. Read once for each {@code key}, which names columns and
   * reader.
   */
  public static RowBlocks of(SiteTable table, Object key, List<String> columns, RowReader reader) {
    Map<Object, RowBlocks> ofTable = KEPT.computeIfAbsent(table, RowBlocks::start);
    return ofTable.computeIfAbsent(key, k -> new RowBlocks(read(table, columns, reader)));
  }

  /**
   * The same with all rows of a person one after the other in one block, where the study names the
   * person; else each row is a person.
   *
   * @param firstAt position in a row that receives 1 if the row is its person's first one that is
   *     kept, else 0
   */
  public static RowBlocks byPerson(
      Job job, SiteTable table, Object key, List<String> columns, RowReader reader, int firstAt) {
    int most = job.study().cohort().rowsPerPerson();
    String person = job.study().cohort().person().orElse(Cohort.PERSON_OF_RECORDS);
    Map<Object, RowBlocks> ofTable = KEPT.computeIfAbsent(table, RowBlocks::start);
    return ofTable.computeIfAbsent(
        key,
        k ->
            most > 1
                ? together(table.rowsByPerson(columns), reader, person, columns.size(), firstAt)
                : together(table.rows(columns), reader, person, -1, firstAt));
  }

  /**
   * The same with all rows together that have the same value of a column; the reader sees it as a
   * last one. DATA_INVALID, once blocks are read, if they are more than one block can hold.
   */
  public static RowBlocks byCluster(
      SiteTable table,
      Object key,
      List<String> columns,
      String cluster,
      RowReader reader,
      int firstAt) {
    Map<Object, RowBlocks> ofTable = KEPT.computeIfAbsent(table, RowBlocks::start);
    return ofTable.computeIfAbsent(
        key,
        k -> together(table.rowsBy(cluster, columns), reader, cluster, columns.size(), firstAt));
  }

  private static RowBlocks together(
      Dataset<Row> rows, RowReader reader, String cluster, int clusterAt, int firstAt) {
    return new RowBlocks(
        rows.toJavaRDD()
            .mapPartitions(
                part ->
                    new ClusterBlocks(part, reader, cluster, clusterAt, firstAt, CLUSTER_DOUBLES))
            .persist(StorageLevel.MEMORY_AND_DISK()));
  }

  private static Map<Object, RowBlocks> start(SiteTable table) {
    table.whenClosed(() -> release(table));
    return Collections.synchronizedMap(new LinkedHashMap<>());
  }

  /** Frees what was kept for a table; closing it does this. */
  public static void release(SiteTable table) {
    Map<Object, RowBlocks> ofTable = KEPT.remove(table);
    if (ofTable != null) {
      ofTable.values().forEach(kept -> kept.blocks.unpersist(false));
    }
  }

  /** One partial: each Spark partition fills its own sum, and their words are merged. */
  public Partial sum(Layout layout, Kernel kernel) {
    return Partial.of(layout, words(layout, kernel));
  }

  /** The same sum as numbers, from which a site works out what it contributes; nobody sees it. */
  public Aggregate local(Layout layout, Kernel kernel) {
    return Aggregate.of(layout, 1, words(layout, kernel));
  }

  private long[] words(Layout layout, Kernel kernel) {
    return PartitionWords.sum(
        blocks,
        layout,
        part -> {
          GridSum sum = new GridSum(layout);
          while (part.hasNext()) {
            kernel.add(part.next(), sum);
          }
          return sum.words();
        });
  }

  private static JavaRDD<double[]> read(SiteTable table, List<String> columns, RowReader reader) {
    Dataset<Row> rows = table.rows(columns);
    return rows.toJavaRDD()
        .mapPartitions(part -> new BlockIterator(part, reader))
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  /** Packs the rows of a partition. */
  private static final class BlockIterator implements Iterator<double[]> {
    private final Iterator<Row> rows;
    private final RowReader reader;
    private final int rowsPerBlock;

    BlockIterator(Iterator<Row> rows, RowReader reader) {
      this.rows = rows;
      this.reader = reader;
      this.rowsPerBlock = Math.max(1, BLOCK_DOUBLES / Math.max(1, reader.width()));
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public double[] next() {
      if (!rows.hasNext()) {
        throw new NoSuchElementException();
      }
      int width = reader.width();
      double[] block = new double[1 + rowsPerBlock * width];
      int at = 1;
      // Dropped rows end a block too, so that one call does not read a whole partition.
      for (int i = 0; i < rowsPerBlock && rows.hasNext(); i++) {
        if (reader.read(rows.next(), block, at)) {
          at += width;
        } else {
          block[0]++;
        }
      }
      return at == block.length ? block : Arrays.copyOf(block, at);
    }
  }

  /** Packs the rows of a partition, those of one cluster into one block. */
  static final class ClusterBlocks implements Iterator<double[]> {
    private final Iterator<Row> rows;
    private final RowReader reader;
    private final String cluster;
    private final int clusterAt;
    private final int firstAt;
    private final int most;
    private Row next;

    /**
     * Blocks of rows that stand by cluster.
     *
     * @param cluster column whose equal values make one, for an error
     * @param clusterAt its position in a row; below 0 each row is a cluster
     * @param most doubles of one cluster's rows
     */
    ClusterBlocks(
        Iterator<Row> rows,
        RowReader reader,
        String cluster,
        int clusterAt,
        int firstAt,
        int most) {
      this.rows = rows;
      this.reader = reader;
      this.cluster = cluster;
      this.clusterAt = clusterAt;
      this.firstAt = firstAt;
      this.most = most;
      this.next = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public double[] next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      int width = reader.width();
      double[] block = new double[1 + Math.max(1, BLOCK_DOUBLES / width) * width];
      int at = 1;
      int taken = 0;
      Object before = null;
      Object kept = null;
      int members = 0;
      while (next != null) {
        Object now = clusterAt < 0 ? null : next.get(clusterAt);
        boolean same = taken > 0 && clusterAt >= 0 && Objects.equals(now, before);
        if (!same && taken > 0 && (taken + 1L) * width > BLOCK_DOUBLES) {
          break;
        }
        if (at + width > block.length) {
          block = Arrays.copyOf(block, 2 * block.length);
        }
        if (reader.read(next, block, at)) {
          boolean another = members > 0 && same && Objects.equals(now, kept);
          members = another ? members + 1 : 1;
          if (another && members > most / width) {
            throw Errors.clusterTooLarge(cluster, most / width);
          }
          block[at + firstAt] = another ? 0 : 1;
          kept = now;
          at += width;
        } else {
          block[0]++;
        }
        before = now;
        taken++;
        next = rows.hasNext() ? rows.next() : null;
      }
      return at == block.length ? block : Arrays.copyOf(block, at);
    }
  }

  /** The keys of what is kept for a table; for tests of release. */
  static List<Object> kept(SiteTable table) {
    Map<Object, RowBlocks> ofTable = KEPT.get(table);
    return ofTable == null ? List.of() : new ArrayList<>(ofTable.keySet());
  }
}
