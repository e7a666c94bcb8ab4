package io.tributary.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {
  private static final String HOSTILE =
      "\"><script>alert(1)</script><img src=x onerror=alert(1)>' & ]]> \u0000\u001b[2J\u202egnp";

  @Test
  void thePageIsWellFormedXml() throws Exception {
    Document page = parse(HtmlReport.render(SampleStudy.full()));
    assertThat(page.getDocumentElement().getTagName()).isEqualTo("html");
  }

  @Test
  void thePageNeedsNothingElse() {
    String html = HtmlReport.render(SampleStudy.full());
    assertThat(html)
        .doesNotContainIgnoringCase("http:")
        .doesNotContainIgnoringCase("https:")
        .doesNotContain("src=", "<script", "<link", "<iframe", "@import", "url(", "xlink")
        .contains("default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;");
    assertThat(html.split("href=\"", -1)).filteredOn(part -> !part.startsWith("#")).hasSize(1);
  }

  @Test
  void everyAnchorLeadsSomewhereAndIdsAreUnique() throws Exception {
    Document page = parse(HtmlReport.render(SampleStudy.full()));
    Set<String> ids = new HashSet<>();
    for (Element element : elements(page, "*")) {
      if (element.hasAttribute("id")) {
        assertThat(ids.add(element.getAttribute("id"))).as(element.getAttribute("id")).isTrue();
      }
    }
    for (Element link : elements(page, "a")) {
      assertThat(ids).contains(link.getAttribute("href").substring(1));
    }
    for (Element element : elements(page, "*")) {
      for (String id : element.getAttribute("aria-labelledby").split(" ", -1)) {
        assertThat(id.isEmpty() || ids.contains(id)).as(id).isTrue();
      }
    }
  }

  @Test
  void hostileNamesStayNames() throws Exception {
    String html = HtmlReport.render(hostile());
    Document page = parse(html);
    assertThat(elements(page, "script")).isEmpty();
    assertThat(elements(page, "img")).isEmpty();
    assertThat(html).doesNotContain("\u0000", "\u001b", "\u202e", "<script>");
    assertThat(page.getDocumentElement().getTextContent())
        .contains("\"><script>alert(1)</script><img src=x onerror=alert(1)>' & ]]>");
    for (Element element : elements(page, "*")) {
      assertThat(element.getAttribute("onerror")).isEmpty();
    }
  }

  @Test
  void accessibilityBasics() throws Exception {
    Document page = parse(HtmlReport.render(SampleStudy.full()));
    assertThat(page.getDocumentElement().getAttribute("lang")).isEqualTo("en");
    assertThat(elements(page, "h1")).hasSize(1);
    assertThat(elements(page, "main")).hasSize(1);
    for (Element header : elements(page, "th")) {
      assertThat(header.getAttribute("scope")).isIn("col", "row");
    }
    for (Element picture : elements(page, "svg")) {
      assertThat(picture.getAttribute("role")).isEqualTo("img");
      assertThat(picture.getFirstChild().getNodeName()).isEqualTo("title");
      assertThat(picture.getFirstChild().getTextContent()).isNotBlank();
      assertThat(picture.getChildNodes().item(1).getNodeName()).isEqualTo("desc");
      assertThat(picture.getChildNodes().item(1).getTextContent()).isNotBlank();
    }
    for (Element table : elements(page, "table")) {
      boolean plain = table.getAttribute("class").equals("plain");
      assertThat(plain || table.hasAttribute("aria-labelledby")).isTrue();
    }
  }

  @Test
  void cellsWithoutAValueAreMarkedAndExplainedOnPaper() {
    String html = HtmlReport.render(SampleStudy.full());
    assertThat(html)
        .contains("<span class=\"sup\" title=\"Withheld: count &lt; 5\">&lt;5</span><sup>a</sup>")
        .contains("<sup>a</sup> Withheld: count &lt; 5.")
        .contains(
            "<span class=\"nc\" title=\"n/c, not computed: fewer than 10 persons\">n/c</span>")
        .contains("<span class=\"fail\" title=\"Failed: SEPARATION\">failed</span>");
    // In a column of means "<5" would read as a mean below 5.
    assertThat(html).contains("title=\"Withheld: at risk &lt; 5\">withheld</span>");
  }

  @Test
  void namedOutcomesAndMissingSitesStandAtTheTop() {
    String html = HtmlReport.render(SampleStudy.full());
    int attention = html.indexOf("Read this first");
    assertThat(attention).isPositive().isLessThan(html.indexOf("Contents"));
    assertThat(html)
        .contains("<strong>rare-mutation</strong> ended with SEPARATION.")
        .contains("<strong>west</strong> was absent from the start")
        .contains("Outcome: SEPARATION");
  }

  @Test
  void aLongTableIsCutWithAWordAboutIt() {
    List<List<Cell>> rows = new ArrayList<>();
    for (long i = 0; i < 12_345; i++) {
      rows.add(List.of(Cell.of(i)));
    }
    ResultTable table = new ResultTable("long", "", List.of(Column.whole("n")), rows);
    String html = HtmlReport.render(ReportWriterTest.study(ReportWriterTest.analysis("a", table)));
    assertThat(html).contains("The first 200 of 12\u202f345 rows; the others are in the files.");
    assertThat(html.split("<tr>", -1).length).isLessThan(300);
  }

  @Test
  void anEmptyStudyIsAPageToo() throws Exception {
    StudyReport full = SampleStudy.full();
    StudyReport empty =
        new StudyReport(
            "empty",
            "",
            "",
            "",
            "ALL",
            full.started(),
            full.started(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Map.of());
    assertThat(parse(HtmlReport.render(empty)).getDocumentElement().getTextContent())
        .contains("No masked sum was opened.");
  }

  @Test
  void picturesOfNothingAndOfExtremesAreDrawn() throws Exception {
    double[] extremes = {0, -0.0, 1e308, -1e308, Double.MIN_VALUE, 1e-300, 1, Math.nextUp(1.0)};
    for (int taken = 0; taken <= extremes.length; taken++) {
      List<List<Cell>> rows = new ArrayList<>();
      for (int i = 0; i < taken; i++) {
        Cell value = Cell.of(extremes[i]);
        rows.add(List.of(Cell.of("x" + i), value, value, value));
      }
      rows.add(
          List.of(
              Cell.of("hidden"),
              new Cell.Suppressed("count < 5"),
              new Cell.Failed("NOT_FINITE"),
              new Cell.NotComputed("why")));
      String html = HtmlReport.render(ReportWriterTest.study(everyPlot(rows)));
      parse(html);
      assertThat(html).doesNotContain("NaN").doesNotContain("Infinity").doesNotContain("not drawn");
    }
  }

  @Test
  void aMarginIsInTheTableAndNotInThePicture() {
    ResultTable table =
        new ResultTable(
            "t",
            "",
            List.of(Column.text("level"), Column.whole("n")),
            List.of(
                List.of(Cell.of("a"), Cell.of(41L)),
                List.of(Cell.of("b"), Cell.of(43L)),
                List.of(Cell.of(Plot.ALL), Cell.of(84L))));
    AnalysisReport analysis =
        new AnalysisReport(
            "a",
            "crosstab",
            "OK",
            84,
            1,
            Map.of(),
            List.of(table),
            List.of(new Plot.Bars("t", "Bars", "level", "n", "")),
            List.of());
    String html = HtmlReport.render(ReportWriterTest.study(analysis));
    assertThat(html).contains("<title>a: 41</title>").doesNotContain("<title>(all): 84</title>");
    assertThat(html).contains("(all)");
  }

  @Test
  void aBoundIsShownOnlyIfTheRuleIsNothingElse() {
    ResultTable table =
        new ResultTable(
            "t",
            "",
            List.of(Column.whole("n"), Column.real("p_value")),
            List.of(
                List.of(new Cell.Suppressed("count below 5"), Cell.of(0.2)),
                List.of(
                    new Cell.Suppressed("count below 5, or it would reveal one"),
                    new Cell.NotComputed("below 1e-307, see neg_log_10_p_value"))));
    String html = HtmlReport.render(ReportWriterTest.study(ReportWriterTest.analysis("a", table)));
    assertThat(html)
        .contains("title=\"Withheld: count below 5\">&lt;5</span>")
        .contains("title=\"Withheld: count below 5, or it would reveal one\">withheld</span>")
        .contains("see neg_log_10_p_value\">&lt;0.001</span>");
  }

  @Test
  void aPlotWithoutItsColumnIsSaidNotHidden() {
    ResultTable table =
        new ResultTable("t", "", List.of(Column.text("a")), List.of(List.of(Cell.of("x"))));
    AnalysisReport analysis =
        new AnalysisReport(
            "a",
            "glm",
            "OK",
            20,
            1,
            Map.of(),
            List.of(table),
            List.of(new Plot.Bars("t", "Bars", "a", "gone", "")),
            List.of());
    assertThat(HtmlReport.render(ReportWriterTest.study(analysis)))
        .contains("Bars: not drawn, no column gone in t.");
  }

  @Test
  void manySitesAndManySumsStayReadable() throws Exception {
    StudyReport full = SampleStudy.full();
    List<StudyReport.SiteParticipation> sites = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sites.add(new StudyReport.SiteParticipation("site-" + i, "Org " + i, "CONTRIBUTED", 0, 1));
    }
    List<StudyReport.RoundRecord> rounds = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      rounds.add(
          new StudyReport.RoundRecord(
              "a" + i % 10,
              i,
              0,
              full.started().plusSeconds(60L * i),
              Duration.ofSeconds(50),
              100,
              5,
              List.of()));
    }
    StudyReport large =
        new StudyReport(
            "large",
            "d",
            "d",
            "x",
            "QUORUM",
            full.started(),
            full.started().plusSeconds(180_000),
            sites,
            List.of(),
            rounds,
            List.of(),
            List.of(),
            Map.of());
    String html = HtmlReport.render(large);
    parse(html);
    assertThat(html.length()).isLessThan(3_000_000);
  }

  private static AnalysisReport everyPlot(List<List<Cell>> rows) {
    ResultTable table =
        new ResultTable(
            "t",
            "",
            List.of(Column.text("g"), Column.real("x"), Column.real("y"), Column.real("z")),
            rows);
    return new AnalysisReport(
        "a",
        "glm",
        "OK",
        20,
        1,
        Map.of(),
        List.of(table),
        List.of(
            new Plot.Forest("t", "f", "g", "x", "y", "z", Plot.Scale.RATIO),
            new Plot.Forest("t", "f", "g", "x", "y", "z", Plot.Scale.LINEAR),
            new Plot.Histogram("t", "h", "x", "y", "z", "g"),
            new Plot.Bars("t", "b", "g", "x", ""),
            new Plot.Lines("t", "l", "x", "y", "", Plot.Form.STRAIGHT),
            new Plot.Lines("t", "l", "x", "y", "g", Plot.Form.STEP),
            new Plot.Survival("t", "s", "x", "y", "z", "z", "z", "", Plot.Form.STEP),
            new Plot.Attrition("t", "n", "g", "x", "y"),
            new Plot.Pyramid("t", "a", "g", "x", "g"),
            new Plot.Sunburst("t", "s", "g", "x", "y"),
            new Plot.Points("t", "p", "x", "y", "g"),
            new Plot.Survival("t", "s", "x", "y", "x", "z", "z", "g", Plot.Form.STRAIGHT)),
        List.of());
  }

  private static StudyReport hostile() {
    StudyReport full = SampleStudy.full();
    ResultTable table =
        new ResultTable(
            "t",
            HOSTILE,
            List.of(Column.text(HOSTILE), Column.real("x"), Column.whole("n")),
            List.of(
                List.of(Cell.of(HOSTILE), Cell.of(1.5), new Cell.Suppressed(HOSTILE)),
                List.of(Cell.of(HOSTILE + "2"), Cell.of(2.5), new Cell.Failed(HOSTILE))));
    AnalysisReport analysis =
        new AnalysisReport(
            HOSTILE,
            HOSTILE,
            HOSTILE,
            20,
            1,
            Map.of(HOSTILE, Cell.of(HOSTILE)),
            List.of(table),
            List.of(
                new Plot.Bars("t", HOSTILE, HOSTILE, "x", HOSTILE),
                new Plot.Forest("t", HOSTILE, HOSTILE, "x", "x", "x", Plot.Scale.LINEAR),
                new Plot.Lines("t", HOSTILE, "x", "x", HOSTILE, Plot.Form.STEP),
                new Plot.Points("t", HOSTILE, "x", "x", HOSTILE),
                new Plot.Survival("t", HOSTILE, "x", "x", "x", "x", "n", HOSTILE, Plot.Form.STEP)),
            List.of(HOSTILE));
    return new StudyReport(
        HOSTILE,
        HOSTILE,
        HOSTILE,
        HOSTILE,
        HOSTILE,
        full.started(),
        full.finished(),
        List.of(new StudyReport.SiteParticipation(HOSTILE, HOSTILE, HOSTILE, 3, 1)),
        List.of(analysis),
        List.of(
            new StudyReport.RoundRecord(
                HOSTILE, 0, 1, full.started(), Duration.ofSeconds(2), 3, 5, List.of(HOSTILE))),
        List.of(HOSTILE, HOSTILE),
        List.of(HOSTILE),
        Map.of(HOSTILE, HOSTILE));
  }

  /** A strict parser without any loading from outside. */
  private static Document parse(String html) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(html)));
  }

  private static List<Element> elements(Document page, String tag) {
    NodeList nodes = page.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }
}
