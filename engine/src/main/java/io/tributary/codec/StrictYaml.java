package io.tributary.codec;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * The subset of YAML that all our files use (PROTOCOL.md 2.2): one UTF-8 document of mappings,
 * lists and scalars. Refused, with line and path: directives, anchors, aliases, tags, merge keys,
 * duplicate keys, keys that are not text, depth beyond {@link #MAX_DEPTH}, size beyond {@link
 * #MAX_BYTES}.
 *
 * <p>A plain scalar is null ({@code null}, {@code ~} or nothing), {@code true} or {@code false}, a
 * decimal number, or else text: {@code yes}, {@code no} and {@code 010} are text, so that no level
 * of a category changes its meaning.
 */
final class StrictYaml {
  /** 1 MiB. */
  static final int MAX_BYTES = 1 << 20;

  static final int MAX_DEPTH = 16;

  /** Scalars, lists and mappings of one file together. */
  static final int MAX_NODES = 100_000;

  private static final Pattern WHOLE = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?((0|[1-9][0-9]*)(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");
  private static final Pattern NOT_FINITE =
      Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

  private final String file;
  private final ErrorCode code;
  private final Iterator<Event> events;
  private int nodes;

  private StrictYaml(String file, ErrorCode code, Iterator<Event> events) {
    this.file = file;
    this.code = code;
    this.events = events;
  }

  /** What stands at one place of the document. */
  sealed interface Node {
    /** Counted from 1. */
    int line();
  }

  /** {@code quoted} scalars are text whatever they look like. */
  record Scalar(String text, boolean quoted, int line) implements Node {
    Kind kind() {
      if (quoted) {
        return Kind.TEXT;
      }
      if (text.isEmpty() || text.equals("~") || text.equals("null")) {
        return Kind.NULL;
      }
      if (text.equals("true") || text.equals("false")) {
        return Kind.BOOLEAN;
      }
      if (WHOLE.matcher(text).matches()) {
        return Kind.WHOLE;
      }
      return DECIMAL.matcher(text).matches() ? Kind.DECIMAL : Kind.TEXT;
    }
  }

  record Sequence(List<Node> items, int line) implements Node {}

  record Mapping(Map<String, Node> entries, Map<String, Integer> keyLines, int line)
      implements Node {}

  enum Kind {
    NULL,
    BOOLEAN,
    WHOLE,
    DECIMAL,
    TEXT
  }

  /**
   * Reads one document whose top is a mapping.
   *
   * @param file name for errors
   * @param code of every error, e.g. STUDY_INVALID
   */
  static YamlSection read(byte[] bytes, String file, ErrorCode code) {
    if (bytes.length > MAX_BYTES) {
      throw Errors.invalid(
          code,
          file,
          "the file has " + bytes.length + " bytes, at most " + MAX_BYTES + " are allowed.",
          "Make it shorter.");
    }
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
    } catch (CharacterCodingException notUtf8) {
      throw Errors.invalid(code, file, "the file is not UTF-8.", "Save it as UTF-8.");
    }
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_BYTES);
    options.setNestingDepthLimit(MAX_DEPTH + 2);
    try {
      StrictYaml reader =
          new StrictYaml(
              file, code, new Yaml(options).parse(new java.io.StringReader(text)).iterator());
      return new YamlSection(file, code, "", reader.document());
    } catch (MarkedYAMLException broken) {
      int line = broken.getProblemMark() == null ? 1 : broken.getProblemMark().getLine() + 1;
      throw Errors.invalid(
          code,
          file + ":" + line,
          "this is not YAML: " + oneLine(broken.getProblem()) + ".",
          "Look at indentation, colons and quotes here and on the line before.");
    } catch (YAMLException broken) {
      throw Errors.invalid(
          code,
          file,
          "this is not YAML: " + oneLine(broken.getMessage()) + ".",
          "Look for characters that cannot be printed.");
    }
  }

  private static String oneLine(String text) {
    return text == null ? "unreadable" : text.lines().findFirst().orElse("unreadable");
  }

  private Mapping document() {
    events.next(); // stream start
    Event first = events.next();
    if (!(first instanceof DocumentStartEvent start)) {
      throw error(1, "", "the file is empty.", "Start from the example in conf/.");
    }
    if (start.getVersion() != null || (start.getTags() != null && !start.getTags().isEmpty())) {
      throw error(1, "", "directives (%YAML, %TAG) are not allowed.", "Remove the line.");
    }
    Node top = node(events.next(), "", 1);
    events.next(); // document end
    if (events.next() instanceof DocumentStartEvent second) {
      throw error(
          line(second),
          "",
          "a second document starts here; one file is one document.",
          "Remove the '---' line and what follows.");
    }
    if (top instanceof Mapping mapping) {
      return mapping;
    }
    throw error(
        top.line(),
        "",
        "expected 'key: value' lines, found " + found(top) + ".",
        "Start from the example in conf/.");
  }

  private Node node(Event event, String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw error(
          line(event), path, "more than " + MAX_DEPTH + " levels deep.", "Nest less deeply.");
    }
    if (++nodes > MAX_NODES) {
      throw error(line(event), path, "more than " + MAX_NODES + " values.", "Make it shorter.");
    }
    if (event instanceof AliasEvent) {
      throw error(line(event), path, "aliases (*name) are not allowed.", "Write the value out.");
    }
    if (event instanceof NodeEvent named && named.getAnchor() != null) {
      throw error(
          line(event), path, "anchors (&name) are not allowed.", "Write the value out twice.");
    }
    if (event instanceof ScalarEvent scalar) {
      return scalar(scalar, path);
    }
    if (event instanceof SequenceStartEvent start) {
      refuseTag(start.getTag(), event, path);
      List<Node> items = new ArrayList<>();
      for (Event next = events.next(); !next.is(Event.ID.SequenceEnd); next = events.next()) {
        items.add(node(next, path + "[" + items.size() + "]", depth + 1));
      }
      return new Sequence(List.copyOf(items), line(event));
    }
    MappingStartEvent start = (MappingStartEvent) event;
    refuseTag(start.getTag(), event, path);
    return mapping(event, path, depth);
  }

  private Scalar scalar(ScalarEvent scalar, String path) {
    refuseTag(scalar.getTag(), scalar, path);
    boolean quoted = scalar.getScalarStyle() != DumperOptions.ScalarStyle.PLAIN;
    if (!quoted && NOT_FINITE.matcher(scalar.getValue()).matches()) {
      throw error(
          line(scalar),
          path,
          "'" + scalar.getValue() + "' is not a finite number.",
          "Write a number, or put it in quotes if it is text.");
    }
    return new Scalar(scalar.getValue(), quoted, line(scalar));
  }

  private Mapping mapping(Event event, String path, int depth) {
    Map<String, Node> entries = new LinkedHashMap<>();
    Map<String, Integer> keyLines = new LinkedHashMap<>();
    for (Event next = events.next(); !next.is(Event.ID.MappingEnd); next = events.next()) {
      if (!(node(next, path, depth + 1) instanceof Scalar key)) {
        throw error(line(next), path, "a key must be text.", "Write 'key: value'.");
      }
      String name = key.text();
      String at = path.isEmpty() ? name : path + "." + name;
      if (!key.quoted() && name.equals("<<")) {
        throw error(key.line(), at, "merge keys (<<) are not allowed.", "Write the keys out.");
      }
      if (!key.quoted() && key.kind() == Kind.NULL) {
        throw error(key.line(), at, "a key is empty.", "Name it, or put it in quotes.");
      }
      Integer before = keyLines.put(name, key.line());
      if (before != null) {
        throw error(
            key.line(),
            at,
            "the key '" + name + "' stands here again; it was first on line " + before + ".",
            "Remove one of the two.");
      }
      entries.put(name, node(events.next(), at, depth + 1));
    }
    return new Mapping(entries, keyLines, line(event));
  }

  private void refuseTag(String tag, Event event, String path) {
    if (tag != null) {
      throw error(line(event), path, "tags (!name) are not allowed.", "Remove the tag.");
    }
  }

  private static int line(Event event) {
    return event.getStartMark() == null ? 1 : event.getStartMark().getLine() + 1;
  }

  static String found(Node node) {
    if (node instanceof Mapping) {
      return "a mapping";
    }
    if (node instanceof Sequence) {
      return "a list";
    }
    Scalar scalar = (Scalar) node;
    String shown = scalar.text().length() > 60 ? scalar.text().substring(0, 60) : scalar.text();
    return switch (scalar.kind()) {
      case NULL -> "nothing";
      case BOOLEAN -> "'" + shown + "' (true or false)";
      case WHOLE -> "the whole number " + shown;
      case DECIMAL -> "the number " + shown;
      case TEXT -> "the text '" + shown.replace('\n', ' ') + "'";
    };
  }

  private TributaryException error(int line, String path, String problem, String remedy) {
    return Errors.invalid(code, where(file, line, path), problem, remedy);
  }

  static String where(String file, int line, String path) {
    return file + ":" + line + (path.isEmpty() ? "" : " (" + path + ")");
  }
}
