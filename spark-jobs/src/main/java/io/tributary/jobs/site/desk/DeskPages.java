package io.tributary.jobs.site.desk;

import io.tributary.codec.Digest;
import io.tributary.cohort.DefinitionReader;
import io.tributary.cohort.DefinitionWords;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.evidence.PartyConfig;
import io.tributary.jobs.site.Approvals.Asked;
import io.tributary.jobs.site.PolicyJudgement;
import io.tributary.jobs.site.SiteService;
import io.tributary.jobs.site.Steward;
import io.tributary.journal.EvidenceCheck;
import io.tributary.journal.EvidenceEntry;
import io.tributary.journal.EvidenceEvent;
import io.tributary.journal.EvidenceJournal;
import io.tributary.ledger.LedgerEntry;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.ledger.StewardDecision;
import io.tributary.privacy.Judgement;
import io.tributary.privacy.Judgement.RuleResult;
import io.tributary.privacy.SiteGuard;
import io.tributary.privacy.StudyBudget;
import io.tributary.report.text.Markup;
import io.tributary.study.Rho;
import io.tributary.study.SiteConfig;
import io.tributary.study.SitePolicy;
import io.tributary.study.SitePolicy.Budget;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The pages of a steward's desk. Each is read anew from the site's state folder, so it shows what
 * the running site has written meanwhile; nothing here changes anything. All texts that come from
 * elsewhere go through {@link Markup}, which has no way to write them raw.
 */
public final class DeskPages {
  /** Lines of the journal on one page. */
  private static final int MAX_LINES = 300;

  /** Steps of which it is shown how many persons were clipped. */
  private static final int CLIPS = 20;

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Path config;
  private final SiteConfig site;
  private final Steward steward;
  private final Clock clock;

  /**
   * Pages of one site.
   *
   * @param config site.yaml, from which the keys of the journal's checkpoints follow
   */
  public DeskPages(Path config, SiteConfig site, Steward steward, Clock clock) {
    this.config = config;
    this.site = site;
    this.steward = steward;
    this.clock = clock;
  }

  /** The one style sheet. */
  String style() {
    try (InputStream in = DeskPages.class.getResourceAsStream("desk.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the style sheet lies in the jar", e);
    }
  }

  // ---- the journal's state ---------------------------------------------------------------------

  /** What reading the whole journal found. */
  private record JournalState(
      Optional<EvidenceCheck.Outcome> outcome, Optional<TributaryException> broken) {}

  private interface Lines {
    void line(EvidenceEntry entry);
  }

  private boolean hasJournal() {
    return Files.exists(site.state().resolve(EvidenceJournal.FILE));
  }

  /** Reads and checks the journal: chain, and signatures of its own checkpoints. */
  private JournalState read(Lines lines) {
    try {
      PartyConfig party = PartyConfig.read(config);
      EvidenceCheck check = new EvidenceCheck(party.id(), party.keys(List.of()));
      EvidenceJournal.read(
          site.state(),
          (head, entry) -> {
            check.line(head, entry);
            entry.ifPresent(lines::line);
          });
      return new JournalState(Optional.of(check.against(List.of())), Optional.empty());
    } catch (TributaryException e) {
      return new JournalState(Optional.empty(), Optional.of(e));
    }
  }

  private static void state(Markup out, JournalState found) {
    if (found.broken().isPresent()) {
      TributaryException why = found.broken().get();
      out.open("div", "class", "alarm", "role", "alert");
      out.element("strong", why.code() + ": " + why.problem());
      out.element("p", why.reason());
      out.element("p", why.remedy());
      out.close("div").line();
      return;
    }
    EvidenceCheck.Outcome outcome = found.outcome().orElseThrow();
    out.open("p", "class", "good");
    out.text(
        "%d lines, chain in order; %d checkpoints signed by this site."
            .formatted(outcome.lines(), outcome.checkpoints()));
    if (outcome.uncovered() > 0) {
      out.text(" The last %d are not covered by a checkpoint yet.".formatted(outcome.uncovered()));
    }
    out.close("p").line();
    out.element(
            "p",
            "Copies that others hold are compared by 'tributary journal verify'.",
            "class",
            "soft")
        .line();
  }

