package io.tributary.jobs.analysis.gwas;

import io.tributary.connectors.genomics.Chromosome;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.genomics.TabixIndex;
import io.tributary.report.Cell;
import io.tributary.report.ResultFile;
import io.tributary.report.text.Digits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A scan in the forms of others: GWAS-SSF 1.0 with its metadata (EBISPOT,
 * gwas-summary-statistics-standard 1.0.2), and plink2's .glm.linear or .glm.logistic.
 */
final class GwasFiles {
  private static final String NONE = "#NA";
  private static final List<String> NOT_TESTED =
      List.of("chromosome", "base_pair_location", "id", "ref", "alt", "code");

  /** Logarithm of the least p that is printed as a double. */
  private static final double SMALLEST_PRINTED = -300;

  private final GwasModel model;
  private final Job job;
  private final GwasAnalysis analysis;
  private final Moments moments;
  private final boolean withLogarithms;
  private final int test;
  private final int beta;
  private final int ratio;
  private final int error;
  private final int statistic;
  private final int probability;
  private final int logarithm;

  /**
   * Files of a scan.
   *
   * @param moments of the model's persons
   * @param withLogarithms whether some p is too small for a double: then -log10 p is written
   */
  GwasFiles(
      GwasAnalysis analysis, AssociationTable table, Moments moments, boolean withLogarithms) {
    this.analysis = analysis;
    this.moments = moments;
    this.model = analysis.model();
    this.job = analysis.job();
    this.withLogarithms = withLogarithms;
    this.test = table.column("test");
    this.beta = table.column("beta");
    this.ratio = table.column("odds_ratio");
    this.error = table.column("se");
    this.statistic = table.column(model.logistic() ? "z_stat" : "t_stat");
    this.probability = table.column("p_value");
    this.logarithm = table.column("neg_log_10_p_value");
  }

  List<ResultFile> all() {
    String glm = job.name() + glmSuffix(analysis);
    return List.of(
        ofRows(ssfName(), ResultFile.Packing.BGZF, ssfColumns(), this::ssf),
        ResultFile.about(ssfName() + ".tbi", ssfName(), TabixIndex::write),
        ResultFile.about(ssfName() + "-meta.yaml", ssfName(), this::metadata),
        ofRows("not-tested.tsv", ResultFile.Packing.PLAIN, NOT_TESTED, this::notTested),
        ofRows(glm, ResultFile.Packing.PLAIN, glmColumns(), this::glm));
  }

  private static ResultFile ofRows(
      String name, ResultFile.Packing packing, List<String> columns, ResultFile.Line line) {
    return ResultFile.ofRows(
        name, AssociationTable.NAME, packing, String.join("\t", columns) + "\n", line);
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

  private List<String> ssfColumns() {
    List<String> columns =
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
      columns.addAll(List.of("odds_ratio", "test"));
    }
    return columns;
  }

  private void ssf(List<Cell> row, StringBuilder out) {
    String ref = text(row, AssociationTable.REF);
    String alt = text(row, AssociationTable.ALT);
    if (!isTested(row) || !isOfBases(ref) || !isOfBases(alt)) {
      return;
    }
    String chromosome = Integer.toString(number(row));
    long position = whole(row, AssociationTable.POSITION);
    String id = text(row, AssociationTable.ID);
    out.append(chromosome).append('\t').append(position).append('\t');
    out.append(alt).append('\t').append(ref).append('\t');
    exact(row, beta, out);
    exact(row, error, out);
    exact(row, AssociationTable.FREQUENCY, out);
    exact(row, withLogarithms ? logarithm : probability, out);
    out.append(chromosome).append('_').append(position).append('_');
    out.append(ref).append('_').append(alt).append('\t');
    out.append(isRsid(id) ? id : NONE).append("\tOA\t");
    out.append(whole(row, AssociationTable.PERSONS));
    if (model.logistic()) {
      out.append('\t');
      exact(row, ratio, out);
      out.append(text(row, test));
    }
    out.append('\n');
  }

  private static boolean isTested(List<Cell> row) {
    return text(row, AssociationTable.CODE).equals(Association.OK);
  }

  private static String text(List<Cell> row, int column) {
    return ((Cell.Text) row.get(column)).value();
  }

  private static long whole(List<Cell> row, int column) {
    return ((Cell.Whole) row.get(column)).value();
  }

  private static int number(List<Cell> row) {
    String word = text(row, AssociationTable.CHROMOSOME);
    return word.equals("X") ? Chromosome.X.number() : Integer.parseInt(word);
  }

  /** GWAS-SSF has no other alleles than of A, C, G and T. */
  static boolean isOfBases(String allele) {
    boolean bases = true;
    for (int i = 0; i < allele.length() && bases; i++) {
      bases = "ACGT".indexOf(allele.charAt(i)) >= 0;
    }
    return bases;
  }

