package io.tributary.jobs.bench;

import io.tributary.analysis.Program;
import io.tributary.bench.Bench;
import io.tributary.bench.CpuTime;
import io.tributary.bench.Measurement;
import io.tributary.codec.StudyParser;
import io.tributary.connectors.genomics.CohortGenotypes;
import io.tributary.connectors.genomics.VariantList;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.report.AnalysisReport;
import io.tributary.report.ReportWriter;
import io.tributary.report.StudyReport;
import io.tributary.simulation.Federation;
import io.tributary.study.Assembly;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Linear association of a trait with each variant of a PLINK file, given ten covariates, from the
 * opening of the files to written results, against {@code plink2 --glm} with as many threads. Then
 * four sites with the whole protocol against the same pipeline without masks.
 *
 * <p>plink2 without missing calls takes another way than with them, and a rare variant is quicker
 * than a common one, so each line names shape and missing calls.
 */
final class GwasBench implements Bench {
  private static final int PERSONS = 5_000;
  private static final int COVARIATES = 10;
  private static final int SITES = 4;
  private static final int FEDERATED_VARIANTS = 100_000;
  private static final int REPETITIONS = 2;
  private static final double MASKS_GOAL = 1.3;

  /** Every so many variants plink2's estimate is compared with the one here. */
  private static final double SIX_DIGITS = 1e-5;

  /**
   * What a file is like.
   *
   * @param different variants, each of them {@code times} times in the file
   * @param rare whether minor frequencies are log-uniform from 0.0005 to 0.5; else uniform from
   *     0.05 on
   * @param missing share of calls
   */
  private record Shape(String name, int different, int times, boolean rare, double missing) {
    int variants() {
      return different * times;
    }

    String words() {
      return "persons=%d variants=%d covariates=%d frequencies=%s missing=%s threads=%d"
          .formatted(
              PERSONS,
              variants(),
              COVARIATES,
              rare ? "0.0005..0.5" : "0.05..0.5",
              missing,
              threads());
    }
  }

  private static final List<Shape> SHAPES =
      List.of(
          new Shape("D1", 100_000, 1, false, 0.01),
          new Shape("D0x5", 100_000, 5, false, 0),
          new Shape("R0x5", 100_000, 5, true, 0));

  @Override
  public String name() {
    return "gwas";
  }

  @Override
  public String about() {
    return "linear association of 5,000 persons x 10^5 variants: against plink2, and masks off";
  }

  private static int threads() {
    return Runtime.getRuntime().availableProcessors();
  }

  @Override
  public void run(Consumer<Measurement> out) throws Exception {
    try (Scratch scratch = Scratch.make()) {
      masks(scratch.folder(), out);
    }
    boolean plink = hasPlink();
    for (Shape shape : SHAPES) {
      try (Scratch scratch = Scratch.make()) {
        compare(shape, scratch.folder(), plink, out);
      }
    }
  }

  private static void compare(Shape shape, Path folder, boolean plink, Consumer<Measurement> out)
      throws Exception {
    Biobank biobank = Biobank.write(folder, shape, 1);
    double wall = Double.MAX_VALUE;
    double cpu = Double.MAX_VALUE;
    Path results = folder.resolve("results");
    for (int i = 0; i < REPETITIONS; i++) {
      double[] cpuHere = new double[1];
      wall =
          Math.min(
              wall,
              CpuTime.ofWall(() -> cpuHere[0] = CpuTime.ofProcess(() -> scan(biobank, results))));
      cpu = Math.min(cpu, cpuHere[0]);
    }
    Measurement whole = Measurement.of("gwas/linear-" + shape.name(), shape.words(), wall, "s");
    if (!plink) {
      out.accept(whole);
      return;
    }
    double theirs = Double.MAX_VALUE;
    for (int i = 0; i < REPETITIONS; i++) {
      theirs = Math.min(theirs, CpuTime.ofWall(() -> plink(biobank)));
    }
    long tested = compareEstimates(results, folder);
    out.accept(whole.against(theirs).goal(new Measurement.Goal.RatioAtMost(1)));
    out.accept(Measurement.of("gwas/linear-" + shape.name() + "-cpu", shape.words(), cpu, "s"));
    out.accept(
        Measurement.of("gwas/tested-" + shape.name(), shape.words(), (double) tested, "variants"));
  }