  // ---- overview --------------------------------------------------------------------------------

  /** What is known of one study from the journal. */
  private static final class Told {
    String name = "";
    String analyst = "";
    Instant first = Instant.EPOCH;
    int left;
    long bytes;
    String end = "";
    boolean over;
  }

  String overview() {
    List<Asked> asked = steward.all();
    Map<Digest, Told> studies = new LinkedHashMap<>();
    JournalState journal =
        hasJournal()
            ? read(entry -> entry.study().ifPresent(study -> tell(studies, study, entry)))
            : new JournalState(Optional.empty(), Optional.empty());
    Markup out = begin("Overview", "");
    out.element("h1", "Site " + site.site()).line();
    queue(out, asked, studies);
    budgets(out, studies);
    out.element("h2", "Journal").line();
    if (hasJournal()) {
      state(out, journal);
      out.open("p").element("a", "Read the journal", "href", "journal").close("p").line();
    } else {
      out.element("p", "The site has not run yet: there is no journal.").line();
    }
    past(out, asked, studies);
    return finish(out);
  }

  private static void tell(Map<Digest, Told> studies, Digest study, EvidenceEntry entry) {
    if (!isOfStudy(entry.event())) {
      return;
    }
    Told told = studies.computeIfAbsent(study, each -> new Told());
    if (told.first.equals(Instant.EPOCH)) {
      told.first = entry.at();
    }
    switch (entry.event()) {
      case ASKED -> {
        told.name = entry.detail("name");
        told.analyst = entry.detail("analyst");
      }
      case LEFT -> {
        told.left++;
        told.bytes += Long.parseLong(entry.detail("bytes"));
      }
      case REFUSED -> told.end = "refused: " + entry.detail("code");
      case ENDED -> {
        told.end = "ended: " + entry.detail("outcome");
        told.over = true;
      }
      default -> {
        // Other lines say nothing that the overview shows.
      }
    }
  }

  private static boolean isOfStudy(EvidenceEvent event) {
    return switch (event) {
      case ASKED, ADMITTED, REFUSED, LEFT, CAME, DECLINED, REMEMBERED, ANCHORED, ENDED -> true;
      default -> false;
    };
  }

  private void queue(Markup out, List<Asked> asked, Map<Digest, Told> studies) {
    List<Asked> waiting =
        asked.stream()
            .filter(each -> each.decision().isEmpty())
            .filter(each -> !isOver(studies.get(each.study().digest())))
            .filter(each -> !clock.instant().isAfter(each.study().study().validUntil()))
            .toList();
    out.element("h2", "Waiting for you").line();
    if (waiting.isEmpty()) {
      out.element(
              "p",
              site.policy().approval() == SitePolicy.Approval.MANUAL
                  ? "No study waits for a decision."
                  : "The policy says 'approval: rules': studies that pass all rules run without you.")
          .line();
      return;
    }
    out.open("ul", "class", "cards").line();
    for (Asked each : waiting) {
      Study study = each.study().study();
      out.open("li");
      out.element("strong", study.name());
      out.element(
          "p",
          each.analyst()
              + " asks, over "
              + study.sites().size()
              + " sites, for "
              + (study.purpose().isEmpty() ? "no stated purpose" : study.purpose()));
      out.element(
          "p",
          study.analyses().size()
              + (study.analyses().size() == 1 ? " analysis" : " analyses")
              + " of dataset "
              + study.cohort().from(),
          "class",
          "soft");
      link(out, each.study().digest(), "Look and decide", "button");
      out.close("li").line();
    }
    out.close("ul").line();
  }

  private static boolean isOver(Told told) {
    return told != null && told.over;
  }

  private static void link(Markup out, Digest study, String words, String kind) {
    out.element("a", words, "href", "study/" + study.hex(), "class", kind);
  }

