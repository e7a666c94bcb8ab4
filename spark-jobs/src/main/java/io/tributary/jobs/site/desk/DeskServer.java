package io.tributary.jobs.site.desk;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tributary.jobs.site.Steward;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The desk's server on this machine's loopback address.
 *
 * <p>Who may talk to it: whoever has the address that the start printed. It holds a token, which is
 * exchanged for a cookie (HttpOnly, SameSite=Strict). Ports do not separate cookies, so the pages
 * and the cookie have a random folder of their own, which another server on this machine cannot ask
 * for. A form carries a second token, and its Origin must be this server: another page cannot send
 * one. The Host must be this server's address, so that a foreign name that resolves to it (DNS
 * rebinding) gets nothing. Pages come from here alone, and are kept nowhere.
 */
public final class DeskServer implements AutoCloseable {
  private static final String COOKIE = "tributary-desk";
  private static final String TOKEN = "token";
  private static final String FORM_TOKEN = "form";
  private static final int SECRET_BYTES = 32;
  private static final int MAX_FORM_BYTES = 64 << 10;
  private static final int MAX_FIELDS = 16;
  private static final int THREADS = 4;
  private static final Pattern STUDY = Pattern.compile("study/([0-9a-f]{64})");

  /** Nothing from elsewhere, no script, no frame around it, forms to itself. */
  private static final String CONTENT_POLICY =
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
          + " frame-ancestors 'none'";

  private final HttpServer server;
  private final ExecutorService threads;
  private final Steward steward;
  private final DeskPages pages;
  private final String host;
  private final String folder;
  private final String token;
  private final String session;
  private final String formToken;

