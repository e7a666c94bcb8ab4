package io.tributary.jobs.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What SUBMITTING.md gives to paste into a shell; a line that ends in a backslash goes on. */
final class SubmittingPage {
  private static final Path FILE = Path.of("..", "engine", "docs", "SUBMITTING.md");
  private static final String INDENT = "    ";
  private static final Pattern EXPORTED = Pattern.compile("\\b([A-Z]+)=(\\S+)");
  private static final Pattern USED = Pattern.compile("\\$([A-Z]+)");

  private final List<String> lines;

  private SubmittingPage(List<String> lines) {
    this.lines = lines;
  }

  static SubmittingPage read() throws IOException {
    List<String> lines = new ArrayList<>();
    String open = "";
    for (String line : Files.readAllLines(FILE)) {
      if (line.startsWith(INDENT)) {
        String text = open + line.strip();
        boolean goesOn = text.endsWith("\\");
        open = goesOn ? text.substring(0, text.length() - 1).strip() + " " : "";
        if (!goesOn) {
          lines.add(text);
        }
      }
    }
    return new SubmittingPage(lines);
  }

  /** Lines that start with this word. */
  List<String> starting(String word) {
    return lines.stream().filter(line -> line.startsWith(word + " ")).toList();
  }

  /** The one line that has all these in it. */
  String line(String... parts) {
    List<String> found =
        lines.stream().filter(line -> List.of(parts).stream().allMatch(line::contains)).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " lines with " + List.of(parts) + ": " + found);
    }
    return found.get(0);
  }

  /** Variables that the page sets, with the values it gives as examples. */
  Map<String, String> exported() {
    Map<String, String> exported = new TreeMap<>();
    for (String line : starting("export")) {
      Matcher matcher = EXPORTED.matcher(line);
      while (matcher.find()) {
        exported.put(matcher.group(1), matcher.group(2));
      }
    }
    return exported;
  }

  /** Variables that its lines use. */
  Set<String> used() {
    Set<String> used = new TreeSet<>();
    for (String line : lines) {
      USED.matcher(line).results().forEach(found -> used.add(found.group(1)));
    }
    return used;
  }

  /** The words of a line as a shell would see them after the page's own exports. */
  List<String> words(String line) {
    Map<String, String> values = exported();
    String filled =
        USED.matcher(line).replaceAll(used -> Matcher.quoteReplacement(values.get(used.group(1))));
    return List.of(filled.split(" +"));
  }

  @Override
  public String toString() {
    return "SubmittingPage[lines=" + lines.size() + "]";
  }
}
