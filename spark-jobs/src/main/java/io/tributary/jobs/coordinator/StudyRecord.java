package io.tributary.jobs.coordinator;

import io.tributary.codec.Digest;
import io.tributary.exchange.CoordinatorListener.RoundTaken;
import io.tributary.exchange.CoordinatorPump;
import io.tributary.jobs.Versions;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.StudyGate;
import io.tributary.privacy.StudyBudget;
import io.tributary.protocol.Roster;
import io.tributary.protocol.Strength;
import io.tributary.protocol.StudyTerms;
import io.tributary.protocol.coordinator.Published;
import io.tributary.protocol.coordinator.RoundState;
import io.tributary.protocol.coordinator.Suspicion;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.StudyReport;
import io.tributary.report.StudyReport.RoundRecord;
import io.tributary.report.StudyReport.SiteParticipation;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What happened in one study so far, for its report: rounds, who was in which, what came out. */
final class StudyRecord {
  private final StudyTerms terms;
  private final String analyst;
  private final Instant started;
  private final List<RoundTaken> rounds = new ArrayList<>();
  private Optional<Roster> roster = Optional.empty();

  StudyRecord(StudyTerms terms, String analyst, Instant started) {
    this.terms = terms;
    this.analyst = analyst;
    this.started = started;
  }

  /** A sum was taken under this roster, which is gone when its epoch has ended. */
  void round(RoundTaken round, Optional<Roster> under) {
    rounds.add(round);
    under.ifPresent(each -> roster = Optional.of(each));
  }

  /** The report, when the pump is over. */
  StudyReport report(CoordinatorPump pump, Instant finished) {
    Study study = terms.study();
    return new StudyReport(
        study.name(),
        terms.studyDigest().hex(),
        terms.consortiumDigest().hex(),
        analyst,
        roster.map(StudyRecord::words).orElse("no roster was formed"),
        started,
        finished,
        participation(),
        analyses(pump),
        timeLine(),
        rules(study),
        transcripts(pump),
        Versions.all());
  }

  private List<AnalysisReport> analyses(CoordinatorPump pump) {
    List<AnalysisReport> reports = new ArrayList<>();
    Study study = terms.study();
    for (int job = 0; job < study.analyses().size(); job++) {
      int number = job;
      int sums = (int) rounds.stream().filter(round -> round.id().job() == number).count();
      Object result = pump.results().get(job);
      AnalysisReport report =
          result instanceof AnalysisReport done
              ? done.withRounds(sums)
              : failed(study.analyses().get(job), pump.failures().get(job), sums);
      reports.add(report.withNotes(suspicions(pump, job)));
    }
    return StudyGate.review(study, reports);
  }

  /** What the evidence said about sites in the sums of one analysis (PROTOCOL.md 2.6). */
  private static List<String> suspicions(CoordinatorPump pump, int job) {
    List<String> sentences = new ArrayList<>();
    for (Suspicion suspicion : pump.suspicions()) {
      if (suspicion.attempt().job() == job) {
        sentences.add(
            "%s in sum %d: one at least of these sites is faulty or lied: %s."
                .formatted(
                    suspicion.code(),
                    suspicion.attempt().step() + 1,
                    String.join(
                        ", ", suspicion.suspects().stream().map(SiteId::value).sorted().toList())));
      }
    }
    return sentences;
  }

  /** An analysis without a result says why, in the place of its tables. */
  private static AnalysisReport failed(
      Study.AnalysisSpec analysis, TributaryException why, int sums) {
    String outcome = why == null ? "NOT_RUN" : why.code().name();
    List<String> notes =
        why == null
            ? List.of("The study ended before this analysis.")
            : List.of(why.problem(), why.remedy());
    return new AnalysisReport(
        analysis.name(),
        analysis.type(),
        outcome,
        -1,
        sums,
        new LinkedHashMap<String, Cell>(),
        List.of(),
        List.of(),
        notes);
  }

  /** Transcript hash of each analysis's last sum; zeroes where there was none. */
  private List<String> transcripts(CoordinatorPump pump) {
    List<String> hashes = new ArrayList<>();
    for (int job = 0; job < terms.jobs(); job++) {
      Optional<RoundState> last = pump.study().round(job);
      hashes.add(
          last.isPresent() && last.get() instanceof Published published
              ? published.transcript().hex()
              : Digest.ZERO.hex());
    }
    return hashes;
  }

