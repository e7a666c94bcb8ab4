package io.tributary.connectors.genomics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A PLINK 1 file set that a test writes, bit by bit and not by the code under test. */
public final class WrittenBed {
  private final List<String> individuals;
  private final List<String> variants;
  private final int[][] copiesOfA1;

  /**
   * The content of the three files.
   *
   * @param individuals lines of the .fam
   * @param variants lines of the .bim
   * @param copiesOfA1 [variants x individuals], 0, 1, 2, or -1 for missing
   */
  public WrittenBed(List<String> individuals, List<String> variants, int[][] copiesOfA1) {
    this.individuals = individuals;
    this.variants = variants;
    this.copiesOfA1 = copiesOfA1;
  }

  /** Individuals {@code i1}, {@code i2}, ... of family 0 and unknown sex. */
  public static WrittenBed of(List<String> variants, int[][] copiesOfA1) {
    List<String> individuals = new ArrayList<>();
    for (int i = 1; i <= copiesOfA1[0].length; i++) {
      individuals.add("0 i" + i + " 0 0 0 -9");
    }
    return new WrittenBed(individuals, variants, copiesOfA1);
  }

  /** Writes the three files, and returns their common prefix. */
  public String write(Path folder, String name) {
    Path prefix = folder.resolve(name);
    try {
      Files.write(folder.resolve(name + ".fam"), individuals, StandardCharsets.UTF_8);
      Files.write(folder.resolve(name + ".bim"), variants, StandardCharsets.UTF_8);
      Files.write(folder.resolve(name + ".bed"), bed());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return prefix.toString();
  }

  private byte[] bed() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x6c, 0x1b, 1});
    for (int[] row : copiesOfA1) {
      byte[] bytes = new byte[(row.length + 3) / 4];
      for (int i = 0; i < row.length; i++) {
        // 00 is two copies of A1, 10 one, 11 none, 01 missing.
        int code = row[i] < 0 ? 1 : row[i] == 2 ? 0 : row[i] == 1 ? 2 : 3;
        bytes[i / 4] |= (byte) (code << (2 * (i % 4)));
      }
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }
}
