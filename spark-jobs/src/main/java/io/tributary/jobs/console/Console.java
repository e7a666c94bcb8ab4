package io.tributary.jobs.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.study.TributaryException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a command shows: results on standard output; progress and errors on standard error. Progress
 * is one rewritten line on a terminal, plain lines elsewhere, and JSON lines with {@code --json}.
 * Thread-safe: several studies may report at once.
 */
public final class Console {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PLAIN_LINES_APART = Duration.ofSeconds(2);

  /** How progress is shown. */
  public enum Form {
    TERMINAL,
    PLAIN,
    JSON_LINES
  }

  private final PrintWriter out;
  private final PrintWriter err;
  private final Clock clock;
  private final Form form;
  private Instant lastPlain = Instant.MIN;
  private String lastText = "";
  private boolean lineOpen;

  public Console(PrintWriter out, PrintWriter err, Clock clock, Form form) {
    this.out = out;
    this.err = err;
    this.clock = clock;
    this.form = form;
  }

  public Form form() {
    return form;
  }

  /** One line of the result. */
  public synchronized void result(String line) {
    endLine();
    out.println(line);
    out.flush();
  }

  /** One result as JSON. */
  public synchronized void result(Map<String, ?> fields) {
    endLine();
    out.println(json(fields));
    out.flush();
  }

  /** Something that happened once and stays on the screen. */
  public synchronized void event(String event, Map<String, ?> fields) {
    endLine();
    if (form == Form.JSON_LINES) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("event", event);
      line.put("at", clock.instant().toString());
      line.putAll(fields);
      err.println(json(line));
    } else {
      err.println(text(event, fields));
    }
    err.flush();
  }

  /** Where long work stands; a newer call replaces an older one. */
  public synchronized void progress(String event, Map<String, ?> fields) {
    if (form == Form.JSON_LINES) {
      event(event, fields);
      return;
    }
    String line = text(event, fields);
    if (form == Form.TERMINAL) {
      err.print("\r\u001b[2K" + line);
      err.flush();
      lineOpen = true;
      return;
    }
    Instant now = clock.instant();
    if (!line.equals(lastText) && now.isAfter(lastPlain.plus(PLAIN_LINES_APART))) {
      lastText = line;
      lastPlain = now;
      err.println(line);
      err.flush();
    }
  }

  /** A refusal: code, sentence, remedy; the stack only if asked for. */
  public synchronized void error(TributaryException error, boolean stackTrace) {
    endLine();
    if (form == Form.JSON_LINES) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("event", "error");
      line.put("code", error.code().name());
      line.put("problem", error.problem());
      line.put("cause", error.reason());
      line.put("remedy", error.remedy());
      err.println(json(line));
    } else {
      err.println("error " + error.code() + ": " + error.problem());
      if (!error.reason().isBlank()) {
        err.println("  cause:  " + error.reason());
      }
      err.println("  remedy: " + error.remedy());
    }
    if (stackTrace) {
      error.printStackTrace(err);
    }
    err.flush();
  }

  private void endLine() {
    if (lineOpen) {
      err.print("\r\u001b[2K");
      lineOpen = false;
    }
  }

  private static String text(String event, Map<String, ?> fields) {
    StringBuilder line = new StringBuilder(event);
    fields.forEach((key, value) -> line.append("  ").append(key).append('=').append(value));
    return line.toString();
  }

  private static String json(Map<String, ?> fields) {
    try {
      return JSON.writeValueAsString(fields);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + fields.keySet(), e);
    }
  }
}