  private DeskServer(HttpServer server, Steward steward, DeskPages pages, SecureRandom random) {
    this.server = server;
    this.steward = steward;
    this.pages = pages;
    this.host = server.getAddress().getAddress().getHostAddress() + ":" + port(server);
    this.folder = "/" + secret(random) + "/";
    this.token = secret(random);
    this.session = secret(random);
    this.formToken = secret(random);
    this.threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "desk");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", this::answer);
  }

  private static int port(HttpServer server) {
    return server.getAddress().getPort();
  }

  private static String secret(SecureRandom random) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Listens on 127.0.0.1.
   *
   * @param port 0 for a free one; PORT_TAKEN if another process has it
   */
  public static DeskServer start(int port, Steward steward, DeskPages pages, SecureRandom random) {
    // A peer that sends its request slowly is let go; the classes of the server read this once.
    System.setProperty("sun.net.httpserver.maxReqTime", "30");
    System.setProperty("sun.net.httpserver.maxRspTime", "60");
    try {
      InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), 16);
      DeskServer desk = new DeskServer(server, steward, pages, random);
      server.start();
      return desk;
    } catch (BindException e) {
      throw Errors.invalid(
          ErrorCode.PORT_TAKEN,
          "port " + port,
          "is in use on this machine.",
          "Give another one by --port, or leave it out.");
    } catch (IOException e) {
      throw Errors.storageFailed(
          "The console cannot listen on this machine: " + e.getMessage() + ".",
          "Check that the loopback address is up.",
          e);
    }
  }

  /** The address to open; whoever has it may decide. */
  public String address() {
    return "http://" + host + folder + "?" + TOKEN + "=" + token;
  }

  // ---- one request -----------------------------------------------------------------------------

  /** An answer. */
  private record Answer(int status, String type, String body, Map<String, String> headers) {
    static Answer page(int status, String html) {
      return new Answer(status, "text/html; charset=utf-8", html, Map.of());
    }

    static Answer plain(int status, String text) {
      return new Answer(status, "text/plain; charset=utf-8", text + "\n", Map.of());
    }

    static Answer other(String place, Map<String, String> headers) {
      Map<String, String> all = new HashMap<>(headers);
      all.put("Location", place);
      return new Answer(303, "text/plain; charset=utf-8", "", all);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    Answer answer;
    try {
      answer = judged(exchange);
    } catch (TributaryException e) {
      answer = Answer.page(e.code().exitCode() == 2 ? 400 : 500, pages.error(e));
    } catch (RuntimeException e) {
      answer =
          Answer.page(
              500,
              pages.error(Errors.internal("Unexpected " + e.getClass().getSimpleName() + ".", e)));
    }
    send(exchange, answer);
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", answer.type());
    headers.set("Content-Security-Policy", CONTENT_POLICY);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    // Not no-referrer: with it a browser sends no origin with a form.
    headers.set("Referrer-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cache-Control", "no-store");
    answer.headers().forEach(headers::set);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    boolean none = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    try (exchange) {
      exchange.sendResponseHeaders(answer.status(), none ? -1 : body.length);
      if (!none) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(body);
        }
      }
    }
  }

  private Answer judged(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    String method = exchange.getRequestMethod();
    List<String> hosts = headers.getOrDefault("Host", List.of());
    if (!hosts.equals(List.of(host))) {
      return Answer.plain(421, "This is not the server that you asked for.");
    }
    boolean post = method.equals("POST");
    if (!post && !method.equals("GET")) {
      return Answer.plain(405, "Only pages and forms are served.");
    }
    String site = headers.getFirst("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !(site.equals("none") && !post)) {
      return Answer.plain(403, "Another page may not ask for this one.");
    }
    String path = exchange.getRequestURI().getRawPath();
    Map<String, String> query = fields(exchange.getRequestURI().getRawQuery());
    if (!path.startsWith(folder)) {
      return Answer.plain(404, "There is nothing here. Use the address that the start printed.");
    }
    String inside = path.substring(folder.length());
    if (!post && inside.isEmpty() && query.containsKey(TOKEN)) {
      return enter(query.get(TOKEN));
    }
    if (!same(cookie(headers), session)) {
      return Answer.plain(403, "Use the address that the start printed.");
    }
    return post ? posted(exchange, inside) : page(inside, query);
  }

  private Answer enter(String given) {
    if (!same(given, token)) {
      return Answer.plain(403, "Use the address that the start printed.");
    }
    String cookie = COOKIE + "=" + session + "; Path=" + folder + "; HttpOnly; SameSite=Strict";
    return Answer.other(folder, Map.of("Set-Cookie", cookie));
  }

  private Answer page(String inside, Map<String, String> query) {
    if (inside.isEmpty()) {
      return Answer.page(200, pages.overview());
    }
    if (inside.equals("style.css")) {
      return new Answer(200, "text/css; charset=utf-8", pages.style(), Map.of());
    }
    if (inside.equals("journal")) {
      return Answer.page(200, pages.journal(Optional.ofNullable(query.get("study"))));
    }
    Matcher study = STUDY.matcher(inside);
    return study.matches()
        ? Answer.page(200, pages.study(steward.find(study.group(1)), formToken))
        : Answer.plain(404, "There is no such page.");
  }

  private Answer posted(HttpExchange exchange, String inside) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    if (!headers.getOrDefault("Origin", List.of()).equals(List.of("http://" + host))) {
      return Answer.plain(403, "Another page may not send this form.");
    }
    String type = String.valueOf(headers.getFirst("Content-Type"));
    if (!type.equals("application/x-www-form-urlencoded")) {
      return Answer.plain(415, "Only forms are taken.");
    }
    byte[] body;
    try (InputStream in = exchange.getRequestBody()) {
      body = in.readNBytes(MAX_FORM_BYTES + 1);
    }
    if (body.length > MAX_FORM_BYTES) {
      return Answer.plain(413, "The form is too large.");
    }
    Map<String, String> form = fields(new String(body, StandardCharsets.US_ASCII));
    if (!same(form.get(FORM_TOKEN), formToken)) {
      return Answer.plain(403, "The form is not of this start. Open the page anew.");
    }
    Matcher study = STUDY.matcher(inside);
    if (!study.matches()) {
      return Answer.plain(404, "There is no such form.");
    }
    decide(study.group(1), form);
    return Answer.other(folder + inside, Map.of());
  }

  private void decide(String digest, Map<String, String> form) {
    String by = form.getOrDefault("by", "").strip();
    String reason = form.getOrDefault("reason", "").strip();
    if (by.isEmpty()) {
      throw missing("Who decides");
    }
    switch (form.getOrDefault("decision", "")) {
      case "grant" -> steward.grant(digest, days(form.getOrDefault("days", "")), by, reason);
      case "deny" -> {
        if (reason.isEmpty()) {
          throw missing("The reason");
        }
        steward.deny(digest, by, reason);
      }
      default -> throw missing("The decision");
    }
  }

  private static TributaryException missing(String field) {
    return Errors.invalid(
        ErrorCode.USAGE, field, "is missing.", "Go back and fill it in; nothing was decided.");
  }

  private static int days(String text) {
    if (!text.matches("[0-9]{1,5}")) {
      throw Errors.invalid(
          ErrorCode.USAGE,
          "The number of days",
          "is no whole number.",
          "Write 1 to " + Steward.LONGEST_GRANT_DAYS + "; nothing was decided.");
    }
    return Integer.parseInt(text);
  }

  // ---- small parts -----------------------------------------------------------------------------

  /** In constant time, so that nobody finds a secret digit by digit. */
  private static boolean same(String given, String secret) {
    return given != null
        && MessageDigest.isEqual(
            given.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
  }

  private static String cookie(Headers headers) {
    for (String line : headers.getOrDefault("Cookie", List.of())) {
      for (String part : line.split(";")) {
        String[] pair = part.strip().split("=", 2);
        if (pair.length == 2 && pair[0].equals(COOKIE)) {
          return pair[1];
        }
      }
    }
    return null;
  }

  /** Fields of a form or a query; USAGE if it is out of form, or a field stands there twice. */
  private static Map<String, String> fields(String encoded) {
    Map<String, String> fields = new HashMap<>();
    if (encoded == null || encoded.isEmpty()) {
      return fields;
    }
    String[] parts = encoded.split("&", MAX_FIELDS + 1);
    if (parts.length > MAX_FIELDS) {
      throw outOfForm();
    }
    for (String part : parts) {
      String[] pair = part.split("=", 2);
      try {
        String name = URLDecoder.decode(pair[0], StandardCharsets.UTF_8);
        String value = pair.length == 1 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8);
        if (fields.put(name, value) != null) {
          throw outOfForm();
        }
      } catch (IllegalArgumentException e) {
        throw outOfForm();
      }
    }
    return fields;
  }

  private static TributaryException outOfForm() {
    return Errors.invalid(
        ErrorCode.USAGE, "The request", "is out of form.", "Use the forms of the pages.");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "DeskServer[" + host + "]";
  }
}
