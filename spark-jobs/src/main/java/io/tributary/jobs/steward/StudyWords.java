package io.tributary.jobs.steward;

import io.tributary.codec.StudyColumns;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.study.ColumnRole;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A study in plain words: who asks, what is read, what leaves and how often. */
public final class StudyWords {
  private StudyWords() {}

  /**
   * One paragraph of the description.
   *
   * @param title a question
   * @param lines its answer
   */
  public record Paragraph(String title, List<String> lines) {
    public Paragraph {
      lines = List.copyOf(lines);
    }
  }

  /**
   * The description.
   *
   * @param signer id of the analyst whose key signed it
   */
  public static List<Paragraph> of(Study study, String signer) {
    List<Paragraph> paragraphs = new ArrayList<>();
    paragraphs.add(
        new Paragraph(
            "Who asks",
            List.of(
                "Analyst " + (signer.isEmpty() ? "unknown (not signed)" : signer) + ".",
                study.purpose().isEmpty() ? "No purpose is stated." : "Purpose: " + study.purpose(),
                "Sites: "
                    + study.sites().stream().map(SiteId::value).collect(Collectors.joining(", "))
                    + "; a sum of fewer than "
                    + study.minContributors()
                    + " is never opened.")));
    paragraphs.add(new Paragraph("What is read", read(study)));
    for (int job = 0; job < study.analyses().size(); job++) {
      paragraphs.add(leaves(study, job));
    }
    Study.ReleaseFloor floor = study.release();
    paragraphs.add(
        new Paragraph(
            "What is held back from the results",
            List.of(
                "Counts of fewer than " + floor.minCell() + " persons over all sites.",
                "Statistics on fewer than " + floor.minPersons() + " persons.",
                "Models with more than %.3g parameters per person."
                    .formatted(floor.maxSaturation()))));
    return paragraphs;
  }

  private static List<String> read(Study study) {
    List<String> lines = new ArrayList<>();
    String where = study.cohort().where().map(text -> "the rows where " + text).orElse("every row");
    lines.add("Dataset " + study.cohort().from() + ", " + where + ".");
    for (Map.Entry<String, Set<ColumnRole>> use : StudyColumns.uses(study).entrySet()) {
      lines.add("Column " + use.getKey() + ": " + verbs(use.getValue()) + ".");
    }
    study
        .cohort()
        .derive()
        .forEach((name, text) -> lines.add("From these, " + name + " = " + text + "."));
    return lines;
  }

  private static String verbs(Set<ColumnRole> roles) {
    if (roles.isEmpty()) {
      return "named, and used for nothing";
    }
    return roles.stream().map(StudyWords::verb).collect(Collectors.joining("; "));
  }

  private static String verb(ColumnRole role) {
    return switch (role) {
      case PERSON -> "tells which rows are one person";
      case FILTER -> "chooses rows";
      case GROUP -> "splits a table into groups";
      case DESCRIBE -> "is counted or averaged";
      case MODEL -> "enters a model";
    };
  }

  private static Paragraph leaves(Study study, int job) {
    Study.AnalysisSpec spec = study.analyses().get(job);
    StudyAnalysis<?, ?> analysis = Catalog.create(study, job);
    List<String> lines = new ArrayList<>();
    int rounds = analysis.demand().rounds();
    lines.add(
        "Masked sums leave this site at most "
            + rounds
            + (rounds == 1 ? " time" : " times")
            + "; nobody sees this site's own part. Of the sums over all sites the coordinator"
            + " learns:");
    lines.addAll(analysis.reveals());
    return new Paragraph("What leaves: " + spec.name() + " (" + spec.type() + ")", lines);
  }
}
