package io.tributary.ledger;

import io.tributary.codec.Digest;
import io.tributary.identity.FingerprintKey;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Who was in a cohort and with which values, as keyed hashes: exact sets, in which persons are
 * found again and from which nobody learns them without the key (PROTOCOL.md 2.8).
 *
 * <pre>
 *   bytes 0..7    "TRIBCOH1"
 *   bytes 8..11   u32 big-endian, columns C
 *   bytes 12..19  u64 big-endian, persons P
 *   then          P records in ascending order: person [16], then 8 bytes a column
 * </pre>
 *
 * A person is 128 bits of an HMAC, so two of 10^7 persons are taken for one with probability below
 * 10^-24. What a column holds of a person is the sum over the person's rows, modulo 2^64, of an
 * HMAC of the value, so the order of rows does not matter. An executor hands over names, or unkeyed
 * hashes, of what it holds in the clear anyway; the key stays in the driver.
 */
public final class CohortFingerprint {
  /** Unit of a cohort in which every row is a person: a row is known by all its columns. */
  public static final String ROWS = "*";

  /** What the unit of a joined dataset begins with: no column of its own names its persons. */
  private static final String JOINED = "* ";

  /** Persons in one cohort, at most: they are sorted in memory. */
  public static final int MAX_PERSONS = 1 << 25;

  private static final byte[] MAGIC = "TRIBCOH1".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = 20;
  private static final int PERSON_BYTES = 16;
  private static final int PERSON = 0;
  private static final int VALUE = 1;

  private final String unit;
  private final List<String> columns;
  private final int size;
  private final long[] high;
  private final long[] low;

  /** [columns][persons] */
  private final long[][] values;

  private CohortFingerprint(
      String unit, List<String> columns, int size, long[] high, long[] low, long[][] values) {
    this.unit = unit;
    this.columns = List.copyOf(columns);
    this.size = size;
    this.high = high;
    this.low = low;
    this.values = values;
  }

  public String unit() {
    return unit;
  }

  /**
   * The unit of a dataset that a study joins to its cohort: its rows are about the cohort's
   * persons.
   *
   * @param from the cohort's own dataset
   * @param person its column that names the person
   */
  public static String joinedUnit(String from, String person) {
    return JOINED + from + " " + person;
  }

  static boolean isJoined(String unit) {
    return unit.startsWith(JOINED);
  }

  /** Columns whose values are remembered, in their order; none if rows are the unit. */
  public List<String> columns() {
    return columns;
  }

  public long persons() {
    return size;
  }

  /** Takes the rows of a cohort in any order. */
  public static final class Builder {
    private final FingerprintKey.Hash hash;
    private final String dataset;
    private final String unit;
    private final List<String> columns;
    private final byte[][] names;
    private long[] high = new long[1024];
    private long[] low = new long[1024];
    private final long[][] values;
    private int rows;

    /**
     * A cohort of a dataset.
     *
     * @param unit column that names the person, or {@link #ROWS}
     * @param columns columns whose values are remembered
     */
    public Builder(FingerprintKey key, String dataset, String unit, List<String> columns) {
      this.hash = key.hash();
      this.dataset = dataset;
      this.unit = unit;
      this.columns = List.copyOf(columns);
      this.names = new byte[columns.size()][];
      for (int i = 0; i < names.length; i++) {
        names[i] = columns.get(i).getBytes(StandardCharsets.UTF_8);
      }
      this.values = new long[columns.size()][1024];
    }

