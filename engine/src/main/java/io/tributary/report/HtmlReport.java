package io.tributary.report;

import io.tributary.report.StudyReport.RoundRecord;
import io.tributary.report.StudyReport.SiteParticipation;
import io.tributary.report.svg.ParticipationPicture;
import io.tributary.report.svg.Picture;
import io.tributary.report.svg.TimelinePicture;
import io.tributary.report.text.Digits;
import io.tributary.report.text.Markup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code report.html}: one file that needs nothing else, no network, no script. HTML5 that is also
 * well-formed XML; its content security policy forbids whatever it does not bring along.
 */
public final class HtmlReport {
  private static final Digits.Style STYLE = Digits.Style.TYPESET;
  private static final String DOT = " \u00b7 ";
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final StudyReport report;
  private final Markup out = new Markup();
  private int figures;
  private int tables;

  private HtmlReport(StudyReport report) {
    this.report = report;
  }

  /** The whole page. */
  public static String render(StudyReport report) {
    return new HtmlReport(report).page();
  }

  private String page() {
    out.open("html", "lang", "en").line().open("head").line();
    out.empty("meta", "charset", "utf-8").line();
    out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").line();
    String policy = "default-src 'none'; style-src 'unsafe-inline'";
    out.empty("meta", "http-equiv", "Content-Security-Policy", "content", policy).line();
    out.element("title", report.study() + ": federated results").line();
    out.style(styleSheet()).line().close("head").line().open("body").line();
    out.element("a", "Skip to the results", "class", "skip", "href", "#results");
    out.open("div", "class", "sheet").line();
    masthead();
    attention();
    contents();
    out.open("main", "id", "results").line();
    for (int i = 0; i < report.analyses().size(); i++) {
      analysis(report.analyses().get(i), i + 1);
    }
    out.close("main").line();
    participation();
    revealed();
    provenance();
    colophon();
    out.close("div").close("body").line().close("html").line();
    return "<!DOCTYPE html>\n" + out.finished();
  }

  // ---- head of the page ------------------------------------------------------------------------

  private void masthead() {
    List<String> contributed = report.sitesOf("CONTRIBUTED");
    out.open("header", "class", "masthead").line();
    out.element("p", "Federated study report", "class", "kicker").line();
    out.element("h1", report.study()).line();
    String sites = count(contributed.size(), "site") + " of " + report.sites().size();
    out.element(
        "p",
        report.rounds().isEmpty()
            ? "Computed without masked sums: nothing here was hidden from the machine that did it."
            : "Computed from "
                + count(report.rounds().size(), "masked sum")
                + " over "
                + sites
                + ". The coordinator saw these sums and no single site\u2019s part of them.",
        "class",
        "lede");
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Analyst", report.analyst());
    facts.put("Finished", MINUTE.format(report.finished()));
    facts.put("Took", duration(Duration.between(report.started(), report.finished())));
    facts.put("Persons, largest analysis", mostPersons());
    facts.put("Sites that contributed", String.join(", ", contributed));
    facts.put("Masked sums", whole(report.rounds().size()));
    facts.put("Study digest", abbreviated(report.studyDigest()));
    facts.put("Analyses", whole(report.analyses().size()));
    out.open("dl", "class", "facts").line();
    facts.forEach(this::fact);
    out.close("dl").line().close("header").line();
  }

  private void fact(String name, String value) {
    out.open("div").element("dt", name).element("dd", value, "class", "wrap").close("div").line();
  }

  private String mostPersons() {
    long most = report.analyses().stream().mapToLong(AnalysisReport::persons).max().orElse(-1);
    return most < 0 ? CellTexts.WITHHELD : whole(most);
  }