  private void budgets(Markup out, Map<Digest, Told> studies) {
    List<Budget> budgets = site.policy().budgets();
    out.element("h2", "Privacy budgets").line();
    if (budgets.isEmpty()) {
      out.element("p", "The policy has none: studies with noise are refused.").line();
      return;
    }
    List<LedgerEntry> entries = PrivacyLedger.read(site.state().resolve(SiteService.LEDGER));
    out.open("ul", "class", "gauges").line();
    for (Budget budget : budgets) {
      Rho spent = PrivacyLedger.spent(entries, budget);
      double share = Math.min(1, decimal(spent) / decimal(budget.total()));
      out.open("li");
      out.element("span", budget.words());
      out.element(
          "progress",
          "",
          "max",
          "1",
          "value",
          String.format(Locale.ROOT, "%.4f", share),
          "aria-label",
          "spent of " + budget.words());
      out.element(
          "span",
          "rho " + shown(spent) + " of " + shown(budget.total()) + " spent for good",
          "class",
          "soft");
      out.close("li").line();
    }
    out.close("ul").line();
    clips(out, entries, studies);
  }

  /** How often persons were clipped, step by step, the newest first. */
  private static void clips(Markup out, List<LedgerEntry> entries, Map<Digest, Told> studies) {
    List<LedgerEntry.Clipped> clips = new ArrayList<>();
    for (LedgerEntry entry : entries) {
      if (entry instanceof LedgerEntry.Clipped counts) {
        clips.add(0, counts);
      }
    }
    if (clips.isEmpty()) {
      return;
    }
    out.element("h2", "Persons clipped for noise").line();
    out.element(
            "p",
            "Of how many of your persons more was cut off than the study's bounds allow. No noise is"
                + " in these counts: they stay here.",
            "class",
            "soft")
        .line();
    out.open("table").open("thead").open("tr");
    for (String head : new String[] {"Study", "Sum", "Clipped, of persons"}) {
      out.element("th", head, "scope", "col");
    }
    out.close("tr").close("thead").line().open("tbody").line();
    for (LedgerEntry.Clipped counts : clips.subList(0, Math.min(clips.size(), CLIPS))) {
      List<String> words = new ArrayList<>();
      for (int slot = 0; slot < counts.slots().size(); slot++) {
        words.add(counts.slots().get(slot) + " " + counts.clipped().get(slot));
      }
      Told told = studies.get(counts.study());
      String name = told == null || told.name.isEmpty() ? counts.study().shortHex() : told.name;
      out.open("tr").element("th", name, "scope", "row");
      cell(out, "Sum", (counts.step().step() + 1) + " of analysis " + (counts.step().job() + 1));
      cell(out, "Clipped", String.join(", ", words) + ", of " + counts.persons());
      out.close("tr").line();
    }
    out.close("tbody").close("table").line();
  }

  /** A fraction, or a whole number without its denominator. */
  private static String shown(Rho rho) {
    String text = rho.toString();
    return text.endsWith("/1") ? text.substring(0, text.length() - 2) : text;
  }

  private static double decimal(Rho rho) {
    return rho.numerator().doubleValue() / rho.denominator().doubleValue();
  }

