package io.tributary.codec;

import io.tributary.codec.StrictYaml.Kind;
import io.tributary.codec.StrictYaml.Mapping;
import io.tributary.codec.StrictYaml.Node;
import io.tributary.codec.StrictYaml.Scalar;
import io.tributary.codec.StrictYaml.Sequence;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One mapping of a strict YAML file, read key by key. Every getter remembers its key, so that
 * {@link #end()} can refuse the keys nobody asked for. Errors name file, line, path, what was found
 * and what was expected.
 */
final class YamlSection {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})(B|KiB|MiB|GiB)");

  private final String file;
  private final ErrorCode code;
  private final String path;

  /** Letters in which a misspelt key may differ. */
  private static final int MISSPELT = 2;

  private final Mapping mapping;
  private final Set<String> known = new LinkedHashSet<>();

  YamlSection(String file, ErrorCode code, String path, Mapping mapping) {
    this.file = file;
    this.code = code;
    this.path = path;
    this.mapping = mapping;
  }

  // ---- text ------------------------------------------------------------------------------------

  String text(String key) {
    return optionalText(key).orElseThrow(() -> missing(key));
  }

  String text(String key, String byDefault) {
    return optionalText(key).orElse(byDefault);
  }

  Optional<String> optionalText(String key) {
    return present(key).map(node -> text(key, node, "text"));
  }

  /** A value as it is written: hexadecimal digits may look like a number. */
  Optional<String> asWritten(String key) {
    Optional<Node> node = present(key);
    if (node.isPresent() && !(node.get() instanceof Scalar)) {
      throw wrongType(key, node.get(), "text", "Write one value.");
    }
    return node.map(scalar -> ((Scalar) scalar).text());
  }

  private String text(String at, Node node, String expected) {
    if (node instanceof Scalar scalar && scalar.kind() == Kind.TEXT) {
      return scalar.text();
    }
    String quotes =
        node instanceof Scalar ? "Put it in quotes if it is meant as text." : "Write one value.";
    throw wrongType(at, node, expected, quotes);
  }

  /** A list of texts; one text alone is a list of one. Empty if the key is absent. */
  List<String> texts(String key) {
    Optional<Node> node = present(key);
    if (node.isEmpty()) {
      return List.of();
    }
    if (node.get() instanceof Scalar) {
      return List.of(text(key, node.get(), "text or a list of texts"));
    }
    return items(key, node.get(), "a list of texts").stream()
        .map(item -> text(key, item, "a list of texts"))
        .toList();
  }

  /** A list whose items are taken as they are written: {@code [1, 2]} gives "1" and "2". */
  List<String> written(String key) {
    Optional<Node> node = present(key);
    if (node.isEmpty()) {
      return List.of();
    }
    List<String> result = new ArrayList<>();
    for (Node item : items(key, node.get(), "a list of values")) {
      if (!(item instanceof Scalar scalar) || scalar.kind() == Kind.NULL) {
        throw wrongType(key, item, "a list of values", "Put an empty value in quotes: ''.");
      }
      result.add(scalar.text());
    }
    return result;
  }

  // ---- numbers and choices ---------------------------------------------------------------------

  int whole(String key, int byDefault, int low, int high) {
    Optional<Node> node = present(key);
    if (node.isEmpty()) {
      return byDefault;
    }
    String expected = "a whole number from " + low + " to " + high;
    if (node.get() instanceof Scalar scalar && scalar.kind() == Kind.WHOLE) {
      BigDecimal value = new BigDecimal(scalar.text());
      if (value.compareTo(BigDecimal.valueOf(low)) >= 0
          && value.compareTo(BigDecimal.valueOf(high)) <= 0) {
        return value.intValueExact();
      }
    }
    throw wrongType(key, node.get(), expected, "Write a number in this range.");
  }

  int whole(String key, int low, int high) {
    require(key);
    return whole(key, low, low, high);
  }

  double number(String key, double byDefault, double low, double high) {
    Optional<Node> node = present(key);
    if (node.isEmpty()) {
      return byDefault;
    }
    double value = number(key, node.get());
    if (value < low || value > high) {
      throw wrongType(
          key, node.get(), "a number from " + low + " to " + high, "Write a number in this range.");
    }
    return value;
  }

  /** Finite numbers; empty if the key is absent. */
  List<Double> numbers(String key) {
    Optional<Node> node = present(key);
    if (node.isEmpty()) {
      return List.of();
    }
    return items(key, node.get(), "a list of numbers").stream()
        .map(item -> number(key, item))
        .toList();
  }

  private double number(String at, Node node) {
    if (node instanceof Scalar scalar
        && (scalar.kind() == Kind.WHOLE || scalar.kind() == Kind.DECIMAL)) {
      double value = Double.parseDouble(scalar.text());
      if (Double.isFinite(value)) {
        return value;
      }
    }
    throw wrongType(at, node, "a finite number", "Write a number without quotes.");
  }

  boolean flag(String key, boolean byDefault) {
    Optional<Node> node = present(key);
    if (node.isEmpty()) {
      return byDefault;
    }
    if (node.get() instanceof Scalar scalar && scalar.kind() == Kind.BOOLEAN) {
      return scalar.text().equals("true");
    }
    throw wrongType(key, node.get(), "true or false", "Write true or false without quotes.");
  }

  <T> Optional<T> choice(String key, Map<String, T> choices) {
    Optional<Node> node = present(key);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    String expected = "one of " + String.join(", ", new TreeSet<>(choices.keySet()));
    T chosen = choices.get(text(key, node.get(), expected));
    if (chosen == null) {
      throw wrongType(key, node.get(), expected, "Choose one of these.");
    }
    return Optional.of(chosen);
  }

  /** A time such as "500ms", "2s", "10m", "1h" or "7d". */
  Duration duration(String key, Duration byDefault, Duration low, Duration high) {
    Optional<Node> node = present(key);
    if (node.isEmpty()) {
      return byDefault;
    }
    String remedy = "Write a number with its unit ms, s, m, h or d, such as 2s.";
    Matcher form = DURATION.matcher(text(key, node.get(), "a time such as 2s"));
    if (!form.matches()) {
      throw wrongType(key, node.get(), "a time such as 2s", remedy);
    }
    long amount = Long.parseLong(form.group(1));
    Duration value =
        switch (form.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        };
    if (value.compareTo(low) < 0 || value.compareTo(high) > 0) {
      throw wrongType(key, node.get(), "a time from " + words(low) + " to " + words(high), remedy);
    }
    return value;
  }

  private static String words(Duration time) {
    if (time.toSeconds() == 0) {
      return time.toMillis() + "ms";
    }
    return time.toDays() > 0 ? time.toDays() + "d" : time.toSeconds() + "s";
  }

  /** A size in bytes, such as "16MiB". */
  long bytes(String key, long byDefault, long low, long high) {
    Optional<Node> node = present(key);
    if (node.isEmpty()) {
      return byDefault;
    }
    String expected = "a size from " + low + "B to " + high + "B, such as 16MiB";
    Matcher form = SIZE.matcher(text(key, node.get(), expected));
    if (form.matches()) {
      int shift =
          switch (form.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> 0;
          };
      long value = Long.parseLong(form.group(1)) << shift;
      if (value >= low && value <= high) {
        return value;
      }
    }
    throw wrongType(key, node.get(), expected, "Write a number with its unit B, KiB, MiB or GiB.");
  }

  // ---- structure -------------------------------------------------------------------------------

  boolean has(String key) {
    return mapping.entries().containsKey(key);
  }

  /** Keys in the order of the file; for a mapping whose keys the user chose. */
  List<String> names() {
    return List.copyOf(mapping.entries().keySet());
  }

  /** Whether the key's value is a mapping, to tell a list of names from names with details. */
  boolean isMapping(String key) {
    return mapping.entries().get(key) instanceof Mapping;
  }

  YamlSection section(String key) {
    return optionalSection(key).orElseThrow(() -> missing(key));
  }

  Optional<YamlSection> optionalSection(String key) {
    return present(key).map(node -> section(key, node));
  }

  /** The section, or an empty one: then its own defaults hold and its required keys are missing. */
  YamlSection sectionOrEmpty(String key) {
    return optionalSection(key)
        .orElseGet(
            () ->
                new YamlSection(
                    file, code, at(key), new Mapping(Map.of(), Map.of(), mapping.line())));
  }

  /** A list of mappings; empty if the key is absent. */
  List<YamlSection> sections(String key) {
    Optional<Node> node = present(key);
    if (node.isEmpty()) {
      return List.of();
    }
    List<YamlSection> result = new ArrayList<>();
    for (Node item : items(key, node.get(), "a list of mappings")) {
      result.add(section(key + "[" + result.size() + "]", item));
    }
    return result;
  }

  /** A mapping from names the user chose to mappings; nothing after the colon is an empty one. */
  Map<String, YamlSection> namedSections(String key) {
    Map<String, YamlSection> result = new LinkedHashMap<>();
    Optional<YamlSection> names = optionalSection(key);
    if (names.isPresent()) {
      YamlSection inside = names.get();
      inside.mapping.entries().forEach((name, node) -> result.put(name, inside.entry(name, node)));
    }
    return result;
  }

  private YamlSection entry(String name, Node node) {
    if (node instanceof Scalar scalar && scalar.kind() == Kind.NULL) {
      return new YamlSection(file, code, at(name), new Mapping(Map.of(), Map.of(), scalar.line()));
    }
    return section(name, node);
  }

  /** A mapping from names the user chose to texts. */
  Map<String, String> namedTexts(String key) {
    Map<String, String> result = new LinkedHashMap<>();
    optionalSection(key)
        .ifPresent(
            names -> {
              for (String name : names.mapping.entries().keySet()) {
                result.put(name, names.text(name));
              }
            });
    return result;
  }

  /** All keys but those asked for so far, as Java values; the section may then {@link #end()}. */
  Map<String, Object> rest() {
    Map<String, Object> result = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (key, node) -> {
              if (known.add(key)) {
                result.put(key, value(at(key), node));
              }
            });
    return result;
  }

  private Object value(String at, Node node) {
    if (node instanceof Mapping inner) {
      Map<String, Object> result = new LinkedHashMap<>();
      inner.entries().forEach((key, item) -> result.put(key, value(at + "." + key, item)));
      return java.util.Collections.unmodifiableMap(result);
    }
    if (node instanceof Sequence list) {
      List<Object> result = new ArrayList<>();
      for (Node item : list.items()) {
        result.add(value(at + "[" + result.size() + "]", item));
      }
      return List.copyOf(result);
    }
    return scalar(at, (Scalar) node);
  }

  private Object scalar(String at, Scalar scalar) {
    return switch (scalar.kind()) {
      case BOOLEAN -> scalar.text().equals("true");
      case WHOLE -> wholeValue(at, scalar);
      case DECIMAL -> decimalValue(at, scalar);
      case TEXT -> scalar.text();
      case NULL ->
          throw Errors.invalid(
              code,
              StrictYaml.where(file, scalar.line(), at),
              "there is no value.",
              "Write one, or remove the key.");
    };
  }

  private Object wholeValue(String at, Scalar scalar) {
    BigDecimal whole = new BigDecimal(scalar.text());
    if (whole.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw tooLarge(at, scalar);
    }
    long value = whole.longValueExact();
    if (value == (int) value) {
      return (int) value;
    }
    return value;
  }

  private Object decimalValue(String at, Scalar scalar) {
    double decimal = Double.parseDouble(scalar.text());
    if (!Double.isFinite(decimal)) {
      throw tooLarge(at, scalar);
    }
    return decimal;
  }

  private TributaryException tooLarge(String at, Scalar scalar) {
    return Errors.invalid(
        code,
        StrictYaml.where(file, scalar.line(), at),
        "the number " + scalar.text() + " is too large.",
        "Write a smaller one.");
  }

  /** Refuses keys that nobody asked for. */
  void end() {
    for (String key : mapping.entries().keySet()) {
      if (!known.contains(key)) {
        throw invalid(
            key,
            "the key '" + key + "' is not known here.",
            nearest(key)
                .map(name -> "Did you mean '" + name + "'?")
                .orElse("Known keys are: " + String.join(", ", known) + "."));
      }
    }
  }

  private Optional<String> nearest(String key) {
    return known.stream().filter(name -> distance(name, key) <= 2).findFirst();
  }

  /** Levenshtein's distance. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  // ---- errors ----------------------------------------------------------------------------------

  /** An error at {@code key} of this section. */
  TributaryException invalid(String key, String problem, String remedy) {
    return Errors.invalid(code, where(key), problem, remedy);
  }

  private String where(String key) {
    return StrictYaml.where(file, mapping.keyLines().getOrDefault(key, mapping.line()), at(key));
  }

  /** file:line of a key, for errors that name the path themselves. */
  String fileAndLine(String key) {
    return file + ":" + mapping.keyLines().getOrDefault(key, mapping.line());
  }

  /** Runs a reader that throws without a place, and adds the place. */
  <T> T placed(String key, Function<String, T> reader, String value) {
    try {
      return reader.apply(value);
    } catch (TributaryException inside) {
      throw Errors.invalid(code, where(key), inside.problem(), inside.remedy());
    }
  }

  private TributaryException wrongType(String key, Node node, String expected, String remedy) {
    return Errors.invalid(
        code,
        StrictYaml.where(file, node.line(), at(key)),
        "expected " + expected + ", found " + StrictYaml.found(node) + ".",
        remedy);
  }

  TributaryException missing(String key) {
    return Errors.invalid(
        code,
        StrictYaml.where(file, mapping.line(), path),
        "the key '" + key + "' is missing.",
        misspelt(key)
            .map(found -> "Did you mean it by '" + found + "'? ")
            .orElse("")
            .concat("Add it; the examples in conf/ show how."));
  }

  /** A key that is the wanted one but for two letters. */
  private Optional<String> misspelt(String key) {
    return mapping.entries().keySet().stream()
        .filter(found -> !found.equals(key) && edits(found, key) <= MISSPELT)
        .findFirst();
  }

  /** Least number of letters to add, take away or change (Levenshtein 1966). */
  private static int edits(String a, String b) {
    int[] before = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] here = new int[b.length() + 1];
      here[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        here[j] = Math.min(change, 1 + Math.min(before[j], here[j - 1]));
      }
      before = here;
    }
    return before[b.length()];
  }

  private void require(String key) {
    if (present(key).isEmpty()) {
      throw missing(key);
    }
  }

  private Optional<Node> present(String key) {
    known.add(key);
    Node node = mapping.entries().get(key);
    if (node instanceof Scalar scalar && scalar.kind() == Kind.NULL) {
      throw invalid(key, "there is no value.", "Write one, or remove the key.");
    }
    return Optional.ofNullable(node);
  }

  private YamlSection section(String key, Node node) {
    if (node instanceof Mapping inner) {
      return new YamlSection(file, code, at(key), inner);
    }
    throw wrongType(key, node, "a mapping (key: value)", "Indent 'key: value' lines below it.");
  }

  private List<Node> items(String key, Node node, String expected) {
    if (node instanceof Sequence list) {
      return list.items();
    }
    throw wrongType(key, node, expected, "Write it as [a, b].");
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
