package io.tributary.jobs.site.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.Outcome;
import io.tributary.journal.EvidenceJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may look at a steward's desk and who may decide there, asked over bare HTTP. */
class DeskServerTest {
  @TempDir Path folder;
  private Desk desk;
  private String host;
  private String home;
  private String token;

  @BeforeEach
  void open() {
    desk = new Desk(folder);
    URI address = URI.create(desk.server().address());
    host = address.getHost() + ":" + address.getPort();
    home = address.getPath();
    token = address.getQuery();
    assertThat(host).startsWith("127.0.0.1:");
    assertThat(home).matches("/[0-9a-f]{64}/");
    assertThat(token).matches("token=[0-9a-f]{64}");
  }

  @AfterEach
  void shut() {
    desk.close();
  }

  /** What came back. */
  private record Reply(int status, String head, String body) {
    String header(String name) {
      Matcher found = Pattern.compile("(?im)^" + name + ": *(.*)$").matcher(head);
      return found.find() ? found.group(1).strip() : "";
    }
  }

  /** One request as it is written, with "Connection: close" added. */
  private Reply raw(String request, String body) {
    URI address = URI.create(desk.server().address());
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout(10_000);
      String text = request.strip().replace("\n", "\r\n") + "\r\nConnection: close\r\n\r\n" + body;
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = reply.indexOf("\r\n\r\n");
      String head = reply.substring(0, end).replace("\r", "");
      return new Reply(Integer.parseInt(head.split(" ")[1]), head, reply.substring(end + 4));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Reply get(String path, String... headers) {
    return raw("GET " + path + " HTTP/1.1\nHost: " + host + "\n" + String.join("\n", headers), "");
  }

  private String cookie() {
    return "Cookie: " + get(home + "?" + token).header("Set-Cookie").split(";")[0];
  }

  private String studyPath() {
    return home + "study/" + desk.waiting().digest().hex();
  }

  private String formToken(String cookie) {
    Matcher found =
        Pattern.compile("name=\"form\" value=\"([0-9a-f]{64})\"")
            .matcher(get(studyPath(), cookie).body());
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  private static String form(String... pairs) {
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < pairs.length; i += 2) {
      form.append(i == 0 ? "" : "&").append(pairs[i]).append('=');
      form.append(URLEncoder.encode(pairs[i + 1], StandardCharsets.UTF_8));
    }
    return form.toString();
  }

  private Reply post(String form, String... headers) {
    return raw(
        "POST "
            + studyPath()
            + " HTTP/1.1\nHost: "
            + host
            + "\nContent-Type: application/x-www-form-urlencoded\nContent-Length: "
            + form.length()
            + "\n"
            + String.join("\n", headers),
        form);
  }

  private String origin() {
    return "Origin: http://" + host;
  }

  @Test
  void withoutTheTokenThereIsNothing() {
    assertThat(get("/").status()).isEqualTo(404);
    assertThat(get("/study/" + desk.waiting().digest().hex()).status()).isEqualTo(404);
    assertThat(get("/" + "0".repeat(64) + "/").status()).isEqualTo(404);
    for (String path : List.of(home, home + "journal", home + "style.css", studyPath())) {
      assertThat(get(path).status()).as(path).isEqualTo(403);
      assertThat(get(path, "Cookie: tributary-desk=" + "0".repeat(64)).status()).isEqualTo(403);
      assertThat(get(path, "Cookie: tributary-desk=").status()).isEqualTo(403);
    }
    for (String wrong :
        List.of("token=", "token=" + "0".repeat(64), token + "0", "token", "x=1", "token=%zz")) {
      Reply reply = get(home + "?" + wrong);
      assertThat(reply.status()).as(wrong).isIn(400, 403);
      assertThat(reply.header("Set-Cookie")).isEmpty();
      assertThat(reply.body()).doesNotContain("asks-first");
    }
    // The token is for the start page alone.
    assertThat(get(studyPath() + "?" + token).status()).isEqualTo(403);
    assertThat(desk.server().toString()).doesNotContain(token.substring(6), home);
  }

  @Test
  void theTokenBecomesACookieThatNoScriptAndNoOtherFolderSees() {
    Reply entered = get(home + "?" + token);
    assertThat(entered.status()).isEqualTo(303);
    assertThat(entered.header("Location")).isEqualTo(home);
    assertThat(entered.header("Set-Cookie"))
        .endsWith("; Path=" + home + "; HttpOnly; SameSite=Strict")
        .doesNotContain(token.substring(6));
    Reply page = get(home, cookie());
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("asks-first", "second-look", "Look and decide", "chain in order")
        .contains("rho 1/4 of 1 spent", "value=\"0.2500\"")
        .contains("Persons clipped for noise", "cells 7, of 120")
        .contains("rho 1/4 of 1/2 spent", "value=\"0.5000\"");
  }

  @Test
  void pagesComeFromHereAloneAndAreKeptNowhere() {
    String cookie = cookie();
    for (String path : List.of(home, home + "journal", studyPath(), home + "nothing", "/")) {
      Reply reply = get(path, cookie);
      assertThat(reply.header("Content-Security-Policy"))
          .isEqualTo(
              "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
                  + " frame-ancestors 'none'");
      assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
      assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(reply.header("X-Frame-Options")).isEqualTo("DENY");
      assertThat(reply.header("Referrer-Policy")).isEqualTo("same-origin");
      assertThat(reply.header("Access-Control-Allow-Origin")).isEmpty();
      assertThat(reply.body())
          .doesNotContain("http://", "https://", "=\"//", "<script", "javascript:", " style=")
          .doesNotContainPattern("<[^>]* on[a-z]+=");
    }
    assertThat(get(home + "style.css", cookie).body())
        .contains("--ink")
        .doesNotContain("url(", "@import");
  }

  @Test
  void aForeignNameForThisMachineGetsNothing() {
    String cookie = cookie();
    String port = host.substring(host.indexOf(':'));
    for (String other :
        List.of(
            "evil.example" + port,
            "localhost" + port,
            "127.0.0.1",
            host + ".evil.example",
            "[::1]" + port)) {
      Reply reply = raw("GET " + home + " HTTP/1.1\nHost: " + other + "\n" + cookie, "");
      assertThat(reply.status()).as(other).isEqualTo(421);
      assertThat(reply.body()).doesNotContain("asks-first");
      Reply entering = raw("GET " + home + "?" + token + " HTTP/1.1\nHost: " + other, "");
      assertThat(entering.header("Set-Cookie")).isEmpty();
    }
    assertThat(raw("GET " + home + " HTTP/1.0\n" + cookie, "").status()).isIn(400, 421);
    assertThat(
            raw("GET " + home + " HTTP/1.1\nHost: " + host + "\nHost: evil.example\n" + cookie, "")
                .status())
        .isEqualTo(421);
    assertThat(get(home, cookie, "Sec-Fetch-Site: cross-site").status()).isEqualTo(403);
    assertThat(get(home, cookie, "Sec-Fetch-Site: same-site").status()).isEqualTo(403);
    assertThat(get(home, cookie, "Sec-Fetch-Site: same-origin").status()).isEqualTo(200);
    assertThat(get(home, cookie, "Sec-Fetch-Site: none").status()).isEqualTo(200);
  }

  @Test
  void aFormOfAnotherPageDecidesNothing() {
    String cookie = cookie();
    String formToken = formToken(cookie);
    String good = form("form", formToken, "decision", "deny", "by", "Dr. V", "reason", "no vote");
    String without = form("decision", "deny", "by", "Dr. V", "reason", "no vote");
    String wrong =
        form("form", "0".repeat(64), "decision", "deny", "by", "Dr. V", "reason", "no vote");
    assertThat(post(good, origin()).status()).isEqualTo(403);
    assertThat(post(without, origin(), cookie).status()).isEqualTo(403);
    assertThat(post(wrong, origin(), cookie).status()).isEqualTo(403);
    // The session's own secret is no form token.
    assertThat(
            post(
                    form("form", cookie.substring(cookie.indexOf('=') + 1), "decision", "deny"),
                    origin(),
                    cookie)
                .status())
        .isEqualTo(403);
    for (String foreign :
        List.of(
            "Origin: http://evil.example",
            "Origin: null",
            "Origin: http://127.0.0.1:1",
            "Origin: http://localhost" + host.substring(host.indexOf(':')),
            "Origin: https://" + host,
            "X-Nothing: 1")) {
      assertThat(post(good, foreign, cookie).status()).as(foreign).isEqualTo(403);
    }
    assertThat(post(good, origin(), cookie, "Sec-Fetch-Site: cross-site").status()).isEqualTo(403);
    assertThat(post(good, origin(), cookie, "Sec-Fetch-Site: none").status()).isEqualTo(403);
    String json =
        "POST %s HTTP/1.1\nHost: %s\n%s\n%s\nContent-Type: text/plain\nContent-Length: %d"
            .formatted(studyPath(), host, origin(), cookie, good.length());
    assertThat(raw(json, good).status()).isEqualTo(415);
    assertThat(post(good + "&by=Dr.+W", origin(), cookie).status()).isEqualTo(400);
    assertThat(post(good + "&x=".repeat(40), origin(), cookie).status()).isEqualTo(400);
    assertThat(post(good + "&x=" + "a".repeat(70_000), origin(), cookie).status()).isEqualTo(413);
    for (String method : List.of("PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "HEAD")) {
      assertThat(
              raw(method + " " + studyPath() + " HTTP/1.1\nHost: " + host + "\n" + cookie, "")
                  .status())
          .as(method)
          .isEqualTo(405);
    }
    // What a form asks for in a query is not a form.
    assertThat(get(studyPath() + "?" + good, cookie).status()).isEqualTo(200);
    assertThat(desk.decisions()).isZero();
  }

  @Test
  void aDecisionIsTheOneOfTheCommand() {
    String cookie = cookie();
    String formToken = formToken(cookie);
    for (String[] incomplete :
        new String[][] {
          {"form", formToken, "decision", "deny", "by", "Dr. V", "reason", " "},
          {"form", formToken, "decision", "deny", "by", "", "reason", "no vote"},
          {"form", formToken, "decision", "grant", "by", "Dr. V", "days", "0"},
          {"form", formToken, "decision", "grant", "by", "Dr. V", "days", "4000"},
          {"form", formToken, "decision", "grant", "by", "Dr. V", "days", "-1"},
          {"form", formToken, "decision", "grant", "by", "Dr. V"},
          {"form", formToken, "decision", "", "by", "Dr. V", "days", "3"},
          {"form", formToken, "decision", "grant", "by", "a".repeat(4001), "days", "3"},
        }) {
      Reply reply = post(form(incomplete), origin(), cookie);
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).contains("Not done", "USAGE");
    }
    assertThat(desk.decisions()).isZero();

    Reply granted =
        post(
            form(
                "form",
                formToken,
                "decision",
                "grant",
                "by",
                "Dr. Vögel",
                "days",
                "7",
                "reason",
                ""),
            origin(),
            cookie);
    assertThat(granted.status()).isEqualTo(303);
    assertThat(granted.header("Location")).isEqualTo(studyPath());
    assertThat(desk.decisions()).isEqualTo(1);
    assertThat(command("approve", "show", "asks-first").out())
        .contains("steward: granted until ", "by Dr. Vögel");
    assertThat(get(home, cookie).body()).contains("granted until");

    command("approve", "deny", "asks-first", "--by", "Dr. W", "--reason", "<i>no</i>").done();
    assertThat(get(studyPath(), cookie).body())
        .contains("You have decided: denied at ", "by Dr. W: &lt;i&gt;no&lt;/i&gt;")
        .doesNotContain("<i>no");
    assertThat(desk.decisions()).isEqualTo(2);
  }

  /** The policy asked for no decision when it ran. */
  @Test
  void aStudyThatIsOverWaitsForNobody() {
    String overview = get(home, cookie()).body();
    String queue =
        overview.substring(overview.indexOf("Waiting for you"), overview.indexOf("Privacy"));
    assertThat(queue).contains("asks-first", "second-look").doesNotContain("ran-by-rules");
    assertThat(overview.substring(overview.indexOf("Persons clipped"))).contains("ran-by-rules");
    assertThat(overview).contains("by rules", "ended: every analysis is over");
    assertThat(command("approve", "list").done().out())
        .containsPattern("ran-by-rules +by ada +is over")
        .containsPattern("asks-first +by ada +waits for a decision");
  }

  private Outcome command(String... words) {
    String[] all = java.util.Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--config";
    all[words.length + 1] = desk.config().toString();
    return Outcome.of(all);
  }

  @Test
  void whatOthersWroteStaysText() {
    String cookie = cookie();
    String page = get(studyPath(), cookie).body();
    assertThat(page)
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;b&gt;x&lt;/b&gt;")
        .contains("age &gt;= 18", "months", "age * 12", "Signed by ada", "rules pass")
        .doesNotContain("<script", "<b>", "<img");
    assertThat(get(home, cookie).body()).doesNotContain("<script", "<img");
    assertThat(get(home + "journal", cookie).body())
        .contains("&lt;script&gt;")
        .doesNotContain("<script", "<img");
    Reply query = get(home + "journal?study=%22%3E%3Cscript%3E", cookie);
    assertThat(query.body()).doesNotContain("<script");
    assertThat(get(home + "study/" + "0".repeat(64), cookie).status()).isEqualTo(400);
    assertThat(get(home + "study/../../etc/passwd", cookie).status()).isIn(400, 404);
    assertThat(get(home + "study/%2e%2e%2f", cookie).status()).isEqualTo(404);
  }

  @Test
  void anEditedJournalIsShownAsSuch() throws IOException {
    String cookie = cookie();
    Path journal = desk.site().state().resolve(EvidenceJournal.FILE);
    String text = Files.readString(journal, StandardCharsets.ISO_8859_1);
    Files.writeString(journal, text.replace("ada", "eve"), StandardCharsets.ISO_8859_1);
    for (String path : List.of(home, home + "journal")) {
      Reply reply = get(path, cookie);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).contains("EVIDENCE_BROKEN").doesNotContain("chain in order");
    }
  }

  @Test
  void twoStartsShareNoSecret() throws IOException {
    Path second = Files.createDirectories(folder.resolve("second"));
    try (Desk other = new Desk(second)) {
      URI address = URI.create(other.server().address());
      assertThat(address.getPath()).isNotEqualTo(home);
      assertThat(address.getQuery()).isNotEqualTo(token);
      // A cookie of one start is nothing at the other, though browsers mix ports.
      String cookie = cookie();
      String port = host;
      host = address.getHost() + ":" + address.getPort();
      try (Socket socket = new Socket(address.getHost(), address.getPort())) {
        socket
            .getOutputStream()
            .write(
                ("GET "
                        + address.getPath()
                        + " HTTP/1.1\r\nHost: "
                        + host
                        + "\r\n"
                        + cookie
                        + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .contains(" 403 ");
      }
      host = port;
    }
  }
}