  private void past(Markup out, List<Asked> asked, Map<Digest, Told> studies) {
    for (Asked each : asked) {
      Told told = studies.computeIfAbsent(each.study().digest(), digest -> new Told());
      told.name = each.study().study().name();
      told.analyst = each.analyst();
    }
    Map<Digest, Asked> decided = new LinkedHashMap<>();
    asked.forEach(each -> decided.put(each.study().digest(), each));
    out.element("h2", "Studies").line();
    if (studies.isEmpty()) {
      out.element("p", "None has come yet.").line();
      return;
    }
    List<Map.Entry<Digest, Told>> newest = new ArrayList<>(studies.entrySet());
    newest.sort((a, b) -> b.getValue().first.compareTo(a.getValue().first));
    out.open("table").open("thead").open("tr");
    for (String head :
        new String[] {"Study", "Analyst", "Came", "Decision", "Left this site", "End"}) {
      out.element("th", head, "scope", "col");
    }
    out.close("tr").close("thead").line().open("tbody").line();
    for (Map.Entry<Digest, Told> each : newest) {
      Told told = each.getValue();
      Asked known = decided.get(each.getKey());
      out.open("tr").open("th", "scope", "row");
      if (known == null) {
        out.text(told.name.isEmpty() ? each.getKey().shortHex() : told.name);
      } else {
        link(out, each.getKey(), told.name, "");
      }
      out.close("th");
      cell(out, "Analyst", told.analyst);
      cell(out, "Came", told.first.equals(Instant.EPOCH) ? "" : MINUTE.format(told.first));
      boolean byRules = known == null || (known.decision().isEmpty() && isOver(told));
      cell(out, "Decision", byRules ? "by rules" : words(known.decision()));
      cell(
          out,
          "Left this site",
          told.left == 0
              ? "nothing"
              : told.left + (told.left == 1 ? " object, " : " objects, ") + told.bytes + " bytes");
      out.open("td", "data-head", "End").text(told.end.isEmpty() ? "open" : told.end).text(" ");
      out.element("a", "lines", "href", "journal?study=" + each.getKey().hex());
      out.close("td").close("tr").line();
    }
    out.close("tbody").close("table").line();
  }

  /** A cell that says on a narrow window, where it stands alone, what it is. */
  private static void cell(Markup out, String head, String text) {
    out.element("td", text, "data-head", head);
  }

  private static String words(Optional<StewardDecision> decision) {
    return decision
        .map(
            each ->
                each.verdict() == StewardDecision.Verdict.GRANTED
                    ? "granted until " + MINUTE.format(each.until()) + " by " + each.steward()
                    : "denied by " + each.steward() + ": " + each.reason())
        .orElse("waits");
  }

  // ---- one study -------------------------------------------------------------------------------

  String study(Asked asked, String formToken) {
    Study study = asked.study().study();
    Markup out = begin(study.name(), "../");
    out.element("p", "A study asks", "class", "kicker").line();
    out.element("h1", study.name()).line();
    out.element(
            "p",
            "Signed by "
                + asked.analyst()
                + ". "
                + asked
                    .decision()
                    .map(each -> "You have decided: " + Steward.words(each) + ".")
                    .orElse(
                        steward.isOver(asked)
                            ? "It is over here; nothing is left to decide."
                            : "It waits for your decision; this site takes no part before."),
            "class",
            "lead")
        .line();
    asks(out, study, asked.study().digest());
    learns(out, study);
    rules(out, asked);
    forms(out, asked, formToken);
    return finish(out);
  }

  private static void asks(Markup out, Study study, Digest digest) {
    out.element("h2", "What it asks for").line();
    out.open("dl").line();
    fact(out, "Purpose", study.purpose().isEmpty() ? "none stated" : study.purpose());
    Study.Cohort cohort = study.cohort();
    String rows = cohort.rowsPerPerson() == 1 ? "" : ", up to " + cohort.rowsPerPerson() + " rows";
    fact(
        out,
        "Persons",
        "dataset "
            + cohort.from()
            + cohort.person().map(name -> ", a person is a " + name + rows).orElse(""));
    cohort.joins().forEach(join -> fact(out, "Joined", join.words()));
    fact(out, "Filter", cohort.where().orElse("none"));
    cohort.derive().forEach((name, text) -> fact(out, "Derived: " + name, text));
    for (String line : SiteGuard.asks(study)) {
      int colon = line.indexOf(": ");
      String what = line.substring(0, colon);
      if (what.equals("columns") || what.equals("analyses")) {
        fact(
            out,
            Character.toUpperCase(what.charAt(0)) + what.substring(1),
            line.substring(colon + 2));
      }
    }
    fact(out, "Sites", String.join(", ", study.sites().stream().map(Object::toString).toList()));
    fact(
        out,
        "Least sites in a sum",
        study.minContributors() + ", of which " + study.colluding() + " may collude");
    fact(
        out,
        "Valid until",
        study.validUntil().equals(Instant.MAX)
            ? Study.VALID_DAYS_AFTER_SIGNING + " days after it was signed"
            : MINUTE.format(study.validUntil()));
    fact(out, "Digest", digest.hex());
    out.close("dl").line();
    List<String> definition =
        DefinitionReader.of(cohort).map(DefinitionWords::of).orElse(List.of());
    if (!definition.isEmpty()) {
      out.element("h3", "Who is in the cohort").line().open("ul").line();
      definition.forEach(line -> out.element("li", line).line());
      out.close("ul").line();
    }
  }

