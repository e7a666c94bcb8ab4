package io.tributary.jobs.analysis.gwas;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.gwas.GwasState.Scanning;
import io.tributary.jobs.genomics.Coding;
import io.tributary.jobs.genomics.SumRows;
import io.tributary.jobs.genomics.VariantRows;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Of which variants of a logistic model the likelihood is fitted.
 *
 * @param test by which all variants are tested
 * @param threshold p of the score test below which a variant is fitted as well, 0 for none
 * @param firth when likelihoods are penalised
 * @param most variants that are fitted in one go
 */
record Likelihood(Test test, double threshold, Firth firth, int most) {
  static final String TEST = "test";
  static final String THRESHOLD = "pThreshold";
  static final String FIRTH = "firth";

  private static final double DEFAULT_THRESHOLD = 1e-4;

  /** By which test all variants go. */
  enum Test {
    SCORE,
    LIKELIHOOD,
    /** Of Cochran and Armitage, without covariates. */
    TREND,
    /** Of alleles of cases and controls, without covariates. */
    ALLELIC;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Which likelihoods are penalised. */
  enum Firth {
    /** Those that have no maximum. */
    FALLBACK,
    NEVER,
    ALWAYS
  }

  /** Reads the options {@code test}, {@code pThreshold} and {@code firth} of a logistic model. */
  static Likelihood of(Options options, GwasModel model, Calls calls, int variants) {
    if (!model.logistic()) {
      for (String name : List.of(TEST, THRESHOLD, FIRTH)) {
        if (options.has(name)) {
          throw options.refuse(name, "is of logistic models", "model: logistic, or no " + name);
        }
      }
      return new Likelihood(Test.SCORE, 0, Firth.NEVER, 0);
    }
    Test test =
        Test.valueOf(
            word(options, TEST, "score", Stream.of(Test.values()).map(Test::word).toList()));
    if (test == Test.TREND || test == Test.ALLELIC) {
      return ofCases(options, test, model, calls);
    }
    if (test == Test.LIKELIHOOD && options.has(THRESHOLD)) {
      throw options.refuse(
          THRESHOLD, "goes with the score test", "test: score, or no " + THRESHOLD);
    }
    double threshold = options.between(THRESHOLD, DEFAULT_THRESHOLD, -1, 1);
    if (threshold < 0) {
      throw options.refuse(THRESHOLD, "is " + threshold, "a number from 0, and below 1");
    }
    Firth firth =
        Firth.valueOf(word(options, FIRTH, "fallback", List.of("fallback", "never", "always")));
    int parameters = model.design().size() + 2;
    int most = LikelihoodScan.mostVariants(parameters);
    if (test == Test.LIKELIHOOD && variants > most) {
      throw options.refuse(
          TEST,
          "is 'likelihood', of " + variants + " variants",
          "at most " + most + " variants; or score, which fits those of small p");
    }
    Likelihood likelihood = new Likelihood(test, threshold, firth, most);
    if (likelihood.penalises() && LikelihoodScan.words(parameters, true) > Layout.MAX_BLOCK_WORDS) {
      throw options.refuse(
          FIRTH,
          "is '" + firth.name().toLowerCase(Locale.ROOT) + "', of " + parameters + " parameters",
          "firth: never, or fewer columns, for third moments of all to fit a sum");
    }
    return likelihood;
  }

  private static Likelihood ofCases(Options options, Test test, GwasModel model, Calls calls) {
    String is = "is '" + test.word() + "', ";
    if (model.design().size() > 0) {
      throw options.refuse(
          TEST,
          is + "and the formula has covariates",
          "a formula without any, as \"" + model.outcome() + " ~ 1\"; or score");
    }
    for (String name : List.of(THRESHOLD, FIRTH)) {
      if (options.has(name)) {
        throw options.refuse(
            name, "goes with likelihoods", "no " + name + ", or test: score or likelihood");
      }
    }
    if (calls.dosages() || calls.means()) {
      throw options.refuse(
          TEST,
          is + "and " + (calls.dosages() ? "dosages" : "means") + " are taken for genotypes",
          "genotypes: hardcalls and missing: drop; or score");
    }
    if (test == Test.ALLELIC && calls.coding() != Coding.ADDITIVE) {
      throw options.refuse(
          TEST, is + "of persons coded " + calls.coding().word(), "coding: additive; or trend");
    }
    return new Likelihood(test, 0, Firth.NEVER, 0);
  }

  private static String word(Options options, String name, String fallback, List<String> words) {
    return options.word(name, fallback, words).toUpperCase(Locale.ROOT);
  }

  /** Whether all variants are fitted, without a score test. */
  boolean ofAll() {
    return test == Test.LIKELIHOOD;
  }