  /** Named outcomes and missing sites, where nobody can miss them. */
  private void attention() {
    List<String[]> items = new ArrayList<>();
    for (AnalysisReport analysis : report.analyses()) {
      if (!analysis.outcome().equals(AnalysisReport.OK)) {
        items.add(new String[] {analysis.name(), " ended with " + analysis.outcome() + "."});
      }
    }
    for (SiteParticipation site : report.sites()) {
      if (site.role().equals("ABSENT")) {
        items.add(
            new String[] {site.site(), " was absent from the start; no result holds its persons."});
      } else if (!site.role().equals("CONTRIBUTED")) {
        items.add(new String[] {site.site(), " dropped out; no result holds its persons."});
      }
    }
    if (items.isEmpty()) {
      return;
    }
    out.open("section", "class", "alert", "aria-labelledby", "attention").line();
    out.element("h2", "Read this first", "id", "attention").open("ul").line();
    for (String[] item : items) {
      out.open("li").element("strong", item[0]).text(item[1]).close("li").line();
    }
    out.close("ul").close("section").line();
  }

  private void contents() {
    out.open("nav", "class", "contents", "aria-labelledby", "contents").line();
    out.element("h2", "Contents", "id", "contents").open("ol").line();
    for (int i = 0; i < report.analyses().size(); i++) {
      AnalysisReport analysis = report.analyses().get(i);
      boolean well = analysis.outcome().equals(AnalysisReport.OK);
      out.open("li").element("span", Integer.toString(i + 1), "class", "no").open("span");
      out.element("a", analysis.name(), "href", "#a" + (i + 1)).text(" ");
      out.element(
          "span", well ? analysis.type() : analysis.outcome(), "class", well ? "what" : "bad");
      out.close("span").close("li").line();
    }
    String[][] rest = {
      {"#participation", "Who took part"},
      {"#revealed", "What was revealed"},
      {"#provenance", "Rules and provenance"}
    };
    for (String[] part : rest) {
      out.open("li").element("span", "", "class", "no");
      out.element("a", part[1], "href", part[0]).close("li").line();
    }
    out.close("ol").close("nav").line();
  }

  // ---- one analysis ----------------------------------------------------------------------------

  private void analysis(AnalysisReport analysis, int number) {
    String id = "a" + number;
    out.open("section", "class", "part", "id", id, "aria-labelledby", id + "-h").line();
    out.open("h2", "id", id + "-h").element("span", Integer.toString(number), "class", "no");
    out.text(analysis.name()).close("h2").line();
    String persons =
        analysis.persons() < 0 ? "number of persons withheld" : count(analysis.persons(), "person");
    String sums = count(analysis.rounds(), "masked sum");
    out.open("p", "class", "meta").text(String.join(DOT, analysis.type(), persons, sums));
    Cell resolution = analysis.facts().get(AnalysisReport.RESOLUTION);
    if (resolution != null) {
      String name = AnalysisReport.RESOLUTION;
      out.text(DOT + name + ": " + CellTexts.single(name, resolution, STYLE));
    }
    out.close("p");
    outcome(analysis);
    Map<String, Cell> facts = new LinkedHashMap<>(analysis.facts());
    facts.remove(AnalysisReport.RESOLUTION);
    // In the line above already.
    facts.remove("persons");
    if (!facts.isEmpty()) {
      out.line().open("dl", "class", "facts").line();
      facts.forEach(this::fact);
      out.close("dl").line();
    }
    if (analysis.outcome().equals(AnalysisReport.OK)) {
      // What holds for every analysis stands once, among the rules.
      notes(analysis.notes().stream().filter(note -> !report.rules().contains(note)).toList());
    }
    for (int i = 0; i < analysis.plots().size(); i++) {
      plot(analysis, analysis.plots().get(i), id + "-p" + i);
    }
    for (ResultTable table : analysis.tables()) {
      out.add(new HtmlTable(table).render("Table " + ++tables, file(analysis, table)));
    }
    out.close("section").line();
  }

  private static String file(AnalysisReport analysis, ResultTable table) {
    return analysis.name() + "/" + table.name() + ".csv";
  }

  /** A named outcome comes with its notes, for they say what to do. */
  private void outcome(AnalysisReport analysis) {
    if (analysis.outcome().equals(AnalysisReport.OK)) {
      return;
    }
    out.line().open("div", "class", "alert").line();
    out.open("p").element("strong", "Outcome: " + analysis.outcome()).close("p");
    for (String note : analysis.notes()) {
      out.element("p", note);
    }
    out.close("div").line();
  }