  private static void fact(Markup out, String name, String value) {
    out.open("div").element("dt", name).element("dd", value).close("div").line();
  }

  private static void learns(Markup out, Study study) {
    out.element("h2", "What leaves, how often, at which cost").line();
    out.element(
            "p",
            "Sums over all sites, under masks. The coordinator learns each of these sums, never"
                + " this site's part; readers of results see no count below "
                + study.release().minCell()
                + ".")
        .line();
    StudyBudget.of(study)
        .ifPresentOrElse(
            budget ->
                out.element(
                        "p",
                        "Every sum carries noise. Privacy cost: rho %s for a person, epsilon %.2f at delta %s, debited from your budget and never refunded."
                            .formatted(
                                budget.total(),
                                budget.epsilon(budget.total()),
                                budget.privacy().delta()))
                    .line(),
            () -> out.element("p", "The sums are exact: no noise is added.").line());
    out.open("ol", "class", "analyses").line();
    for (int job = 0; job < study.analyses().size(); job++) {
      Study.AnalysisSpec spec = study.analyses().get(job);
      StudyAnalysis<?, ?> analysis = Catalog.create(study, job);
      out.open("li");
      out.element("strong", spec.name() + " (" + spec.type() + ")");
      out.element(
          "span",
          ", at most "
              + analysis.demand().rounds()
              + (analysis.demand().rounds() == 1 ? " sum" : " sums"),
          "class",
          "soft");
      out.open("ul");
      analysis.reveals().forEach(sentence -> out.element("li", sentence));
      out.close("ul").close("li").line();
    }
    out.close("ol").line();
  }

  private void rules(Markup out, Asked asked) {
    Judgement judgement = PolicyJudgement.of(asked.study().study(), asked.analyst(), site, clock);
    long refused = judgement.results().stream().filter(result -> !result.passed()).count();
    out.element("h2", "What your rules say").line();
    out.element(
            "p",
            judgement.admits()
                ? "All " + judgement.results().size() + " rules pass."
                : refused
                    + " of "
                    + judgement.results().size()
                    + " rules refuse it; a grant does not widen them.",
            "class",
            judgement.admits() ? "good" : "alarm")
        .line();
    out.open("details").element("summary", "Rule by rule").line();
    out.open("table").open("thead").open("tr");
    for (String head : new String[] {"Rule", "Asks for", "Allows", "Answer"}) {
      out.element("th", head, "scope", "col");
    }
    out.close("tr").close("thead").open("tbody").line();
    for (RuleResult result : judgement.results()) {
      out.open("tr", "class", result.passed() ? null : "refuses");
      out.element("th", result.rule(), "scope", "row");
      cell(out, "Asks for", result.asked());
      cell(out, "Allows", result.allowed());
      cell(out, "Answer", result.passed() ? "passes" : "refuses");
      out.close("tr").line();
    }
    out.close("tbody").close("table").close("details").line();
  }

  private static void forms(Markup out, Asked asked, String formToken) {
    out.element("h2", "Decide").line();
    out.element(
            "p",
            "Your decision is signed with the site's key and kept; a later one replaces it. A denial"
                + " stops a study that runs before its next sum; what has left by then has left.")
        .line();
    out.open("div", "class", "forms").line();
    form(out, asked, formToken, "grant");
    out.open("label").text("For how many days");
    out.empty(
        "input",
        "name",
        "days",
        "type",
        "number",
        "min",
        "1",
        "max",
        Integer.toString(Steward.LONGEST_GRANT_DAYS),
        "value",
        "30",
        "required",
        "required");
    out.close("label").line();
    out.open("label").text("Remark, if any");
    out.empty("input", "name", "reason", "maxlength", "1000");
    out.close("label").line();
    out.element("button", "Grant", "type", "submit").close("form").line();
    form(out, asked, formToken, "deny");
    out.open("label").text("Reason, which stays at this site");
    out.empty("input", "name", "reason", "maxlength", "1000", "required", "required");
    out.close("label").line();
    out.element("button", "Deny", "type", "submit", "class", "deny").close("form").line();
    out.close("div").line();
  }

