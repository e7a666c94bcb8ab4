package io.tributary.connectors.genomics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.connectors.SharedData;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PLINK 2 files of fixed width, and what is refused. */
class PlinkPgenTest {
  private static final String PVAR =
      "##x\n#CHROM\tPOS\tID\tREF\tALT\tINFO\n1\t100\trs1\tG\ta\tA=1;B\n2\t50\trs2\tC\tT\t.\n";

  @TempDir private Path folder;

  private String write(int samples, int flags, UnaryOperator<byte[]> change) throws IOException {
    StringBuilder psam = new StringBuilder("#IID\tSEX\n");
    for (int i = 0; i < samples; i++) {
      psam.append("i").append(i).append('\t').append(i % 3).append('\n');
    }
    Files.writeString(folder.resolve("s.psam"), psam);
    Files.writeString(folder.resolve("s.pvar"), PVAR);
    int rowBytes = (samples + 3) / 4;
    ByteBuffer out =
        ByteBuffer.allocate(12 + (flags == 0xc0 ? 1 : 0) + 2 * rowBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {0x6c, 0x1b, 2}).putInt(2).putInt(samples).put((byte) flags);
    if (flags == 0xc0) {
      out.put((byte) 1);
    }
    for (int v = 0; v < 2; v++) {
      byte[] row = new byte[rowBytes];
      for (int i = 0; i < samples; i++) {
        row[i / 4] |= (byte) (call(v, i) << (2 * (i % 4)));
      }
      out.put(row);
    }
    Files.write(folder.resolve("s.pgen"), change.apply(out.array()));
    return folder.resolve("s").toString();
  }

  private static int call(int variant, int sample) {
    return (3 * variant + sample * sample + sample / 5) % 4;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 31, 32, 33, 101})
  void copiesOfEitherAlleleAreCounted(int samples) throws IOException {
    for (int flags : new int[] {0x40, 0x80, 0xc0}) {
      PlinkPgen source = PlinkPgen.open(write(samples, flags, bytes -> bytes) + ".pgen");
      VariantTile tile = new VariantTile(samples, 4);
      source.reader().read(new long[] {0, 1, 0, 1}, new byte[] {1, 1, 0, 0}, tile);
      for (int i = 0; i < samples; i++) {
        for (int v = 0; v < 2; v++) {
          int call = call(v, i);
          assertThat(tile.call(v, i)).isEqualTo(call);
          assertThat(tile.call(2 + v, i)).isEqualTo(call == 3 ? 3 : 2 - call);
        }
      }
      assertThat(VariantSummary.of(source).chromosomes())
          .containsEntry(new Chromosome(1), 1L)
          .containsEntry(new Chromosome(2), 1L);
    }
  }

  private static void refused(ThrowingCallable action, String... parts) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.DATA_INVALID);
              assertThat(e.problem() + " " + e.reason() + " " + e.remedy()).contains(parts);
            });
  }

  private void refusedFile(UnaryOperator<byte[]> change, String... parts) throws IOException {
    String prefix = write(5, 0x40, change);
    refused(() -> PlinkPgen.open(prefix), parts);
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
    return bytes;
  }

  @Test
  void otherFormsAreRefusedWithTheConversion() throws IOException {
    refusedFile(bytes -> new byte[0], "does not begin with 6c 1b");
    refusedFile(bytes -> with(bytes, 1, 7), "does not begin with 6c 1b");
    refusedFile(
        bytes -> with(bytes, 2, 0x10),
        "storage mode is 10",
        "--make-pgen format=2",
        "--make-bed",
        "--export bgen-1.2 bits=16");
    refusedFile(bytes -> with(bytes, 7, 6), "it has 6 samples, and the .psam 5");
    refusedFile(bytes -> Arrays.copyOf(bytes, 15), "it has 15 bytes, expected are 16 for 2");
    refusedFile(bytes -> Arrays.copyOf(bytes, 17), "it has 17 bytes, expected are 16 for 2");
    Path real = SharedData.require("data/gwas-regenie/example.pgen");
    refused(() -> PlinkPgen.open(real.toString()), "storage mode is 10", "--pfile");
  }

  @Test
  void filesOfOtherSetsAreRefused() throws IOException {
    String prefix = write(5, 0x40, bytes -> with(bytes, 13, 0x44));
    PlinkPgen padded = PlinkPgen.open(prefix);
    VariantTile tile = new VariantTile(5, 1);
    refused(
        () -> padded.reader().read(new long[1], new byte[1], tile),
        "s.pgen, byte 13",
        "bits beyond the last sample of variant 1");
    PlinkPgen source = PlinkPgen.open(write(5, 0x40, bytes -> bytes));
    Path pvar = folder.resolve("s.pvar");
    for (String[] each :
        new String[][] {
          {PVAR + "3\t1\tx\tA\tC\t.\n", "there are 3 variants, and the .pgen has 2"},
          {PVAR.replace("POS", "BP"), "the header is not #CHROM POS ID REF ALT"},
          {PVAR.replace("\tC\tT\t.", ""), "line 4"},
          {PVAR.replace("50", "x"), "position is not a whole number"}
        }) {
      Files.write(pvar, each[0].getBytes(StandardCharsets.UTF_8));
      refused(() -> VariantSummary.of(source), "s.pvar", each[1]);
    }
  }
}
