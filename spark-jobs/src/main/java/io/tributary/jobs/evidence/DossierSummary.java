package io.tributary.jobs.evidence;

import io.tributary.codec.StudyColumns;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.journal.EvidenceEntry;
import io.tributary.journal.EvidenceEvent;
import io.tributary.report.text.Markup;
import io.tributary.study.Consortium;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The page of a dossier for an ethics board: what was asked, who decided what, what left, what was
 * learned. It is a function of what {@link DossierCheck} finds, so a page that says something else
 * does not verify. One file, no script, no network.
 */
final class DossierSummary {
  private static final Set<EvidenceEvent> DECISIONS =
      EnumSet.of(
          EvidenceEvent.ADMITTED,
          EvidenceEvent.REFUSED,
          EvidenceEvent.DECIDED,
          EvidenceEvent.BUDGET,
          EvidenceEvent.DECLINED,
          EvidenceEvent.ANALYSIS_FAILED,
          EvidenceEvent.RELEASED,
          EvidenceEvent.ENDED);
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final Map<String, String> PROGRAM =
      Map.of(
          "tributary", "Tributary",
          "jar", "Its jar (SHA-256)",
          "protocol", "Protocol",
          "spark", "Spark",
          "arrow", "Arrow",
          "java", "Java");

  private final DossierCheck.Findings found;
  private final Markup out = new Markup();

  private DossierSummary(DossierCheck.Findings found) {
    this.found = found;
  }

  static String page(DossierCheck.Findings found) {
    return new DossierSummary(found).page();
  }

  private String page() {
    Study study = found.study();
    out.open("html", "lang", "en").line().open("head").line();
    out.empty("meta", "charset", "utf-8").line();
    out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").line();
    String policy = "default-src 'none'; style-src 'unsafe-inline'";
    out.empty("meta", "http-equiv", "Content-Security-Policy", "content", policy).line();
    out.element("title", study.name() + ": evidence").line();
    out.style(css()).line().close("head").line().open("body").line();
    out.open("main").line();
    out.element("p", "Evidence of a federated study", "class", "kicker").line();
    out.element("h1", study.name()).line();
    out.element("p", lead(), "class", "lead").line();
    facts();
    asked();
    sites();
    left();
    learned();
    decisions();
    program();
    checked();
    out.close("main").line().close("body").line().close("html").line();
    return "<!DOCTYPE html>\n" + out.finished();
  }

  private String lead() {
    long contributors =
        found.sums().stream().flatMap(sum -> sum.contributors().stream()).distinct().count();
    if (found.sums().isEmpty()) {
      return "No sum was taken: nothing that was computed from rows left the masks.";
    }
    return "%d %s taken over %d sites. No row and no single site's number left a site: each sum was opened only for all its contributors together."
        .formatted(
            found.sums().size(), found.sums().size() == 1 ? "sum was" : "sums were", contributors);
  }

  private void facts() {
    out.open("dl").line();
    fact("Analyst", found.signature().analyst());
    fact("Signed", MINUTE.format(found.signature().signedAt()));
    fact("Last entry", MINUTE.format(DossierCheck.lastLine(found)));
    fact(
        "Consortium",
        found.consortium().consortium().name()
            + ", version "
            + found.consortium().consortium().version());
    fact("Dossier of", found.maker());
    fact("Study digest", found.digest().hex());
    out.close("dl").line();
  }

  private void fact(String name, String value) {
    out.open("div").element("dt", name).element("dd", value).close("div").line();
  }

  private void asked() {
    Study study = found.study();
    out.element("h2", "What was asked").line();
    out.open("ul").line();
    out.element(
            "li",
            "Persons: dataset "
                + study.cohort().from()
                + study.cohort().where().map(where -> " where " + where).orElse(""))
        .line();
    study
        .cohort()
        .joins()
        .forEach(join -> out.element("li", "Joined: dataset " + join.words()).line());
    out.element("li", "Columns: " + String.join(", ", StudyColumns.touched(study))).line();
    for (Study.AnalysisSpec analysis : study.analyses()) {
      out.element("li", "Analysis " + analysis.name() + " (" + analysis.type() + ")").line();
    }
    Study.ReleaseFloor floor = study.release();
    out.element(
            "li",
            "Shown to the analyst: counts of at least "
                + floor.minCell()
                + " persons, statistics on at least "
                + floor.minPersons())
        .line();
    out.close("ul").line();
  }