  /** One site, without masks: files to files. */
  private static void scan(Biobank biobank, Path results) {
    List<SiteTable> tables = biobank.open();
    OpenPath.run(
        biobank.program(),
        tables,
        report -> new ReportWriter(List.of()).write(study(report), results));
    tables.forEach(SiteTable::close);
  }

  private static StudyReport study(AnalysisReport report) {
    if (!report.outcome().equals(AnalysisReport.OK)) {
      throw new IllegalStateException("outcome " + report.outcome());
    }
    return new StudyReport(
        "bench",
        "0",
        "",
        "",
        "",
        Instant.EPOCH,
        Instant.EPOCH,
        List.of(),
        List.of(report),
        List.of(),
        List.of(),
        List.of(),
        Map.of());
  }

  private static void masks(Path folder, Consumer<Measurement> out) throws Exception {
    Shape shape = new Shape("D0", FEDERATED_VARIANTS, 1, false, 0);
    Biobank biobank = Biobank.write(folder, shape, SITES);
    List<SiteTable> tables = biobank.open();
    double masked = Double.MAX_VALUE;
    double open = Double.MAX_VALUE;
    // The first of each is for the compiler.
    for (int i = 0; i <= REPETITIONS; i++) {
      double maskedHere = CpuTime.ofWall(() -> secure(biobank, tables));
      double openHere = CpuTime.ofWall(() -> OpenPath.run(biobank.program(), tables));
      masked = i == 0 ? masked : Math.min(masked, maskedHere);
      open = i == 0 ? open : Math.min(open, openHere);
    }
    tables.forEach(SiteTable::close);
    out.accept(
        Measurement.of("gwas/masks-off", shape.words() + " sites=" + SITES, masked, "s")
            .against(open)
            .goal(new Measurement.Goal.RatioAtMost(MASKS_GOAL)));
  }

  private static void secure(Biobank biobank, List<SiteTable> tables) {
    try (Federation federation = new Federation(tables.size(), 1)) {
      Map<SiteId, SiteTable> data = new TreeMap<>();
      for (int site = 0; site < tables.size(); site++) {
        data.put(Federation.id(site), tables.get(site));
      }
      Federation.Run run = federation.run(biobank.study(), List.of(biobank.program()), data);
      run.startAll();
      run.settle();
      if (!run.refused.isEmpty() || run.coordinator().results().size() != 1) {
        throw new IllegalStateException("no result: " + run.coordinator().failures());
      }
    }
  }

  // ---- plink2 -----------------------------------------------------------------------------------

  private static boolean hasPlink() throws InterruptedException {
    try {
      run(List.of("plink2", "--version"));
      return true;
    } catch (IOException e) {
      System.err.println("bench: no plink2 on the path (Debian: plink2), nothing to compare with");
      return false;
    }
  }

