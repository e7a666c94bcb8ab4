package io.tributary.connectors.genomics;

import io.tributary.connectors.Draws;
import io.tributary.study.Assembly;
import io.tributary.study.Errors;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Invented genotypes and traits, the same for the same numbers on every machine; nobody is behind
 * them. Variants are written one after another, so memory is of persons only.
 *
 * <p>Two populations that drifted apart by F_ST {@link #DRIFT} (Balding and Nichols 1995, with a
 * normal for their beta distribution) are mixed in each person, more of the second at later sites.
 * Along a block of {@link #BLOCK} variants a haplotype keeps its place among the haplotypes and
 * changes it now and then, so near variants are in linkage disequilibrium and blocks are not. A
 * call is missing by chance.
 *
 * <p>{@code height} follows from sex, ancestry and {@link #CAUSAL} variants, {@code ill} (yes or
 * no) from age and the same variants. Each site has {@code genotypes.bed}, {@code .bim}, {@code
 * .fam}, {@code phenotypes.csv} and {@code site.yaml}; beside them stand the public list {@code
 * panel.pvar} and {@code study.yaml}.
 */
public final class GeneratedGenotypes {
  /** Share of variance in frequency between the populations. */
  public static final double DRIFT = 0.05;

  /** Variants in linkage disequilibrium. */
  public static final int BLOCK = 20;

  /** Variants with an effect, evenly spread. */
  public static final int CAUSAL = 10;

  /** Chromosomes that variants are spread over. */
  private static final int CHROMOSOMES = 22;

  /** Bases between variants: ten million of them fit the shortest chromosome. */
  private static final int SPACING = 100;

  private static final int FIRST_POSITION = 100_000;
  private static final double KEEPS_PLACE = 0.9;
  private static final double HEIGHT_EFFECT = 1.5;
  private static final double ILL_EFFECT = 0.4;
  private static final String[] BASES = {"A\tG", "C\tT", "G\tA", "T\tC", "A\tC", "G\tT"};

  /** What draws are for; a normal takes two. */
  private static final int FREQUENCY = 1;

  private static final int PLACE = 2;
  private static final int KEEP = 3;
  private static final int POPULATION = 4;
  private static final int CALL = 5;
  private static final int TRAIT = 6;
  private static final int DRIFTED = 10;
  private static final int NOISE = 11;

  private final Path out;
  private final int persons;
  private final int sites;
  private final int variants;
  private final double missing;
  private final long seed;
  private final double[] effects;

  private GeneratedGenotypes(
      Path out, int persons, int sites, int variants, double missing, long seed) {
    this.out = out;
    this.persons = persons;
    this.sites = sites;
    this.variants = variants;
    this.missing = missing;
    this.seed = seed;
    this.effects = new double[persons];
  }

  /**
   * Writes folders {@code site-1} to {@code site-K}, the list and a study; STORAGE_FAILED if that
   * cannot be.
   *
   * @param persons in all, one site's number differs from another's by at most 1
   * @param missing share of calls, from 0 to below 1
   */
  public static void write(
      Path out, int persons, int sites, int variants, double missing, long seed) {
    GeneratedGenotypes all = new GeneratedGenotypes(out, persons, sites, variants, missing, seed);
    try {
      Files.createDirectories(out);
      all.list();
      for (int site = 0; site < sites; site++) {
        all.genotypes(site);
        all.phenotypes(site);
      }
      all.study();
    } catch (IOException failed) {
      throw Errors.storageFailed(
          "Cannot write the generated genotypes to " + out + ".",
          "Check the folder's permissions and the disk.",
          failed);
    }
  }

  /** A causal variant of the list. */
  public static boolean isCausal(int variant, int variants) {
    int step = Math.max(1, variants / CAUSAL);
    return variant % step == step / 2 && variant / step < CAUSAL;
  }

  private Path folder(int site) throws IOException {
    return Files.createDirectories(out.resolve("site-" + (site + 1)));
  }

  private int firstOf(int site) {
    return (int) ((long) persons * site / sites);
  }

  /** Share of the second population among a person's ancestors. */
  private double ancestry(int person, int site) {
    double mean = sites == 1 ? 0.5 : 0.1 + 0.8 * site / (sites - 1);
    return Math.min(
        1, Math.max(0, mean + 0.1 * (Draws.uniform(seed, POPULATION, person, -1) - 0.5)));
  }

  private double frequency(int variant, int population) {
    double common = 0.05 + 0.45 * Draws.uniform(seed, FREQUENCY, variant, 0);
    double drift = Math.sqrt(DRIFT * common * (1 - common));
    double own = common + drift * Draws.normal(seed, DRIFTED, variant, population);
    return Math.min(0.99, Math.max(0.01, own));
  }

  private int chromosome(int variant) {
    return 1 + (int) ((long) CHROMOSOMES * variant / variants);
  }

  private String name(int variant) {
    return "rs" + (1_000_000 + variant);
  }

  /** Position of a variant, given that of the one before it. */
  private int position(int variant, int before) {
    boolean goesOn = variant > 0 && chromosome(variant) == chromosome(variant - 1);
    return goesOn ? before + SPACING : FIRST_POSITION;
  }

  private String alleles(int variant) {
    return BASES[(int) (BASES.length * Draws.uniform(seed, FREQUENCY, variant, 1))];
  }

  private void list() throws IOException {
    try (OutputStream file = open(out.resolve("panel.pvar"))) {
      file.write(utf8("#CHROM\tPOS\tID\tREF\tALT\n"));
      int position = 0;
      for (int variant = 0; variant < variants; variant++) {
        position = position(variant, position);
        String place = chromosome(variant) + "\t" + position + "\t" + name(variant);
        file.write(utf8(place + "\t" + alleles(variant) + "\n"));
      }
    }
  }

  private void genotypes(int site) throws IOException {
    int first = firstOf(site);
    int count = firstOf(site + 1) - first;
    double[] ancestry = new double[count];
    try (OutputStream fam = open(folder(site).resolve("genotypes.fam"))) {
      for (int i = 0; i < count; i++) {
        ancestry[i] = ancestry(first + i, site);
        fam.write(utf8("0 p" + (first + i + 1) + " 0 0 " + (male(first + i) ? 1 : 2) + " -9\n"));
      }
    }
    double[] places = new double[2 * count];
    byte[] row = new byte[(count + 3) / 4];
    int position = 0;
    try (OutputStream bed = open(folder(site).resolve("genotypes.bed"));
        OutputStream bim = open(folder(site).resolve("genotypes.bim"))) {
      bed.write(new byte[] {0x6c, 0x1b, 1});
      for (int variant = 0; variant < variants; variant++) {
        position = position(variant, position);
        String[] alleles = alleles(variant).split("\t");
        String place = chromosome(variant) + " " + name(variant) + " 0 " + position;
        bim.write(utf8(place + " " + alleles[1] + " " + alleles[0] + "\n"));
        Arrays.fill(row, (byte) 0);
        double[] frequencies = {frequency(variant, 0), frequency(variant, 1)};
        boolean causal = isCausal(variant, variants);
        for (int i = 0; i < count; i++) {
          int copies = copies(variant, first + i, ancestry[i], frequencies, places, 2 * i);
          effects[first + i] += causal ? copies : 0;
          boolean called = Draws.uniform(seed, CALL, first + i, variant) >= missing;
          // 00 is two copies of A1, which is ALT, 10 one, 11 none, 01 missing.
          int code = !called ? 1 : copies == 2 ? 0 : copies == 1 ? 2 : 3;
          row[i / 4] |= (byte) (code << (2 * (i % 4)));
        }
        bed.write(row);
      }
    }
  }

  /** Copies of ALT on two haplotypes, whose places among all go on within a block. */
  private int copies(
      int variant, int person, double ancestry, double[] frequencies, double[] places, int at) {
    int copies = 0;
    for (int side = 0; side < 2; side++) {
      long haplotype = 2L * person + side;
      boolean keeps =
          variant % BLOCK != 0 && Draws.uniform(seed, KEEP, haplotype, variant) < KEEPS_PLACE;
      if (!keeps) {
        places[at + side] = Draws.uniform(seed, PLACE, haplotype, variant);
      }
      long block = variant / BLOCK;
      boolean second = Draws.uniform(seed, POPULATION, haplotype, block) < ancestry;
      copies += places[at + side] < frequencies[second ? 1 : 0] ? 1 : 0;
    }
    return copies;
  }

  private boolean male(int person) {
    return Draws.uniform(seed, TRAIT, person, 0) < 0.5;
  }

  private void phenotypes(int site) throws IOException {
    try (OutputStream file = open(folder(site).resolve("phenotypes.csv"))) {
      file.write(utf8("IID,age,sex,height,ill\n"));
      for (int person = firstOf(site); person < firstOf(site + 1); person++) {
        int age = 40 + (int) (40 * Draws.uniform(seed, TRAIT, person, 1));
        double height =
            158
                + (male(person) ? 13 : 0)
                + 3 * ancestry(person, site)
                + HEIGHT_EFFECT * effects[person]
                + 6 * Draws.normal(seed, NOISE, person, 0);
        double odds = StrictMath.exp(-4 + 0.03 * (age - 60) + ILL_EFFECT * effects[person]);
        boolean ill = Draws.uniform(seed, TRAIT, person, 2) < odds / (1 + odds);
        file.write(
            utf8(
                String.format(
                    Locale.ROOT,
                    "p%d,%d,%s,%.1f,%s\n",
                    person + 1,
                    age,
                    male(person) ? "male" : "female",
                    height,
                    ill ? "yes" : "no")));
      }
    }
    Files.writeString(
        folder(site).resolve("site.yaml"),
        """
        catalog:
          phenotypes: {format: csv, path: phenotypes.csv}
          array: {format: plink1, path: genotypes}
        references: {panel: ../panel.pvar}
        """);
  }

  private void study() throws IOException {
    List<String> names = new ArrayList<>();
    for (int site = 1; site <= sites; site++) {
      names.add("site-" + site);
    }
    VariantList list = VariantList.read(out.resolve("panel.pvar").toString(), Assembly.GRCH38);
    Files.writeString(
        out.resolve("study.yaml"),
        """
        study: biobanks
        sites: %s
        cohort: {from: phenotypes, person: IID}
        genotypes: {from: array, variants: panel, sha256: %s, count: %d, assembly: GRCh38}
        columns:
          sex: {levels: [female, male]}
          ill: {levels: ["no", "yes"]}
        analyses:
          - {name: qc, type: variant-qc}
          - {name: structure, type: pca, components: 4}
          - {name: height, type: gwas, formula: "height ~ age + sex", missing: mean}
          - {name: ill, type: gwas, model: logistic, formula: "ill ~ age + sex", missing: mean}
        """
            .formatted(names, list.digest(), variants));
  }

  private static OutputStream open(Path file) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(file));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