  private static void form(Markup out, Asked asked, String formToken, String decision) {
    out.open(
        "form",
        "method",
        "post",
        "action",
        asked.study().digest().hex(),
        "class",
        decision,
        "autocomplete",
        "off");
    out.element("h3", decision.equals("grant") ? "Let it run" : "Refuse it");
    out.empty("input", "type", "hidden", "name", "form", "value", formToken);
    out.empty("input", "type", "hidden", "name", "decision", "value", decision);
    out.open("label").text("Who decides");
    out.empty("input", "name", "by", "maxlength", "200", "required", "required");
    out.close("label").line();
  }

  // ---- journal ---------------------------------------------------------------------------------

  String journal(Optional<String> study) {
    Markup out = begin("Journal", "");
    out.element("h1", "Journal").line();
    if (!hasJournal()) {
      out.element("p", "The site has not run yet: there is no journal.").line();
      return finish(out);
    }
    Deque<EvidenceEntry> newest = new ArrayDeque<>();
    long[] fitting = new long[1];
    JournalState found =
        read(
            entry -> {
              boolean fits = study.isEmpty() || entry.study().map(Digest::hex).equals(study);
              if (fits) {
                fitting[0]++;
                newest.addLast(entry);
                if (newest.size() > MAX_LINES) {
                  newest.removeFirst();
                }
              }
            });
    state(out, found);
    out.element(
            "p",
            (study.isPresent() ? "Lines about one study: " : "Lines: ")
                + fitting[0]
                + (fitting[0] > MAX_LINES ? "; the newest " + MAX_LINES + " are shown." : "."))
        .line();
    if (study.isPresent()) {
      out.open("p").element("a", "All lines", "href", "journal").close("p").line();
    }
    out.open("ol", "class", "lines", "reversed", "reversed").line();
    for (Iterator<EvidenceEntry> each = newest.descendingIterator(); each.hasNext(); ) {
      EvidenceEntry entry = each.next();
      out.open("li", "value", Long.toString(entry.number()));
      out.element("time", MINUTE.format(entry.at()));
      out.element("span", entry.words()).close("li").line();
    }
    out.close("ol").line();
    return finish(out);
  }

  // ---- frame -----------------------------------------------------------------------------------

  String error(TributaryException why) {
    Markup out = begin("Not done", "");
    out.element("h1", "Not done").line();
    out.open("div", "class", "alarm", "role", "alert");
    out.element("strong", why.code() + ": " + why.problem());
    if (!why.reason().isBlank()) {
      out.element("p", why.reason());
    }
    out.element("p", why.remedy()).close("div").line();
    return finish(out);
  }

  /**
   * @param up way from the page to the folder of the desk
   */
  private Markup begin(String title, String up) {
    Markup out = new Markup();
    out.open("html", "lang", "en").line().open("head").line();
    out.empty("meta", "charset", "utf-8").line();
    out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").line();
    out.element("title", title + ": " + site.site()).line();
    out.empty("link", "rel", "stylesheet", "href", up + "style.css").line();
    out.close("head").line().open("body").line();
    out.open("header").open("nav");
    out.element("span", "Tributary · " + site.site(), "class", "brand");
    out.element("a", "Overview", "href", up.isEmpty() ? "./" : up);
    out.element("a", "Journal", "href", up + "journal");
    out.close("nav").close("header").line().open("main").line();
    return out;
  }

  private static String finish(Markup out) {
    out.close("main").line().close("body").line().close("html").line();
    return "<!DOCTYPE html>\n" + out.finished();
  }
}