  private void notes(List<String> notes) {
    if (notes.isEmpty()) {
      return;
    }
    if (notes.size() == 1) {
      out.element("p", notes.get(0)).line();
      return;
    }
    out.open("ul", "class", "notes");
    for (String note : notes) {
      out.element("li", note);
    }
    out.close("ul").line();
  }

  private void fact(String name, Cell cell) {
    String shown = CellTexts.single(name, cell, STYLE);
    String label = name.replace('_', ' ');
    out.open("div").element("dt", label).open("dd", "class", "wrap");
    if (cell.status() != Cell.Status.OK) {
      String reason = HtmlTable.explain(cell);
      out.element("span", shown, "class", HtmlTable.css(cell.status()), "title", reason);
      out.element("span", " " + cell.reason(), "class", "aside");
    } else if (CellTexts.isRounded(cell, shown)) {
      out.element("span", shown, "title", Digits.exact(((Cell.Real) cell).value()));
    } else {
      out.text(shown);
    }
    out.close("dd").close("div").line();
  }

  private void plot(AnalysisReport analysis, Plot plot, String id) {
    Optional<ResultTable> table =
        analysis.tables().stream().filter(t -> t.name().equals(plot.table())).findFirst();
    try {
      ResultTable source =
          table.orElseThrow(() -> new IllegalArgumentException("no table " + plot.table()));
      Picture picture = PlotPictures.of(plot, source);
      figure(
          plot.title(), caption(plot, picture) + PlotPictures.leftOut(plot, source), picture, id);
    } catch (IllegalArgumentException e) {
      // A result is worth more than its picture; the defect is said, not hidden.
      out.open("p", "class", "foot").text(plot.title() + ": not drawn, " + e.getMessage() + ".");
      out.close("p").line();
    }
  }

  private static String caption(Plot plot, Picture picture) {
    if (plot instanceof Plot.Forest forest) {
      return forest.scale() == Plot.Scale.RATIO
          ? "Squares are estimates, lines their intervals; logarithmic axis, dashed line at 1. "
          : "Squares are estimates, lines their intervals; dashed line at 0. ";
    }
    if (plot instanceof Plot.Survival curves) {
      String between =
          curves.form() == Plot.Form.STEP
              ? ""
              : "Lines join the values shown, steps between are left out. ";
      return between
          + "Bands are limits; at risk are those after the last step shown up to each time. ";
    }
    if (picture instanceof io.tributary.report.svg.HistogramPicture bins && !bins.equalWidths()) {
      return "Heights are counts per unit, for the intervals differ in width. ";
    }
    return "";
  }

  private void figure(String title, String aside, Picture picture, String id) {
    Markup drawn = picture.both(id);
    out.open("figure").open("figcaption").element("b", "Figure " + ++figures).text(title + ". ");
    out.element("span", aside.strip(), "class", "aside").close("figcaption").line();
    out.add(drawn).line().close("figure").line();
  }

  // ---- who took part ---------------------------------------------------------------------------

