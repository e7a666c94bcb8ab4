package io.tributary.jobs.analysis.gwas;

import io.tributary.connectors.genomics.VariantList;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.genomics.Copies;
import io.tributary.jobs.genomics.VariantGate;
import io.tributary.jobs.probability.Tails;
import io.tributary.report.ResultFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * A scan in the forms of others: GWAS-SSF 1.0 with its metadata (EBISPOT,
 * gwas-summary-statistics-standard 1.0.2), and plink2's .glm.linear or .glm.logistic.
 */
final class GwasFiles {
  private static final Pattern RSID = Pattern.compile("rs[0-9]+");
  private static final String NONE = "#NA";

  private final GwasModel model;
  private final Job job;
  private final VariantList list;
  private final AssociationTable table;
  private final GwasAnalysis analysis;
  private final Moments moments;
  private final boolean withLogarithms;

  /**
   * Files of a scan.
   *
   * @param moments of the model's persons
   * @param withLogarithms whether some p is too small for a double: then -log10 p is written
   */
  GwasFiles(
      GwasAnalysis analysis,
      VariantList list,
      AssociationTable table,
      Moments moments,
      boolean withLogarithms) {
    this.analysis = analysis;
    this.moments = moments;
    this.model = analysis.model();
    this.job = analysis.job();
    this.list = list;
    this.table = table;
    this.withLogarithms = withLogarithms;
  }

  List<ResultFile> all() {
    return List.of(
        new ResultFile(ssfName(), this::ssf),
        new ResultFile(ssfName() + "-meta.yaml", this::metadata),
        new ResultFile("not-tested.tsv", this::notTested),
        new ResultFile(job.name() + glmSuffix(analysis), this::glm));
  }

  /** What plink2 ends the name of such a table with. */
  static String glmSuffix(GwasAnalysis analysis) {
    Likelihood likelihood = analysis.likelihood();
    if (!analysis.model().logistic()) {
      return ".glm.linear";
    }
    return likelihood.penalised() && likelihood.ofAll()
        ? ".glm.firth"
        : likelihood.fallsBack() ? ".glm.logistic.hybrid" : ".glm.logistic";
  }

  private String ssfName() {
    return job.name() + ".gwas-ssf.tsv.gz";
  }

  /** Writes lines between tabs. */
  private interface Lines {
    void write(Line line) throws IOException;
  }

  /** Takes the fields of one line. */
  private interface Line {
    void of(String... fields) throws IOException;
  }

  private static void lines(OutputStream out, Lines lines) throws IOException {
    Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    lines.write(fields -> writer.append(String.join("\t", fields)).append('\n'));
    writer.flush();
  }

  private void ssf(OutputStream out) throws IOException {
    GZIPOutputStream gzip = new GZIPOutputStream(out);
    lines(
        gzip,
        line -> {
          List<String> header =
              new ArrayList<>(
                  List.of(
                      "chromosome",
                      "base_pair_location",
                      "effect_allele",
                      "other_allele",
                      "beta",
                      "standard_error",
                      "effect_allele_frequency",
                      withLogarithms ? "neg_log_10_p_value" : "p_value",
                      "variant_id",
                      "rsid",
                      "ref_allele",
                      "n"));
          if (model.logistic()) {
            header.add("odds_ratio");
            header.add("test");
          }
          line.of(header.toArray(String[]::new));
          for (int variant = 0; variant < list.size(); variant++) {
            if (table.code(variant).isEmpty()) {
              Association found = table.association(variant);
              if (found.isTested()) {
                ssf(variant, found, line);
              }
            }
          }
        });
    gzip.finish();
  }

  private void ssf(int variant, Association found, Line line) throws IOException {
    Copies copies = table.copies(variant);
    int chromosome = list.chromosome(variant).number();
    String id = list.id(variant);
    List<String> fields =
        new ArrayList<>(
            List.of(
                Integer.toString(chromosome),
                Integer.toString(list.position(variant)),
                list.alt(variant),
                list.ref(variant),
                Double.toString(found.beta()),
                Double.toString(found.error()),
                Double.toString(copies.frequency()),
                Double.toString(
                    withLogarithms
                        ? Tails.negativeLog10(found.logP())
                        : StrictMath.exp(found.logP())),
                chromosome
                    + "_"
                    + list.position(variant)
                    + "_"
                    + list.ref(variant)
                    + "_"
                    + list.alt(variant),
                RSID.matcher(id).matches() ? id : NONE,
                "OA",
                Long.toString(copies.called())));
    if (model.logistic()) {
      fields.add(Double.toString(found.oddsRatio()));
      fields.add(found.test().name());
    }
    line.of(fields.toArray(String[]::new));
  }