  private void sites() {
    out.element("h2", "Who took part").line();
    out.open("table").line().open("thead").open("tr");
    for (String head : new String[] {"Site", "Organisation", "Part", "Policy (SHA-256)"}) {
      out.element("th", head, "scope", "col");
    }
    out.close("tr").close("thead").line().open("tbody").line();
    for (SiteId site : found.study().sites()) {
      out.open("tr");
      out.element("th", site.value(), "scope", "row");
      Optional<Consortium.Member> member = found.consortium().consortium().site(site);
      out.element(
          "td", member.map(Consortium.Member::organisation).orElse("not in the consortium"));
      out.element("td", part(site));
      out.element(
          "td",
          Optional.ofNullable(found.policies().get(site.value()))
              .map(policy -> policy.hex().substring(0, 16))
              .orElse("none given"),
          "class",
          "digest");
      out.close("tr").line();
    }
    out.close("tbody").close("table").line();
  }

  private String part(SiteId site) {
    long sums = found.sums().stream().filter(sum -> sum.contributors().contains(site)).count();
    if (sums > 0) {
      return "contributed to " + sums + " of " + found.sums().size() + " sums";
    }
    String refused = found.refusals().get(site);
    return refused == null ? "did not contribute" : "refused: " + refused;
  }

  private void left() {
    Map<String, long[]> kinds = new TreeMap<>();
    for (EvidenceEntry line : found.lines()) {
      if (line.event() == EvidenceEvent.LEFT) {
        String kind = line.detail("what").replaceAll(" \\(.*| [0-9]+ \\(.*|released file .*/", "");
        kind = kind.startsWith("released file") ? "released file" : kind.replaceAll(" [0-9]+$", "");
        long[] total = kinds.computeIfAbsent(kind, each -> new long[2]);
        total[0]++;
        total[1] += Long.parseLong(line.detail("bytes"));
      }
    }
    out.element("h2", "What left " + found.maker()).line();
    if (kinds.isEmpty()) {
      out.element("p", "Nothing.").line();
      return;
    }
    out.open("table").line().open("thead").open("tr");
    out.element("th", "What", "scope", "col");
    out.element("th", "Objects", "scope", "col", "class", "number");
    out.element("th", "Bytes", "scope", "col", "class", "number");
    out.close("tr").close("thead").line().open("tbody").line();
    kinds.forEach(
        (kind, total) -> {
          out.open("tr").element("td", kind);
          out.element("td", Long.toString(total[0]), "class", "number");
          out.element("td", Long.toString(total[1]), "class", "number");
          out.close("tr").line();
        });
    out.close("tbody").close("table").line();
  }

  private void learned() {
    out.element("h2", "What the coordinator learned").line();
    out.open("ul").line();
    for (int job = 0; job < found.study().analyses().size(); job++) {
      String name = found.study().analyses().get(job).name();
      long sums = found.sums().stream().filter(sum -> sum.analysis().equals(name)).count();
      for (String sentence : Catalog.create(found.study(), job).reveals()) {
        out.element("li", name + ", " + sums + (sums == 1 ? " sum: " : " sums: ") + sentence)
            .line();
      }
    }
    out.close("ul").line();
  }

  private void decisions() {
    out.element("h2", "What was decided").line();
    List<EvidenceEntry> decisions = new ArrayList<>();
    for (EvidenceEntry line : found.lines()) {
      if (DECISIONS.contains(line.event())) {
        decisions.add(line);
      }
    }
    out.open("ol").line();
    for (EvidenceEntry line : decisions) {
      out.open("li");
      out.element("time", MINUTE.format(line.at()));
      out.text(" " + line.words()).close("li").line();
    }
    out.close("ol").line();
  }

  private void program() {
    out.element("h2", "With which program").line();
    out.open("dl").line();
    found.versions().forEach((name, version) -> fact(PROGRAM.getOrDefault(name, name), version));
    out.close("dl").line();
    found
        .materials()
        .ifPresent(
            materials ->
                out.element(
                        "p",
                        materials.libraries().size()
                            + " libraries of others are part of it. Each is named in "
                            + Dossier.SBOM
                            + " of the dossier, with its digest and its licence ("
                            + materials.libraries().stream()
                                .map(BillOfMaterials.Library::licence)
                                .distinct()
                                .sorted()
                                .collect(Collectors.joining(", "))
                            + ").")
                    .line());
  }

  private void checked() {
    out.element("h2", "How this can be checked").line();
    out.element(
            "p",
            "Every statement above follows from signed objects in the dossier. The journal of "
                + found.maker()
                + " has "
                + found.journal().lines()
                + " lines in an unbroken chain, "
                + found.journal().checkpoints()
                + " signed checkpoints and "
                + found.journal().copies()
                + " copies of its heads among what the other parties hold. With the consortium file"
                + " and nothing else:")
        .line();
    out.element("pre", "tributary evidence verify dossier.zip --roster consortium.yaml").line();
    out.element(
            "p",
            "What it cannot show: whether a site's rows are true, what a party did outside the"
                + " program, and whether the program is the one that it says it is.")
        .line();
  }

  private static String css() {
    try (InputStream in = DossierSummary.class.getResourceAsStream("summary.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the style sheet lies in the jar", e);
    }
  }
}