  private static boolean isRsid(String id) {
    boolean digits = id.length() > 2 && id.startsWith("rs");
    for (int i = 2; i < id.length() && digits; i++) {
      digits = id.charAt(i) >= '0' && id.charAt(i) <= '9';
    }
    return digits;
  }

  private static void exact(List<Cell> row, int column, StringBuilder out) {
    out.append(row.get(column) instanceof Cell.Real real ? Digits.exact(real.value()) : NONE);
    out.append('\t');
  }

  private void notTested(List<Cell> row, StringBuilder out) {
    if (!isTested(row)) {
      out.append(number(row)).append('\t');
      out.append(whole(row, AssociationTable.POSITION)).append('\t');
      out.append(text(row, AssociationTable.ID)).append('\t');
      out.append(text(row, AssociationTable.REF)).append('\t');
      out.append(text(row, AssociationTable.ALT)).append('\t');
      out.append(text(row, AssociationTable.CODE)).append('\n');
    }
  }

  private List<String> glmColumns() {
    List<String> columns =
        new ArrayList<>(List.of("#CHROM", "POS", "ID", "REF", "ALT", "A1", "A1_FREQ"));
    if (model.logistic()) {
      columns.add("FIRTH?");
    }
    columns.addAll(List.of("TEST", "OBS_CT", "BETA", "SE"));
    columns.add(model.logistic() ? "Z_STAT" : "T_STAT");
    columns.addAll(List.of("P", "ERRCODE"));
    if (model.logistic()) {
      columns.add("METHOD");
    }
    return columns;
  }

  private void glm(List<Cell> row, StringBuilder out) {
    boolean tested = isTested(row);
    String alt = text(row, AssociationTable.ALT);
    out.append(text(row, AssociationTable.CHROMOSOME)).append('\t');
    out.append(whole(row, AssociationTable.POSITION)).append('\t');
    out.append(text(row, AssociationTable.ID)).append('\t');
    out.append(text(row, AssociationTable.REF)).append('\t');
    out.append(alt).append('\t').append(alt).append('\t');
    printed(row, AssociationTable.FREQUENCY, out);
    if (model.logistic()) {
      boolean firth = tested && text(row, test).equals(Association.Test.FIRTH.name());
      out.append(firth ? "Y\t" : "N\t");
    }
    out.append(analysis.calls().coding().plink()).append('\t');
    if (row.get(AssociationTable.PERSONS) instanceof Cell.Whole persons) {
      out.append(persons.value()).append('\t');
    } else {
      out.append("NA\t");
    }
    printed(row, beta, out);
    printed(row, error, out);
    printed(row, statistic, out);
    probability(row, out);
    out.append(tested ? "." : text(row, AssociationTable.CODE));
    if (model.logistic()) {
      out.append('\t').append(tested ? text(row, test) : "NA");
    }
    out.append('\n');
  }

  /** Six digits, as plink2 prints. */
  private static void printed(List<Cell> row, int column, StringBuilder out) {
    if (row.get(column) instanceof Cell.Real real) {
      Digits.appendSignificant(real.value(), 6, out);
    } else {
      out.append("NA");
    }
    out.append('\t');
  }

  /** As plink2 with small p: mantissa and exponent also beyond doubles. */
  private void probability(List<Cell> row, StringBuilder out) {
    if (row.get(logarithm) instanceof Cell.Real real && -real.value() <= SMALLEST_PRINTED) {
      double exponent = Math.floor(-real.value());
      Digits.appendSignificant(StrictMath.pow(10, -real.value() - exponent), 6, out);
      out.append('e').append((long) exponent).append('\t');
    } else {
      printed(row, probability, out);
    }
  }

  private void metadata(InputStream ssf, OutputStream out) throws IOException {
    MessageDigest md5 = md5();
    ssf.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), md5));
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
        analysis_software: Tributary
        is_harmonised: false
        is_sorted: true
        effect_statistic: beta
        author_notes: %s
        %s# Samples
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
                quoted("Effects are of " + analysis.calls().coding().effect() + "."),
                covariates(),
                moments.persons(),
                quoted(model.ancestry()),
                model.logistic()
                    ? "    case_control_study: true\n    case_count: %d\n    control_count: %d\n"
                        .formatted(analysis.cases(moments), analysis.controls(moments))
                    : "");
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private String covariates() {
    return model.design().names().isEmpty()
        ? ""
        : model.design().names().stream()
            .map(name -> "  - " + quoted(name) + "\n")
            .collect(Collectors.joining("", "adjusted_covariates:\n", ""));
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
