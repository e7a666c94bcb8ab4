package io.tributary.jobs.genomics;

import io.tributary.connectors.genomics.WrittenBed;
import io.tributary.connectors.genomics.WrittenBgen;
import io.tributary.connectors.genomics.WrittenBgzf;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** Calls in a test's memory, read and written without the code under test. */
public final class CallMatrix {
  private final List<String> families;
  private final List<String> individuals;
  private final List<Variant> variants;
  private final int[][] copies;

  /**
   * Calls.
   *
   * @param families by individual
   * @param individuals ids
   * @param variants in the order of a public list
   * @param copies of ALT, [variants x individuals], -1 for missing
   */
  public CallMatrix(
      List<String> families, List<String> individuals, List<Variant> variants, int[][] copies) {
    this.families = families;
    this.individuals = individuals;
    this.variants = variants;
    this.copies = copies;
  }

  public List<String> families() {
    return families;
  }

  public List<String> individuals() {
    return individuals;
  }

  public List<Variant> variants() {
    return variants;
  }

  /** Copies of ALT, [variants x individuals], -1 for missing; live. */
  public int[][] copies() {
    return copies;
  }

  /** One variant. */
  public record Variant(String chromosome, int position, String id, String ref, String alt) {}

  /** A PLINK 1 file set; its A1 is ALT. */
  public static CallMatrix bed(Path prefix) {
    try {
      List<String> families = new ArrayList<>();
      List<String> individuals = new ArrayList<>();
      for (String line : Files.readAllLines(Path.of(prefix + ".fam"))) {
        families.add(line.split("\\s+")[0]);
        individuals.add(line.split("\\s+")[1]);
      }
      List<Variant> variants = new ArrayList<>();
      for (String line : Files.readAllLines(Path.of(prefix + ".bim"))) {
        String[] f = line.split("\\s+");
        variants.add(new Variant(f[0], Integer.parseInt(f[3]), f[1], f[5], f[4]));
      }
      byte[] bed = Files.readAllBytes(Path.of(prefix + ".bed"));
      int rowBytes = (individuals.size() + 3) / 4;
      int[][] copies = new int[variants.size()][individuals.size()];
      int[] ofCode = {2, -1, 1, 0};
      for (int v = 0; v < copies.length; v++) {
        for (int i = 0; i < individuals.size(); i++) {
          copies[v][i] = ofCode[(bed[3 + v * rowBytes + i / 4] >> (2 * (i % 4))) & 3];
        }
      }
      return new CallMatrix(families, individuals, variants, copies).sorted();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Calls by a seed, one in five missing at every second variant; the first variant is nobody's,
   * the second one person's.
   */
  public static CallMatrix random(long seed, int variants, int persons) {
    Random random = new Random(seed);
    List<String> individuals = IntStream.rangeClosed(1, persons).mapToObj(i -> "i" + i).toList();
    List<Variant> named = new ArrayList<>();
    int[][] copies = new int[variants][persons];
    for (int v = 0; v < variants; v++) {
      named.add(new Variant(v < variants / 2 ? "1" : "2", 1000 + 10 * v, "rs" + v, "A", "G"));
      double frequency = 0.05 + 0.9 * random.nextDouble();
      for (int i = 0; i < persons && v > 1; i++) {
        int copiesHere =
            (random.nextDouble() < frequency ? 1 : 0) + (random.nextDouble() < frequency ? 1 : 0);
        copies[v][i] = v % 2 == 1 && random.nextInt(5) == 0 ? -1 : copiesHere;
      }
    }
    copies[1][0] = 1;
    return new CallMatrix(individuals.stream().map(i -> "0").toList(), individuals, named, copies);
  }

  /** A gzipped VCF with GT first. */
  public static CallMatrix vcf(Path file) {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      List<String> individuals = new ArrayList<>();
      List<Variant> variants = new ArrayList<>();
      List<int[]> copies = new ArrayList<>();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] f = line.split("\t");
        if (line.startsWith("#CHROM")) {
          individuals.addAll(List.of(f).subList(9, f.length));
        } else if (!line.startsWith("#")) {
          variants.add(new Variant(f[0], Integer.parseInt(f[1]), f[2], f[3], f[4]));
          int[] row = new int[individuals.size()];
          for (int i = 0; i < row.length; i++) {
            String gt = f[9 + i];
            row[i] = gt.charAt(0) == '.' ? -1 : gt.charAt(0) - '0' + gt.charAt(2) - '0';
          }
          copies.add(row);
        }
      }
      List<String> families = individuals.stream().map(id -> "0").toList();
      return new CallMatrix(families, individuals, variants, copies.toArray(int[][]::new)).sorted();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In the order of a public list. */
  public CallMatrix sorted() {
    Comparator<Integer> order =
        Comparator.<Integer>comparingInt(v -> Integer.parseInt(variants.get(v).chromosome()))
            .thenComparing(v -> variants.get(v).position())
            .thenComparing(v -> variants.get(v).ref())
            .thenComparing(v -> variants.get(v).alt());
    return variants(IntStream.range(0, variants.size()).boxed().sorted(order).toList());
  }

  private CallMatrix variants(List<Integer> chosen) {
    return new CallMatrix(
        families,
        individuals,
        chosen.stream().map(variants::get).toList(),
        chosen.stream().map(v -> copies[v]).toArray(int[][]::new));
  }

  /** Some of the variants. */
  public CallMatrix only(IntPredicate kept) {
    return variants(IntStream.range(0, variants.size()).filter(kept).boxed().toList());
  }

  /** Some of the individuals. */
  public CallMatrix among(List<String> ids) {
    Map<String, Integer> at = new HashMap<>();
    for (int i = 0; i < individuals.size(); i++) {
      at.put(individuals.get(i), i);
    }
    int[] chosen = ids.stream().mapToInt(at::get).toArray();
    int[][] part = new int[copies.length][chosen.length];
    for (int v = 0; v < part.length; v++) {
      for (int i = 0; i < chosen.length; i++) {
        part[v][i] = copies[v][chosen[i]];
      }
    }
    return new CallMatrix(
        IntStream.of(chosen).mapToObj(families::get).toList(), ids, variants, part);
  }

  /**
   * Writes .bed, .bim and .fam; every other variant with REF as A1.
   *
   * @param swapped whether it is the even variants
   */
  public String write(Path folder, String name, boolean swapped) {
    List<String> fam = new ArrayList<>();
    for (int i = 0; i < individuals.size(); i++) {
      fam.add(families.get(i) + " " + individuals.get(i) + " 0 0 0 -9");
    }
    List<String> bim = new ArrayList<>();
    int[][] first = new int[copies.length][];
    for (int v = 0; v < first.length; v++) {
      Variant variant = variants.get(v);
      boolean refFirst = (v % 2 == 0) == swapped;
      bim.add(
          String.join(
              " ",
              "chr" + variant.chromosome(),
              variant.id(),
              "0",
              Integer.toString(variant.position()),
              refFirst ? variant.ref() : variant.alt(),
              refFirst ? variant.alt() : variant.ref()));
      first[v] = IntStream.of(copies[v]).map(c -> c < 0 || !refFirst ? c : 2 - c).toArray();
    }
    return new WrittenBed(fam, bim, first).write(folder, name);
  }

  /** Writes a bgzipped VCF of phased and unphased calls. */
  public Path writeVcf(Path file) {
    StringBuilder text = new StringBuilder("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\t");
    text.append("QUAL\tFILTER\tINFO\tFORMAT\t").append(String.join("\t", individuals)).append('\n');
    String[] calls = {"0/0", "0|1", "1/1"};
    for (int v = 0; v < copies.length; v++) {
      Variant variant = variants.get(v);
      text.append(
          String.join(
              "\t",
              variant.chromosome(),
              Integer.toString(variant.position()),
              variant.id(),
              variant.ref(),
              variant.alt(),
              ".\tPASS\t.\tGT"));
      for (int copy : copies[v]) {
        text.append('\t').append(copy < 0 ? "./." : calls[copy]);
      }
      text.append('\n');
    }
    return bytes(file, WrittenBgzf.of(text.toString().getBytes(StandardCharsets.UTF_8), 3000));
  }

  /** Writes a BGEN of eight bits by zlib, with sample ids, whose probabilities are all 0 or 1. */
  public Path writeBgen(Path file) {
    WrittenBgen bgen = new WrittenBgen(1, 8, individuals);
    for (int v = 0; v < copies.length; v++) {
      Variant variant = variants.get(v);
      int[] ploidies = IntStream.of(copies[v]).map(copy -> copy < 0 ? 0x82 : 2).toArray();
      long[] numbers = new long[2 * ploidies.length];
      for (int i = 0; i < ploidies.length; i++) {
        if (copies[v][i] == 0 || copies[v][i] == 1) {
          numbers[2 * i + copies[v][i]] = 255;
        }
      }
      bgen.add(
          variant.chromosome(),
          variant.position(),
          variant.id(),
          List.of(variant.ref(), variant.alt()),
          false,
          ploidies,
          numbers);
    }
    return bytes(file, bgen.bytes(true));
  }

  private static Path bytes(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the public list. */
  public Path list(Path folder) {
    StringBuilder text = new StringBuilder("#CHROM\tPOS\tID\tREF\tALT\n");
    for (Variant v : variants) {
      text.append(v.chromosome()).append('\t').append(v.position()).append('\t').append(v.id());
      text.append('\t').append(v.ref()).append('\t').append(v.alt()).append('\n');
    }
    try {
      return Files.writeString(folder.resolve("panel.pvar"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