    /**
     * One row.
     *
     * @param person hash of what names the person, or of the whole row
     * @param used hashes of the row's values, one a column
     */
    public void row(byte[] person, List<byte[]> used) {
      if (used.size() != columns.size()) {
        throw new IllegalArgumentException("columns=" + used.size());
      }
      if (rows == MAX_PERSONS) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            "dataset " + dataset,
            "has more than " + MAX_PERSONS + " rows in the cohort.",
            "Set cohorts: unchecked in the policy, and grant studies by hand.");
      }
      grow();
      ByteBuffer message =
          ByteBuffer.wrap(hash.of(PERSON, concat(utf8(dataset), utf8(unit), person)));
      high[rows] = message.getLong();
      low[rows] = message.getLong();
      for (int i = 0; i < names.length; i++) {
        values[i][rows] =
            ByteBuffer.wrap(hash.of(VALUE, concat(person, names[i], used.get(i)))).getLong();
      }
      rows++;
    }

    private void grow() {
      if (rows < high.length) {
        return;
      }
      int length = Math.min(MAX_PERSONS, 2 * rows);
      high = Arrays.copyOf(high, length);
      low = Arrays.copyOf(low, length);
      for (int i = 0; i < values.length; i++) {
        values[i] = Arrays.copyOf(values[i], length);
      }
    }

    private static byte[] utf8(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Parts with their lengths, so that no two lists of parts look alike. */
    private static byte[] concat(byte[]... parts) {
      int length = 0;
      for (byte[] part : parts) {
        length += Integer.BYTES + part.length;
      }
      ByteBuffer out = ByteBuffer.allocate(length);
      for (byte[] part : parts) {
        out.putInt(part.length).put(part);
      }
      return out.array();
    }

    /**
     * The fingerprint. Rows of one person become one; where rows are the unit, equal rows stay
     * apart: each is somebody.
     */
    public CohortFingerprint build() {
      Integer[] order = new Integer[rows];
      Arrays.setAll(order, i -> i);
      Arrays.sort(
          order,
          (a, b) -> {
            int first = Long.compareUnsigned(high[a], high[b]);
            return first != 0 ? first : Long.compareUnsigned(low[a], low[b]);
          });
      long[] sortedHigh = new long[rows];
      long[] sortedLow = new long[rows];
      long[][] sums = new long[values.length][rows];
      int persons = -1;
      for (int at : order) {
        boolean same =
            persons >= 0 && sortedHigh[persons] == high[at] && sortedLow[persons] == low[at];
        if (!same || unit.equals(ROWS)) {
          persons++;
        }
        sortedHigh[persons] = high[at];
        sortedLow[persons] = low[at];
        for (int i = 0; i < values.length; i++) {
          sums[i][persons] += values[i][at];
        }
      }
      return new CohortFingerprint(unit, columns, persons + 1, sortedHigh, sortedLow, sums);
    }
  }

  // ---- comparison ------------------------------------------------------------------------------

  /**
   * How many persons were added, removed or changed.
   *
   * @param members persons in one cohort and not in the other
   * @param changed for each column that both remember: persons in both whose values differ
   */
  public record Difference(long members, List<Long> changed) {
    public Difference {
      changed = List.copyOf(changed);
    }

    /**
     * Whether a difference of sums could be about 1 to k - 1 persons: the count of members, or a
     * sum over a column, for which members count too.
     */
    public boolean isTooClose(int k) {
      return within(members, k) || changed.stream().anyMatch(column -> within(members + column, k));
    }

    private static boolean within(long persons, int k) {
      return persons > 0 && persons < k;
    }
  }

  /** The exact difference of two cohorts of one dataset and unit. */
  public Difference difference(CohortFingerprint other) {
    if (!unit.equals(other.unit)) {
      throw new IllegalArgumentException("units " + unit + " and " + other.unit);
    }
    List<int[]> common = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      int theirs = other.columns.indexOf(columns.get(i));
      if (theirs >= 0) {
        common.add(new int[] {i, theirs});
      }
    }
    long[] changed = new long[common.size()];
    long members = 0;
    int a = 0;
    int b = 0;
    while (a < size && b < other.size) {
      int order = order(a, other, b);
      if (order == 0) {
        for (int i = 0; i < changed.length; i++) {
          boolean same = values[common.get(i)[0]][a] == other.values[common.get(i)[1]][b];
          changed[i] += same ? 0 : 1;
        }
        a++;
        b++;
      } else {
        members++;
        a += order < 0 ? 1 : 0;
        b += order > 0 ? 1 : 0;
      }
    }
    members += (size - a) + (other.size - b);
    return new Difference(members, Arrays.stream(changed).boxed().toList());
  }

  private int order(int at, CohortFingerprint other, int there) {
    int first = Long.compareUnsigned(high[at], other.high[there]);
    return first != 0 ? first : Long.compareUnsigned(low[at], other.low[there]);
  }

  // ---- file ------------------------------------------------------------------------------------

  /** The file's bytes. */
  byte[] encode() {
    long bytes = HEADER_BYTES + (long) size * (PERSON_BYTES + Long.BYTES * columns.size());
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(bytes));
    out.put(MAGIC).putInt(columns.size()).putLong(size);
    for (int at = 0; at < size; at++) {
      out.putLong(high[at]).putLong(low[at]);
      for (long[] column : values) {
        out.putLong(column[at]);
      }
    }
    return out.array();
  }

  /** Reads a file; STATE_ROLLED_BACK if it is not the one that the ledger names. */
  static CohortFingerprint decode(LedgerEntry.CohortUsed entry, byte[] file) {
    int width = PERSON_BYTES + Long.BYTES * entry.columns().size();
    boolean fits =
        Digest.sha256(file).equals(entry.file())
            && file.length == HEADER_BYTES + entry.persons() * width;
    if (!fits) {
      throw Errors.protocol(
          ErrorCode.STATE_ROLLED_BACK,
          "A file of cohort fingerprints is not the one that the ledger names.",
          "It was altered, or the ledger was restored without it.",
          "Restore the whole state folder as it last was.");
    }
    ByteBuffer in = ByteBuffer.wrap(file, HEADER_BYTES, file.length - HEADER_BYTES);
    int size = Math.toIntExact(entry.persons());
    long[] high = new long[size];
    long[] low = new long[size];
    long[][] values = new long[entry.columns().size()][size];
    for (int at = 0; at < size; at++) {
      high[at] = in.getLong();
      low[at] = in.getLong();
      for (long[] column : values) {
        column[at] = in.getLong();
      }
    }
    return new CohortFingerprint(entry.unit(), entry.columns(), size, high, low, values);
  }

  @Override
  public String toString() {
    return "CohortFingerprint[withheld]";
  }
}