  private List<SiteParticipation> participation() {
    Set<SiteId> members = new LinkedHashSet<>();
    roster.ifPresent(each -> members.addAll(ids(each)));
    Set<SiteId> contributed = new LinkedHashSet<>();
    Map<SiteId, Integer> vanished = new TreeMap<>();
    for (RoundTaken round : rounds) {
      contributed.addAll(round.contributors());
      members.addAll(round.contributors());
      members.addAll(round.absent());
      round.vanished().forEach(site -> vanished.merge(site, 1, Integer::sum));
    }
    List<SiteParticipation> sites = new ArrayList<>();
    for (SiteId site : terms.study().sites()) {
      String role =
          contributed.contains(site)
              ? "CONTRIBUTED"
              : members.contains(site) ? "DROPPED" : "ABSENT";
      sites.add(
          new SiteParticipation(
              site.value(),
              terms.member(site).organisation(),
              role,
              vanished.getOrDefault(site, 0),
              sent(site)));
    }
    return sites;
  }

  /** Masked words a site sent, in bytes; headers and messages are not counted. */
  private long sent(SiteId site) {
    return rounds.stream()
        .filter(round -> round.contributors().contains(site))
        .mapToLong(round -> round.words() * Long.BYTES)
        .sum();
  }

  private List<RoundRecord> timeLine() {
    List<RoundRecord> records = new ArrayList<>();
    for (RoundTaken round : rounds) {
      records.add(
          new RoundRecord(
              terms.study().analyses().get(round.id().job()).name(),
              round.id().step(),
              round.id().attempt(),
              round.opened(),
              round.took(),
              round.contributors().size(),
              round.words(),
              round.absent().stream().map(SiteId::value).sorted().toList()));
    }
    return records;
  }

  private static List<SiteId> ids(Roster roster) {
    List<SiteId> ids = new ArrayList<>();
    for (int index = 0; index < roster.size(); index++) {
      ids.add(roster.id(index));
    }
    return ids;
  }

  private static String words(Roster roster) {
    Strength strength = roster.strength();
    return "%s of %d sites: least contributors %d, signatures %d, shares %d"
        .formatted(
            roster.terms().shape(),
            roster.size(),
            strength.uploads(),
            strength.signatures(),
            strength.shares());
  }

  private static String words(StudyBudget budget) {
    return "Every sum carries noise: the study costs rho %s, epsilon %.2f proven (about %.2f by the Gaussian curve) at delta %s, for a person at up to %d sites. Counts are shown as noised; no count is suppressed."
        .formatted(
            budget.total(),
            budget.epsilon(budget.total()),
            budget.aboutEpsilon(budget.total()),
            budget.privacy().delta(),
            budget.privacy().sitesPerPerson());
  }

  private static List<String> rules(Study study) {
    Study.ReleaseFloor floor = study.release();
    List<String> rules = new ArrayList<>();
    StudyBudget.of(study).ifPresent(budget -> rules.add(words(budget)));
    if (study.privacy().isEmpty()) {
      rules.add("Counts of fewer than " + floor.minCell() + " pooled persons are suppressed.");
    }
    if (floor.supportRound() == Study.SupportRound.REQUIRED) {
      rules.add(
          "Sites leave out of a sum what fewer than "
              + (3 + study.colluding())
              + " sites fill; a round before each sum counts them.");
    }
    if (floor.maxShare() < 1) {
      rules.add(
          "Sums and means are shown where nobody can make up more than %s of the sum of absolute values."
              .formatted(floor.maxShare()));
    }
    rules.add("Statistics on fewer than " + floor.minPersons() + " persons are suppressed.");
    rules.add("A model has at most %.3g parameters per person.".formatted(floor.maxSaturation()));
    int rows = study.cohort().rowsPerPerson();
    if (rows > 1) {
      rules.add(
          "Counts are of rows. A person has at most %d, which the sites have checked, so that many"
                  .formatted(rows)
              + " times the rows are asked for; a person at two sites counts as two.");
    }
    for (int job = 0; job < study.analyses().size(); job++) {
      String name = study.analyses().get(job).name();
      Catalog.create(study, job)
          .reveals()
          .forEach(sentence -> rules.add("The coordinator learned, for " + name + ": " + sentence));
    }
    return rules;
  }
}
