package io.tributary.connectors.genomics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.study.SiteConfig.Duplicates;
import io.tributary.study.SiteConfig.GenotypeFormat;
import io.tributary.study.SiteConfig.Genotypes;
import io.tributary.study.SiteConfig.Strand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is invented has the structure that it says, and is the same again. */
class GeneratedGenotypesTest {
  private static final int PERSONS = 600;
  private static final int VARIANTS = 400;

  @TempDir private Path folder;

  private static VariantTile calls(Path site) {
    GenotypeSource source =
        GenotypeForms.open(
            new Genotypes(
                GenotypeFormat.PLINK1,
                site.resolve("genotypes").toString(),
                Strand.FORWARD,
                Duplicates.REFUSE));
    VariantTile tile = new VariantTile(source.samples().size(), VARIANTS);
    // ALT is A1.
    source
        .reader()
        .read(IntStream.range(0, VARIANTS).asLongStream().toArray(), new byte[VARIANTS], tile);
    return tile;
  }

  private static double frequency(VariantTile tile, int variant) {
    double copies = 0;
    int called = 0;
    for (int i = 0; i < tile.samples(); i++) {
      int call = tile.call(variant, i);
      copies += call == 3 ? 0 : call;
      called += call == 3 ? 0 : 1;
    }
    return copies / (2 * called);
  }

  /** Square of the correlation of two variants. */
  private static double linkage(VariantTile tile, int a, int b) {
    double n = 0;
    double[] sums = new double[5];
    for (int i = 0; i < tile.samples(); i++) {
      int x = tile.call(a, i);
      int y = tile.call(b, i);
      if (x != 3 && y != 3) {
        n++;
        sums[0] += x;
        sums[1] += y;
        sums[2] += x * x;
        sums[3] += y * y;
        sums[4] += x * y;
      }
    }
    double covariance = sums[4] - sums[0] * sums[1] / n;
    double first = sums[2] - sums[0] * sums[0] / n;
    double second = sums[3] - sums[1] * sums[1] / n;
    return covariance * covariance / (first * second);
  }

  @Test
  void hasStructureLinkageAndMissingCalls() {
    GeneratedGenotypes.write(folder.resolve("a"), PERSONS, 2, VARIANTS, 0.02, 7);
    VariantTile first = calls(folder.resolve("a/site-1"));
    VariantTile second = calls(folder.resolve("a/site-2"));
    double apart = 0;
    double near = 0;
    double far = 0;
    int missing = 0;
    for (int v = 0; v < VARIANTS; v++) {
      double difference = frequency(first, v) - frequency(second, v);
      apart += difference * difference;
      boolean within = v % GeneratedGenotypes.BLOCK != GeneratedGenotypes.BLOCK - 1;
      near += within ? linkage(first, v, (v + 1) % VARIANTS) : 0;
      far += linkage(first, v, (v + 5 * GeneratedGenotypes.BLOCK) % VARIANTS);
      for (int i = 0; i < first.samples(); i++) {
        missing += first.call(v, i) == 3 ? 1 : 0;
      }
    }
    // By chance frequencies of 300 persons would differ by about 0.025.
    assertThat(Math.sqrt(apart / VARIANTS)).isBetween(0.04, 0.2);
    assertThat(near / (VARIANTS * 0.95)).isGreaterThan(0.2);
    assertThat(far / VARIANTS).isLessThan(0.02);
    assertThat(missing / (300.0 * VARIANTS)).isBetween(0.017, 0.023);
    assertThat(IntStream.range(0, VARIANTS).filter(v -> GeneratedGenotypes.isCausal(v, VARIANTS)))
        .hasSize(GeneratedGenotypes.CAUSAL);
  }

  @Test
  void sameSeedGivesTheSameBytes() throws IOException {
    GeneratedGenotypes.write(folder.resolve("b"), 50, 3, 44, 0.1, 1);
    GeneratedGenotypes.write(folder.resolve("c"), 50, 3, 44, 0.1, 1);
    GeneratedGenotypes.write(folder.resolve("d"), 50, 3, 44, 0.1, 2);
    List<String> names =
        List.of("panel.pvar", "study.yaml", "site-3/genotypes.bed", "site-2/phenotypes.csv");
    for (String name : names) {
      assertThat(folder.resolve("c").resolve(name))
          .hasSameBinaryContentAs(folder.resolve("b").resolve(name));
    }
    assertThat(Files.readAllBytes(folder.resolve("d/site-1/genotypes.bed")))
        .isNotEqualTo(Files.readAllBytes(folder.resolve("b/site-1/genotypes.bed")));
    try (Stream<String> persons = Files.lines(folder.resolve("b/site-3/phenotypes.csv"))) {
      assertThat(persons).hasSize(18);
    }
  }
}
