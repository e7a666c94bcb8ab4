package io.tributary.jobs.genomics;

import io.tributary.report.Bgzf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An index of tabix (The Tabix index file format; Li 2011) over a table in blocks of {@link Bgzf}:
 * one line of names, then lines in order of chromosome and position, which are the first two
 * columns, positions from 1. By it a region's lines are found without reading those before.
 */
public final class TabixIndex {
  private static final int MAGIC = 'T' | ('B' << 8) | ('I' << 16) | (1 << 24);

  /** First of the smallest bins, of 2^14 bases each (SAM specification 5.3). */
  private static final int FIRST_SMALLEST = 4681;

  private static final int WINDOW_BITS = 14;

  private final Map<String, Places> places = new LinkedHashMap<>();

  private TabixIndex() {}

  /** Where the lines of one chromosome are: an address holds a block's place and one within. */
  private static final class Places {
    private final Map<Integer, List<long[]>> chunks = new TreeMap<>();
    private final List<Long> windows = new ArrayList<>();
    private int bin = -1;

    void add(int position, long start, long end) {
      int window = (position - 1) >>> WINDOW_BITS;
      while (windows.size() <= window) {
        windows.add(start);
      }
      if (bin != FIRST_SMALLEST + window) {
        bin = FIRST_SMALLEST + window;
        chunks.computeIfAbsent(bin, each -> new ArrayList<>()).add(new long[] {start, end});
      }
      List<long[]> here = chunks.get(bin);
      here.get(here.size() - 1)[1] = end;
    }
  }

  /**
   * Writes the index of a table.
   *
   * @param table all its bytes
   */
  public static void write(InputStream table, OutputStream out) throws IOException {
    TabixIndex index = new TabixIndex();
    index.read(new Bgzf.Reader(table));
    out.write(Bgzf.packed(index.bytes()));
    out.write(Bgzf.end());
  }

  private void read(Bgzf.Reader table) throws IOException {
    StringBuilder line = new StringBuilder();
    boolean names = true;
    long start = 0;
    for (int b = table.read(); b >= 0; b = table.read()) {
      if (b != '\n') {
        line.append((char) b);
        continue;
      }
      if (!names) {
        add(line, start, table.address());
      }
      names = false;
      start = table.address();
      line.setLength(0);
    }
  }

  private void add(StringBuilder line, long start, long end) {
    int tab = line.indexOf("\t");
    String name = line.substring(0, tab);
    int position = Integer.parseInt(line, tab + 1, line.indexOf("\t", tab + 1), 10);
    places.computeIfAbsent(name, each -> new Places()).add(position, start, end);
  }

  private byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    for (String each : places.keySet()) {
      names.writeBytes((each + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    // Magic, chromosomes, a table of any kind, its columns of chromosome, begin and end, the mark
    // of other lines, and how many stand before the first.
    ints(out, MAGIC, places.size(), 0, 1, 2, 2, '#', 1, names.size());
    out.writeBytes(names.toByteArray());
    for (Places each : places.values()) {
      ints(out, each.chunks.size());
      each.chunks.forEach(
          (bin, chunks) -> {
            ints(out, bin, chunks.size());
            chunks.forEach(chunk -> longs(out, chunk));
          });
      ints(out, each.windows.size());
      each.windows.forEach(window -> longs(out, window));
    }
    return out.toByteArray();
  }

  private static void ints(ByteArrayOutputStream out, int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putInt(value);
    }
    out.writeBytes(bytes.array());
  }

  private static void longs(ByteArrayOutputStream out, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      bytes.putLong(value);
    }
    out.writeBytes(bytes.array());
  }
}