  private void participation() {
    part("participation", "Who took part");
    out.element("p", report.shape() + ".");
    if (!report.rounds().isEmpty()) {
      figure(
          "Sites and masked sums",
          "One row a site, one block a sum, in the order they were taken. Filled: its part is in"
              + " the sum; red outline: it dropped out; grey outline: absent. A site that is gone after its upload is still in"
              + " that sum.",
          participationPicture(),
          "sites");
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (SiteParticipation site : report.sites()) {
      rows.add(
          List.of(
              Cell.of(site.site()),
              Cell.of(site.organisation()),
              Cell.of(role(site)),
              site.bytes() < 0 ? Cell.of("not measured") : Cell.of(site.bytes())));
    }
    siteTable(rows);
    if (!report.rounds().isEmpty()) {
      figure("Time line", timelineAside(), timelinePicture(), "time");
    }
    out.close("section").line();
  }

  private void siteTable(List<List<Cell>> rows) {
    out.open("div", "class", "tab short").line();
    HtmlTable.open(out, "Table " + ++tables, "Sites", "");
    out.open("thead").open("tr");
    for (String head : List.of("site", "organisation", "part")) {
      out.element("th", head, "scope", "col");
    }
    out.element("th", "bytes\u00a0sent", "scope", "col", "class", "r").close("tr").close("thead");
    out.open("tbody").line();
    for (int i = 0; i < rows.size(); i++) {
      String role = report.sites().get(i).role();
      out.open("tr").element("th", CellTexts.single("", rows.get(i).get(0), STYLE), "scope", "row");
      out.element("td", CellTexts.single("", rows.get(i).get(1), STYLE));
      out.open("td").open("span", "class", "role " + css(role));
      out.element("span", CellTexts.single("", rows.get(i).get(2), STYLE))
          .close("span")
          .close("td");
      out.element("td", CellTexts.single("", rows.get(i).get(3), STYLE), "class", "r");
      out.close("tr").line();
    }
    out.close("tbody").close("table").close("div").close("div").line();
  }

  private static String css(String role) {
    return switch (role) {
      case "CONTRIBUTED" -> "in";
      case "ABSENT" -> "away";
      default -> "out";
    };
  }

  private static String role(SiteParticipation site) {
    String part =
        switch (site.role()) {
          case "CONTRIBUTED" -> "contributed";
          case "ABSENT" -> "absent from the start";
          case "DROPPED" -> "dropped out";
          default -> site.role().toLowerCase(Locale.ROOT);
        };
    return site.vanishedAfterUpload() == 0
        ? part
        : part + "; gone after its upload in " + count(site.vanishedAfterUpload(), "sum");
  }

  private ParticipationPicture participationPicture() {
    List<ParticipationPicture.Site> sites = new ArrayList<>();
    for (SiteParticipation site : report.sites()) {
      List<ParticipationPicture.Part> parts = new ArrayList<>();
      int in = 0;
      for (RoundRecord round : report.rounds()) {
        boolean dropped = round.dropouts().contains(site.site());
        boolean contributed = site.role().equals("CONTRIBUTED") && !dropped;
        boolean absent = site.role().equals("ABSENT");
        parts.add(
            contributed
                ? ParticipationPicture.Part.IN
                : absent ? ParticipationPicture.Part.ABSENT : ParticipationPicture.Part.DROPPED);
        in += contributed ? 1 : 0;
      }
      String words = in == 0 ? "in no sum" : in + " of " + count(parts.size(), "sum");
      sites.add(new ParticipationPicture.Site(site.site(), words, parts));
    }
    return new ParticipationPicture("Sites and masked sums", sites);
  }

  private String timelineAside() {
    long repeated = report.rounds().stream().filter(round -> round.attempt() > 0).count();
    return "One block a masked sum, from opening to result."
        + (repeated == 0
            ? ""
            : " Orange: " + count(repeated, "sum") + " that needed more than one attempt.");
  }

  private TimelinePicture timelinePicture() {
    Map<String, List<TimelinePicture.Block>> lanes = new LinkedHashMap<>();
    Instant end = report.finished();
    for (RoundRecord round : report.rounds()) {
      double from = seconds(Duration.between(report.started(), round.opened()));
      String tip =
          round.analysis()
              + ", sum "
              + (round.step() + 1)
              + ": "
              + duration(round.took())
              + ", "
              + count(round.contributors(), "contributor")
              + ", "
              + count(round.words(), "number")
              + (round.attempt() == 0 ? "" : ", attempt " + (round.attempt() + 1));
      lanes
          .computeIfAbsent(round.analysis(), name -> new ArrayList<>())
          .add(
              new TimelinePicture.Block(
                  Math.max(0, from), seconds(round.took()), round.attempt() > 0, tip));
      Instant closed = round.opened().plus(round.took());
      end = closed.isAfter(end) ? closed : end;
    }
    List<TimelinePicture.Lane> list = new ArrayList<>();
    lanes.forEach((name, blocks) -> list.add(new TimelinePicture.Lane(name, blocks)));
    return new TimelinePicture("Time line", list, seconds(Duration.between(report.started(), end)));
  }

  // ---- what was revealed, rules, provenance ----------------------------------------------------

  private void revealed() {
    part("revealed", "What was revealed");
    int fewest = report.rounds().stream().mapToInt(RoundRecord::contributors).min().orElse(0);
    out.element(
        "p",
        report.rounds().isEmpty()
            ? "No masked sum was opened."
            : "The coordinator learned the sums below, each over at least "
                + count(fewest, "site")
                + ", the sums of every iteration included. It also knows who took part, when, and"
                + " how much was sent. What was released from the sums is in this report and its"
                + " files.");
    notes(report.rules().stream().filter(rule -> rule.startsWith(StudyReport.LEARNED)).toList());
    if (!report.rounds().isEmpty()) {
      out.add(new HtmlTable(sums()).render("Table " + ++tables, ""));
    }
    out.close("section").line();
  }

  /** Sums by analysis. */
  private ResultTable sums() {
    Map<String, List<RoundRecord>> byAnalysis = new LinkedHashMap<>();
    for (RoundRecord round : report.rounds()) {
      byAnalysis.computeIfAbsent(round.analysis(), name -> new ArrayList<>()).add(round);
    }
    List<List<Cell>> rows = new ArrayList<>();
    byAnalysis.forEach(
        (name, rounds) ->
            rows.add(
                List.of(
                    Cell.of(name),
                    Cell.of((long) rounds.size()),
                    Cell.of(rounds.stream().mapToLong(RoundRecord::words).sum()),
                    Cell.of(
                        rounds.stream().mapToLong(RoundRecord::contributors).min().orElse(0)))));
    return new ResultTable(
        "sums",
        "Sums that the coordinator learned",
        List.of(
            Column.text("analysis"),
            Column.whole("sums"),
            Column.whole("numbers in them"),
            Column.whole("fewest sites in one")),
        rows);
  }

  private void provenance() {
    part("provenance", "Rules and provenance");
    List<String> rules =
        report.rules().stream().filter(rule -> !rule.startsWith(StudyReport.LEARNED)).toList();
    if (!rules.isEmpty()) {
      out.element("h3", "Release rules that were applied");
      notes(rules);
    }
    out.element("h3", "Origin").open("table", "class", "plain").open("tbody").line();
    origin("study digest (SHA-256)", report.studyDigest());
    origin("consortium digest", report.consortiumDigest());
    origin("started", report.started().toString());
    origin("finished", report.finished().toString());
    for (int i = 0; i < report.transcriptHashes().size(); i++) {
      String name = i < report.analyses().size() ? report.analyses().get(i).name() : "" + (i + 1);
      origin("transcript of " + name, report.transcriptHashes().get(i));
    }
    report.versions().forEach(this::origin);
    out.close("tbody").close("table").close("section").line();
  }

  private void origin(String name, String value) {
    out.open("tr").element("th", name, "scope", "row").element("td", value, "class", "hash");
    out.close("tr").line();
  }

  private void colophon() {
    Set<String> tables = new HashSet<>();
    report.analyses().forEach(a -> a.tables().forEach(t -> tables.add(a.name() + t.name())));
    out.open("footer", "class", "colophon")
        .element(
            "p",
            "Written by Tributary "
                + report.versions().getOrDefault("tributary", "")
                + ". Numbers are rounded here; the "
                + count(tables.size(), "table")
                + " beside this file hold them in full precision, and release.json all that is said"
                + " about them.");
    out.close("footer").line();
  }

  private void part(String id, String title) {
    out.open("section", "class", "part", "id", id, "aria-labelledby", id + "-h").line();
    out.element("h2", title, "id", id + "-h").line();
  }

  // ---- words -----------------------------------------------------------------------------------

  private static String count(long number, String noun) {
    return whole(number) + " " + noun + (number == 1 ? "" : "s");
  }

  private static String whole(long number) {
    return Digits.whole(number, STYLE);
  }

  private static String abbreviated(String digest) {
    return digest.length() <= 16 ? digest : digest.substring(0, 16) + "\u2026";
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 100) {
      return Digits.fixed(1, STYLE).of(duration.toMillis() / 1000.0) + " s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    return duration.toHours() + " h " + duration.toMinutesPart() + " min";
  }

  private static String styleSheet() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
      return "\n" + new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
