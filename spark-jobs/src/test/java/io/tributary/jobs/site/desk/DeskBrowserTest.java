package io.tributary.jobs.site.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The steward's desk in headless Chromium: what a person does there, what another page cannot, and
 * that nothing stands beside the window. Skipped where there is no Chromium, but for CI.
 */
class DeskBrowserTest {
  @TempDir Path folder;
  private Desk desk;
  private Browser browser;
  private Path profile;

  @BeforeEach
  void open() throws Exception {
    Optional<Path> program = Browser.program();
    boolean ci = "true".equals(System.getenv("CI"));
    assumeTrue(program.isPresent() || ci, "no Chromium on this machine");
    assertThat(program).as("Chromium, which .ci/run installs").isPresent();
    desk = new Desk(folder);
    // Not inside the other folder: a profile has links to sockets that are gone when it is removed.
    profile = Files.createTempDirectory("desk-profile");
    browser = new Browser(program.get(), profile);
  }

  @AfterEach
  void shut() throws IOException {
    if (browser != null) {
      browser.close();
      desk.close();
      try (Stream<Path> files = Files.walk(profile)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  @Test
  void aStewardLooksAndDecides() throws IOException {
    browser.resize(1280, 900);
    browser.go(desk.server().address());
    assertThat(browser.evaluate("location.search")).isEmpty();
    assertThat(browser.evaluate("document.cookie")).isEmpty();
    assertThat(browser.evaluate("document.querySelectorAll('.cards li').length")).isEqualTo("2");
    everyPageFitsItsWindow();

    browser.go(home() + "study/" + desk.waiting().digest().hex());
    assertThat(browser.evaluate("document.querySelector('h1').textContent"))
        .isEqualTo("asks-first");
    // The browser itself does not send a form without a name in it.
    browser.evaluate("document.querySelector('form.deny button').click()");
    assertThat(browser.evaluate("document.querySelector('form.deny :invalid') !== null"))
        .isEqualTo("true");
    fill("form.deny [name=by]", "Dr. Vogel");
    fill("form.deny [name=reason]", "no ethics vote");
    browser.follow("document.querySelector('form.deny button').click()");
    assertThat(browser.evaluate("document.querySelector('.lead').textContent"))
        .contains("You have decided: denied at", "by Dr. Vogel: no ethics vote");
    assertThat(desk.decisions()).isEqualTo(1);

    fill("form.grant [name=by]", "Dr. Vogel");
    browser.follow("document.querySelector('form.grant button').click()");
    assertThat(browser.evaluate("document.querySelector('.lead').textContent"))
        .contains("granted until");
    assertThat(desk.decisions()).isEqualTo(2);
    browser.follow("document.querySelector('nav a').click()");
    assertThat(browser.evaluate("document.querySelectorAll('.cards li').length")).isEqualTo("1");
    assertThat(browser.evaluate("document.scripts.length")).isEqualTo("0");
    assertThat(browser.complaints()).isEmpty();
  }

  private String home() {
    URI address = URI.create(desk.server().address());
    return "http://" + address.getAuthority() + address.getPath();
  }

  private void fill(String field, String text) {
    browser.evaluate("document.querySelector('" + field + "').value = '" + text + "'");
  }

  /** Nothing wider than the window, at a desk and on a phone; pictures for whoever wants them. */
  private void everyPageFitsItsWindow() throws IOException {
    String pictures = System.getProperty("desk.pictures", "");
    for (int width : new int[] {1280, 390}) {
      browser.resize(width, 800);
      for (String page : List.of("", "study/" + desk.waiting().digest().hex(), "journal")) {
        browser.go(home() + page);
        assertThat(browser.evaluate("document.documentElement.scrollWidth"))
            .as("%s at %d", page, width)
            .isEqualTo(Integer.toString(width));
        // Styled, so the style sheet got through the content policy.
        assertThat(browser.evaluate("getComputedStyle(document.body).marginTop")).isEqualTo("0px");
        if (!pictures.isEmpty()) {
          String name = page.isEmpty() ? "overview" : page.replaceAll("/.*", "");
          Files.write(Path.of(pictures, name + "-" + width + ".png"), browser.picture());
        }
      }
    }
    browser.resize(1280, 900);
  }

  @Test
  void aPageOfAnotherServerOnThisMachineDecidesNothing() throws IOException {
    browser.go(desk.server().address());
    String study = home() + "study/" + desk.waiting().digest().hex();
    // It knows the folder, which it cannot; ports do not separate sites, so the cookie is sent.
    String page =
        """
        <form method="post" action="%s"><input name="decision" value="deny"><input name="by" value="x">
        <input name="reason" value="x"><input name="form" value="%s"></form>
        <iframe src="%s"></iframe>
        """
            .formatted(study, "0".repeat(64), study);
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          byte[] body = page.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    other.start();
    try {
      for (String host : List.of("127.0.0.1", "localhost")) {
        browser.go("http://" + host + ":" + other.getAddress().getPort() + "/");
        assertThat(
                browser.evaluate(
                    "(() => { try { return document.querySelector('iframe').contentDocument.body.textContent }"
                        + " catch (e) { return 'closed' } })()"))
            .doesNotContain("asks-first");
        browser.follow("document.forms[0].submit()");
        assertThat(browser.evaluate("document.body.textContent"))
            .contains("Another page may not")
            .doesNotContain("asks-first");
        assertThat(desk.decisions()).isZero();
      }
    } finally {
      other.stop(0);
    }
  }
}