  private void notTested(OutputStream out) throws IOException {
    lines(
        out,
        line -> {
          line.of("chromosome", "base_pair_location", "id", "ref", "alt", "code");
          for (int variant = 0; variant < list.size(); variant++) {
            Optional<String> code = table.code(variant).map(VariantGate.Code::name);
            if (code.isEmpty() && !table.association(variant).isTested()) {
              code = Optional.of(table.association(variant).code());
            }
            if (code.isPresent()) {
              line.of(
                  Integer.toString(list.chromosome(variant).number()),
                  Integer.toString(list.position(variant)),
                  list.id(variant),
                  list.ref(variant),
                  list.alt(variant),
                  code.get());
            }
          }
        });
  }

  private void glm(OutputStream out) throws IOException {
    lines(
        out,
        line -> {
          List<String> header =
              new ArrayList<>(List.of("#CHROM", "POS", "ID", "REF", "ALT", "A1", "A1_FREQ"));
          if (model.logistic()) {
            header.add("FIRTH?");
          }
          header.addAll(List.of("TEST", "OBS_CT", "BETA", "SE"));
          header.add(model.logistic() ? "Z_STAT" : "T_STAT");
          header.addAll(List.of("P", "ERRCODE"));
          if (model.logistic()) {
            header.add("METHOD");
          }
          line.of(header.toArray(String[]::new));
          for (int variant = 0; variant < list.size(); variant++) {
            glm(variant, line);
          }
        });
  }

  private void glm(int variant, Line line) throws IOException {
    Optional<VariantGate.Code> code = table.code(variant);
    boolean shown = code.isEmpty();
    Association found = shown ? table.association(variant) : Association.failed(code.get().name());
    Copies copies = table.copies(variant);
    boolean tested = found.isTested();
    List<String> fields =
        new ArrayList<>(
            List.of(
                list.chromosome(variant).word(),
                Integer.toString(list.position(variant)),
                list.id(variant),
                list.ref(variant),
                list.alt(variant),
                list.alt(variant),
                shown ? printed(copies.frequency()) : "NA"));
    if (model.logistic()) {
      fields.add(found.test() == Association.Test.FIRTH ? "Y" : "N");
    }
    fields.addAll(
        List.of(
            "ADD",
            shown ? Long.toString(copies.called()) : "NA",
            tested ? printed(found.beta()) : "NA",
            tested ? printed(found.error()) : "NA",
            tested ? printed(found.statistic()) : "NA",
            tested ? probability(found.logP()) : "NA",
            tested ? "." : found.code()));
    if (model.logistic()) {
      fields.add(tested ? found.test().name() : "NA");
    }
    line.of(fields.toArray(String[]::new));
  }

  /** Six digits, as plink2 prints. */
  private static String printed(double value) {
    return String.format(java.util.Locale.ROOT, "%.6g", value);
  }

  /** As plink2 with small p: mantissa and exponent also beyond doubles. */
  private static String probability(double logP) {
    double log10 = -Tails.negativeLog10(logP);
    if (log10 > -300) {
      return printed(StrictMath.exp(logP));
    }
    double exponent = Math.floor(log10);
    return printed(StrictMath.pow(10, log10 - exponent)) + "e" + (long) exponent;
  }

  private void metadata(OutputStream out) throws IOException {
    MessageDigest md5 = md5();
    // The digest is of the file's bytes, and they are the same each time.
    ssf(new DigestOutputStream(OutputStream.nullOutputStream(), md5));
    String text =
        """
        # Study meta-data
        trait_description:
          - %s
        # Genotyping
        genome_assembly: %s
        coordinate_system: 1-based
        genotyping_technology:
          - %s
        # Summary statistics
        data_file_name: %s
        file_type: GWAS-SSF v1.0
        data_file_md5sum: %s
        is_harmonised: false
        is_sorted: true
        effect_statistic: beta
        # Samples
        samples:
          - sample_size: %d
            sample_ancestry_category:
              - %s
        %s"""
            .formatted(
                quoted(model.outcome()),
                job.genotypes().assembly().word(),
                quoted(model.technology()),
                quoted(ssfName()),
                HexFormat.of().formatHex(md5.digest()),
                moments.persons(),
                quoted(model.ancestry()),
                model.logistic()
                    ? "    case_control_study: true\n    case_count: %d\n    control_count: %d\n"
                        .formatted(analysis.cases(moments), analysis.controls(moments))
                    : "");
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