  private static void plink(Biobank biobank) throws IOException, InterruptedException {
    Path folder = biobank.folder();
    run(
        List.of(
            "plink2",
            "--bfile",
            folder.resolve("site0").toString(),
            "--pheno",
            folder.resolve("trait.txt").toString(),
            "--covar",
            folder.resolve("covariates.txt").toString(),
            "--glm",
            "hide-covar",
            "--threads",
            Integer.toString(threads()),
            "--out",
            folder.resolve("plink").toString()));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(30, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": exit " + process.exitValue());
    }
  }

  /** Every estimate that both have; how many these are. */
  private static long compareEstimates(Path results, Path folder) throws IOException {
    Path ours;
    try (Stream<Path> files = Files.walk(results)) {
      ours = files.filter(f -> f.toString().endsWith(".glm.linear")).findFirst().orElseThrow();
    }
    Map<String, double[]> theirs = new HashMap<>();
    estimates(folder.resolve("plink.Y.glm.linear"), (id, beta) -> theirs.put(id, beta));
    long[] compared = new long[1];
    estimates(
        ours,
        (id, beta) -> {
          double[] other = theirs.get(id);
          double sign = other[2] == beta[2] ? 1 : -1;
          if (!(Math.abs(sign * other[0] - beta[0])
              <= SIX_DIGITS * Math.max(Math.abs(beta[0]), beta[1]))) {
            throw new IllegalStateException(id + ": " + beta[0] + ", plink2 " + other[0]);
          }
          compared[0]++;
        });
    if (compared[0] == 0) {
      throw new IllegalStateException("no estimate was compared");
    }
    return compared[0];
  }

  /** {beta, its error, whether of ALT} by variant. */
  private static void estimates(Path file, java.util.function.BiConsumer<String, double[]> each)
      throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      int[] at = new int[6];
      lines.forEach(
          line -> {
            String[] f = line.split("\t", -1);
            if (line.startsWith("#")) {
              List<String> names = List.of(f);
              at[0] = names.indexOf("ID");
              at[1] = names.indexOf("BETA");
              at[2] = names.indexOf("SE");
              at[3] = names.indexOf("A1");
              at[4] = names.indexOf("ALT");
            } else if (!f[at[1]].equals("NA")) {
              each.accept(
                  f[at[0]],
                  new double[] {
                    Double.parseDouble(f[at[1]]),
                    Double.parseDouble(f[at[2]]),
                    f[at[3]].equals(f[at[4]]) ? 1 : 0
                  });
            }
          });
    }
  }

  // ---- data -------------------------------------------------------------------------------------

  /** Files of all sites, and the study over them. */
  private record Biobank(Path folder, Study study, List<Sheet> sheets, Path list) {
    static Biobank write(Path folder, Shape shape, int sites) throws IOException {
      SplittableRandom random = new SplittableRandom(7);
      List<Sheet> sheets = new ArrayList<>();
      List<String> names = new ArrayList<>(List.of("IID", "Y"));
      for (int c = 1; c <= COVARIATES; c++) {
        names.add("C" + c);
      }
      StringBuilder trait = new StringBuilder("#IID\tY\n");
      StringBuilder covariates =
          new StringBuilder("#IID\t" + String.join("\t", names.subList(2, names.size())) + "\n");
      int each = PERSONS / sites;
      for (int site = 0; site < sites; site++) {
        List<List<String>> rows = new ArrayList<>();
        StringBuilder fam = new StringBuilder();
        for (int i = 0; i < each; i++) {
          List<String> row = new ArrayList<>(List.of("p" + (site * each + i)));
          for (int c = 0; c <= COVARIATES; c++) {
            row.add(Double.toString(Math.rint(1e6 * (random.nextDouble() - 0.5)) / 1e6));
          }
          fam.append("0 ").append(row.get(0)).append(" 0 0 0 -9\n");
          trait.append(row.get(0)).append('\t').append(row.get(1)).append('\n');
          covariates.append(row.get(0));
          row.subList(2, row.size()).forEach(value -> covariates.append('\t').append(value));
          covariates.append('\n');
          rows.add(row);
        }
        Files.writeString(folder.resolve("site" + site + ".fam"), fam);
        sheets.add(new Sheet(names, rows));
      }
      Files.writeString(folder.resolve("trait.txt"), trait);
      Files.writeString(folder.resolve("covariates.txt"), covariates);
      Path list = variants(folder, shape, sites);
      for (int site = 0; site < sites; site++) {
        calls(folder.resolve("site" + site + ".bed"), shape, each, random.split());
      }
      List<String> ids = new ArrayList<>();
      for (int site = 0; site < sites; site++) {
        ids.add(Federation.id(site).value());
      }
      String yaml =
          """
          study: bench
          sites: [%s]
          cohort: {from: table, person: IID}
          genotypes: {from: array, variants: panel, sha256: %s, count: %d, assembly: GRCh38}
          columns: {}
          analyses:
            - {name: scan, type: gwas, formula: "Y ~ %s"}
          """
              .formatted(
                  String.join(", ", sites == 1 ? List.of(ids.get(0), "b", "c") : ids),
                  VariantList.read(list.toString(), Assembly.GRCH38).digest(),
                  shape.variants(),
                  String.join(" + ", names.subList(2, names.size())));
      return new Biobank(
          folder,
          StudyParser.parse(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml"),
          sheets,
          list);
    }

    private static Path variants(Path folder, Shape shape, int sites) throws IOException {
      StringBuilder bim = new StringBuilder();
      StringBuilder list = new StringBuilder("#CHROM\tPOS\tID\tREF\tALT\n");
      for (int v = 0; v < shape.variants(); v++) {
        int position = 1000 + 100 * v;
        bim.append("1 v").append(v).append(" 0 ").append(position).append(" G A\n");
        list.append("1\t").append(position).append("\tv").append(v).append("\tA\tG\n");
      }
      for (int site = 0; site < sites; site++) {
        Files.writeString(folder.resolve("site" + site + ".bim"), bim);
      }
      return Files.writeString(folder.resolve("panel.pvar"), list);
    }

    /** A1 is ALT; codes 3, 2, 0 are no, one and two copies of it, 1 is missing. */
    private static void calls(Path file, Shape shape, int persons, SplittableRandom random)
        throws IOException {
      byte[] all = new byte[Math.multiplyExact(shape.different(), (persons + 3) / 4)];
      int at = 0;
      for (int v = 0; v < shape.different(); v++) {
        double f =
            shape.rare()
                ? 0.0005 * Math.pow(1000, random.nextDouble())
                : 0.05 + 0.45 * random.nextDouble();
        // Thresholds for 16 random bits: missing, then two copies, then one.
        int missing = (int) (65536 * shape.missing());
        int two = missing + (int) ((65536 - missing) * f * f);
        int one = two + (int) ((65536 - missing) * 2 * f * (1 - f));
        for (int i = 0; i < persons; i += 4) {
          long bits = random.nextLong();
          int packed = 0;
          for (int k = 0; k < 4 && i + k < persons; k++) {
            int drawn = (int) (bits >>> (16 * k)) & 0xffff;
            int code = drawn < missing ? 1 : drawn < two ? 0 : drawn < one ? 2 : 3;
            packed |= code << (2 * k);
          }
          all[at++] = (byte) packed;
        }
      }
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
        out.write(new byte[] {0x6c, 0x1b, 1});
        for (int i = 0; i < shape.times(); i++) {
          out.write(all);
        }
      }
    }

    Program<SiteTable, AnalysisReport> program() {
      return Catalog.create(study, 0, Map.of("panel", list.toString())).program();
    }

    List<SiteTable> open() {
      BenchSpark.session();
      List<SiteTable> tables = new ArrayList<>();
      for (int site = 0; site < sheets.size(); site++) {
        SiteConfig.Dataset array =
            new SiteConfig.Dataset(
                "array",
                new SiteConfig.Genotypes(
                    SiteConfig.GenotypeFormat.PLINK1,
                    folder.resolve("site" + site).toString(),
                    SiteConfig.Strand.FORWARD,
                    SiteConfig.Duplicates.REFUSE),
                List.of(),
                Map.of(),
                SiteConfig.DEFAULT_POPULATION);
        tables.add(
            CohortGenotypes.join(
                sheets.get(site).open(study, folder, 1),
                array,
                VariantList.read(list.toString(), Assembly.GRCH38),
                study));
      }
      return tables;
    }
  }
}
