package io.tributary.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Everything one study released, and who took part; the source of {@code release.json}, the tidy
 * files and {@code report.html}.
 *
 * @param study name
 * @param studyDigest SHA-256 of the study's raw bytes, hex
 * @param consortiumDigest SHA-256 of the consortium file, hex
 * @param analyst who signed
 * @param shape ALL or QUORUM, with thresholds spelled out
 * @param sites every site the study names, and what became of it
 * @param rules release rules applied, as sentences
 * @param transcriptHashes last transcript hash of each analysis, hex, in the study's order
 * @param versions component to version
 */
public record StudyReport(
    String study,
    String studyDigest,
    String consortiumDigest,
    String analyst,
    String shape,
    Instant started,
    Instant finished,
    List<SiteParticipation> sites,
    List<AnalysisReport> analyses,
    List<RoundRecord> rounds,
    List<String> rules,
    List<String> transcriptHashes,
    java.util.Map<String, String> versions) {
  /** A rule that begins so says what a sum revealed, not what was withheld. */
  public static final String LEARNED = "The coordinator learned";

  /**
   * One site's part.
   *
   * @param role {@code CONTRIBUTED}, {@code ABSENT} (not in the roster), or {@code DROPPED} (in the
   *     roster, in no sum)
   * @param vanishedAfterUpload sums that hold its upload although it did not answer any more
   * @param bytes it sent, or -1 if unknown
   */
  public record SiteParticipation(
      String site, String organisation, String role, int vanishedAfterUpload, long bytes) {}

  /**
   * One masked sum on the time line.
   *
   * @param attempt the one that succeeded, from 0
   * @param words ring words of the sum
   * @param dropouts sites of the roster that are not in the sum
   */
  public record RoundRecord(
      String analysis,
      int step,
      int attempt,
      Instant opened,
      Duration took,
      int contributors,
      long words,
      List<String> dropouts) {}

  public StudyReport {
    sites = List.copyOf(sites);
    analyses = List.copyOf(analyses);
    rounds = List.copyOf(rounds);
    rules = List.copyOf(rules);
    transcriptHashes = List.copyOf(transcriptHashes);
    versions = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(versions));
  }

  /** Ids of the sites with this role, in the report's order. */
  public List<String> sitesOf(String role) {
    return sites.stream()
        .filter(site -> site.role().equals(role))
        .map(SiteParticipation::site)
        .toList();
  }

  /** The same study with other analyses, e.g. with their tables read from files. */
  StudyReport withAnalyses(List<AnalysisReport> read) {
    return new StudyReport(
        study,
        studyDigest,
        consortiumDigest,
        analyst,
        shape,
        started,
        finished,
        sites,
        read,
        rounds,
        rules,
        transcriptHashes,
        versions);
  }

  /** Whether the release floor has withheld all analyses. */
  public boolean isWithheld() {
    return !analyses.isEmpty() && analyses.stream().allMatch(AnalysisReport::isWithheld);
  }
}