  /** The test of cases without covariates, if all variants go by it. */
  Optional<Association.Test> ofCases() {
    return switch (test) {
      case SCORE, LIKELIHOOD -> Optional.empty();
      case TREND -> Optional.of(Association.Test.TREND);
      case ALLELIC -> Optional.of(Association.Test.ALLELIC);
    };
  }

  /** Whether variants are fitted that the score test chooses. */
  boolean chooses() {
    return !ofAll() && threshold > 0;
  }

  /** Whether any variant may be fitted. */
  boolean ofAny() {
    return ofAll() || chooses();
  }

  /** Whether all likelihoods are penalised. */
  boolean penalised() {
    return firth == Firth.ALWAYS;
  }

  /** Whether any likelihood may be penalised. */
  boolean penalises() {
    return ofAny() && firth != Firth.NEVER;
  }

  /** Whether likelihoods without a maximum are penalised. */
  boolean fallsBack() {
    return firth == Firth.FALLBACK;
  }

  /** Sums that fits take at most. */
  int rounds() {
    if (!ofAny()) {
      return 0;
    }
    return (penalised() ? 0 : LikelihoodScan.MOST) + (penalises() ? LikelihoodScan.MOST_FIRTH : 0);
  }

  /**
   * Chosen variants after a sum: of its own, those whose score test is below the threshold, or has
   * no answer since calls are missing with the outcome.
   */
  BitSet chosen(Scanning state, Aggregate sum) {
    BitSet chosen = (BitSet) state.chosen().clone();
    if (chosen.isEmpty()) {
      return chosen;
    }
    double most = StrictMath.log(threshold);
    ScoreScan scan = (ScoreScan) state.scan();
    VariantRows rows = VariantRows.of(state.rows());
    SumRows sums = new SumRows(sum);
    for (int row = 0; row < rows.size(); row++) {
      int variant = rows.variant(row);
      if (chosen.get(variant)) {
        Association found = scan.test(sums, row);
        chosen.set(
            variant,
            found.isTested() ? found.logP() < most : found.code().equals(Association.DIFFERENTIAL));
      }
    }
    return chosen;
  }

  private String choice(Calls calls) {
    return "p below "
        + threshold
        + (calls.means() ? "" : " or with calls that are missing with the outcome");
  }

  /** Which tests stand in the tables, for those who read them. */
  String note(Calls calls) {
    String penalty =
        switch (firth) {
          case FALLBACK -> "; where that has no maximum, of Firth's penalised one";
          case NEVER -> "";
          case ALWAYS -> ", penalised as by Firth";
        };
    if (test == Test.TREND) {
      return "Tests are of Cochran and Armitage's trend of cases over copies; beta is their first"
          + " step, without covariates.";
    }
    if (test == Test.ALLELIC) {
      return "Tests are Pearson's of alleles among cases and controls, which take a person's two"
          + " for independent; where genotypes are not in Hardy-Weinberg's proportions the trend"
          + " is right.";
    }
    String maximum = "at the maximum of the likelihood" + penalty;
    if (ofAll()) {
      return "Tests are Wald's, " + maximum + ".";
    }
    String score = "Tests are score tests, whose beta is the first step towards the maximum";
    return threshold == 0
        ? score + "."
        : score
            + "; variants of "
            + choice(calls)
            + " have Wald's test instead, "
            + maximum
            + ", unless there are more than "
            + most
            + ", or too few carriers for that.";
  }

  /**
   * What fits tell.
   *
   * @param parameters of a model with a variant
   * @param least carriers of a fitted variant, at least
   */
  List<String> reveals(int parameters, long least, Calls calls) {
    List<String> sentences = new ArrayList<>();
    if (ofCases().isPresent()) {
      sentences.add(
          "Sums of these two kinds tell, of each of these variants, copies of its ALT among cases,"
              + " and cases among persons without a call.");
    }
    if (!ofAny()) {
      return sentences;
    }
    String which =
        ofAll()
            ? "each variant with enough carriers"
            : "each variant of "
                + choice(calls)
                + ", with at least "
                + least
                + " carriers of either allele, "
                + most
                + " at most";
    if (!penalised()) {
      sentences.add(
          "Sums after them, "
              + LikelihoodScan.MOST
              + " at most: for "
              + which
              + ", score and information at its own coefficients, "
              + LikelihoodScan.words(parameters, false)
              + " sums an iteration over "
              + (calls.means() ? "all persons." : "persons with a call."));
    }
    if (penalises()) {
      sentences.add(
          "Sums after them, "
              + LikelihoodScan.MOST_FIRTH
              + " at most: for "
              + (penalised() ? which : "those without a maximum")
              + ", these and third moments, "
              + LikelihoodScan.words(parameters, true)
              + " sums an iteration.");
    }
    return sentences;
  }
}
