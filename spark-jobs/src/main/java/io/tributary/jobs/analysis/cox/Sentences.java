package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.analysis.SurvivalTimes;
import java.util.ArrayList;
import java.util.List;

/** What the sums of a model of hazards reveal, in words. */
final class Sentences {
  private Sentences() {}

  static List<String> of(CoxAnalysis analysis) {
    List<String> sentences = new ArrayList<>();
    if (analysis.searches()) {
      String factors =
          analysis.discoveredFactors() == 0
              ? ""
              : "persons at each whole number from -1024 to 1023 of "
                  + analysis.discoveredFactors()
                  + " factors; ";
      sentences.add("Sum 1: " + factors + SurvivalTimes.searchSentence());
    }
    String p = analysis.columnCount();
    int first = sentences.size() + 1;
    sentences.add(
        "Sum "
            + first
            + ": "
            + (analysis.bySite()
                ? "persons with the event, without, and left out"
                : analysis.lives().sentence().replace(".", ""))
            + "; sums and absolute sums of "
            + p
            + " columns of the model matrix, of weight and offset.");
    sentences.add("Sum " + (first + 1) + ": " + spreading(analysis) + ".");
    sentences.add(
        "Sums "
            + (first + 2)
            + " and later, at most "
            + analysis.maxSteps()
            + ": "
            + (analysis.bySite() ? ofSites(p) : fitting(analysis, p))
            + "; and how many persons' predictor moved by more than "
            + RiskKernel.FAR
            + " or lies beyond its cap"
            + (analysis.robust()
                ? "; with the last one squares of persons' score residuals, from hazard and means of"
                    + " every risk set, which all parties see."
                : "."));
    return sentences;
  }

  private static String spreading(CoxAnalysis analysis) {
    String sums =
        "squares about the means of those columns; sums of the columns over all persons with the"
            + " event";
    if (analysis.bySite()) {
      return sums;
    }
    return sums
        + "; persons who join or leave between two event times"
        + (analysis.weighted() ? ", and the events' weights at each" : "")
        + (analysis.transform().isPresent()
            ? "; the events' columns times a function of time"
            : "");
  }

  private static String fitting(CoxAnalysis analysis, String p) {
    return "at each event time, risk [1], risk times columns ["
        + p
        + "] and times their products ["
        + p
        + " x "
        + p
        + ", upper triangle] at that iteration's coefficients, over persons who leave before the next"
        + " one"
        + (analysis.times().hasEntry() ? " less those who enter" : "")
        + (analysis.ties().equals("efron")
            ? ", and over those with the event where several come at a time"
            : "")
        + (analysis.sparse()
            ? "; where only one does, they tell that person's columns"
            : "; never over fewer persons than " + analysis.job().floor().minCell());
  }

  private static String ofSites(String p) {
    return "log-likelihood [1], score ["
        + p
        + "] and information ["
        + p
        + " x "
        + p
        + ", upper triangle, and its diagonal about 0] at that iteration's coefficients, added up over"
        + " the sites' own risk sets";
  }
}
