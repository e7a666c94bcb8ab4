package io.tributary.jobs.genomics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.report.Bgzf;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** An index read by the format's words finds each line. */
public class TabixIndexTest {
  /** An index as its file tells it. */
  public record Read(List<Integer> header, List<String> names, List<Places> places) {}

  /** Where the lines of one chromosome are. */
  public record Places(Map<Integer, List<long[]>> chunks, List<Long> windows) {}

  /** Reads an index (the Tabix index file format). */
  public static Read read(byte[] index) throws IOException {
    byte[] bytes = new GZIPInputStream(new ByteArrayInputStream(index)).readAllBytes();
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(in.getInt()).isEqualTo(0x01494254);
    int chromosomes = in.getInt();
    List<Integer> header = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      header.add(in.getInt());
    }
    byte[] names = new byte[in.getInt()];
    in.get(names);
    List<Places> places = new ArrayList<>();
    for (int c = 0; c < chromosomes; c++) {
      Map<Integer, List<long[]>> chunks = new HashMap<>();
      int bins = in.getInt();
      for (int b = 0; b < bins; b++) {
        int bin = in.getInt();
        int chunksHere = in.getInt();
        for (int i = 0; i < chunksHere; i++) {
          chunks
              .computeIfAbsent(bin, each -> new ArrayList<>())
              .add(new long[] {in.getLong(), in.getLong()});
        }
      }
      List<Long> windows = new ArrayList<>();
      int count = in.getInt();
      for (int i = 0; i < count; i++) {
        windows.add(in.getLong());
      }
      places.add(new Places(chunks, windows));
    }
    assertThat(in.hasRemaining()).isFalse();
    return new Read(
        header, List.of(new String(names, StandardCharsets.US_ASCII).split("\0")), places);
  }

  /** Bytes from an address on. */
  public static String from(byte[] table, long address, int length) throws IOException {
    int block = (int) (address >>> 16);
    GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(table, block, table.length - block));
    in.skipNBytes(address & 0xffff);
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  @Test
  void everyLineIsInItsBinAndAfterItsWindow() throws IOException {
    Random random = new Random(5);
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    table.writeBytes(Bgzf.packed("chromosome\tposition\tx\n".getBytes(StandardCharsets.UTF_8)));
    List<String> lines = new ArrayList<>();
    for (String chromosome : List.of("2", "10", "23")) {
      int position = 1;
      for (int i = 0; i < 4000; i++) {
        position += random.nextInt(i % 500 == 0 ? 3_000_000 : 300);
        lines.add(chromosome + "\t" + position + "\t" + random.nextDouble() + "\n");
      }
    }
    for (int i = 0; i < lines.size(); i += 3000) {
      table.writeBytes(
          Bgzf.packed(
              String.join("", lines.subList(i, i + 3000)).getBytes(StandardCharsets.UTF_8)));
    }
    table.writeBytes(Bgzf.end());
    byte[] bytes = table.toByteArray();
    ByteArrayOutputStream index = new ByteArrayOutputStream();
    TabixIndex.write(new ByteArrayInputStream(bytes), index);
    Read read = read(index.toByteArray());
    // Of any kind, columns 1, 2, 2, comments by #, one line before the first.
    assertThat(read.header()).containsExactly(0, 1, 2, 2, (int) '#', 1);
    assertThat(read.names()).containsExactly("2", "10", "23");
    for (int i = 0; i < lines.size(); i += 37) {
      String line = lines.get(i);
      String[] fields = line.split("\t");
      int window = (Integer.parseInt(fields[1]) - 1) / 16384;
      Places places = read.places().get(read.names().indexOf(fields[0]));
      long from = places.windows().get(window);
      assertThat(
              places.chunks().get(4681 + window).stream()
                  .filter(chunk -> chunk[1] > from)
                  .anyMatch(chunk -> holds(bytes, chunk, line)))
          .isTrue();
    }
  }

  private static boolean holds(byte[] table, long[] chunk, String line) {
    try {
      String text = from(table, chunk[0], 1 << 17);
      String end = from(table, chunk[1], 200);
      int length = end.isEmpty() ? text.length() : text.indexOf(end);
      return ("\n" + text.substring(0, length)).contains("\n" + line);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
