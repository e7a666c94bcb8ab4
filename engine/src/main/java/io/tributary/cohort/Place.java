package io.tributary.cohort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A node of a definition with its path. A reader takes what it knows; {@link #end} notes every key
 * that nobody took, so that nothing is ignored. What is wrong is collected, and reading goes on
 * with a harmless value, so that all of it can be told at once.
 */
final class Place {
  private final JsonNode node;
  private final String path;
  private final List<String> findings;
  private final Set<String> taken = new HashSet<>();

  private Place(JsonNode node, String path, List<String> findings) {
    this.node = node;
    this.path = path;
    this.findings = findings;
  }

  static Place root(JsonNode node, List<String> findings) {
    return new Place(node, "$", findings);
  }

  /** The top of a text that stands inside another. */
  static Place inside(String path, JsonNode node, List<String> findings) {
    return new Place(node, path, findings);
  }

  String path() {
    return path;
  }

  void wrong(String problem) {
    findings.add(path + ": " + problem);
  }

  private static String shown(String name) {
    String clean = name.replaceAll("[^\\p{L}\\p{N} ._-]", "?");
    return clean.length() > 60 ? clean.substring(0, 60) + "..." : clean;
  }

  /** Absent, null and an empty object are the same to Circe, but for what tests presence. */
  boolean has(String key) {
    return node.isObject() && node.has(key) && !node.get(key).isNull();
  }

  boolean isObject() {
    return node.isObject();
  }

  boolean isArray() {
    return node.isArray();
  }

  boolean isTextual() {
    return node.isTextual();
  }

  boolean isNumber() {
    return node.isNumber();
  }

  /** A member; of a list or number it has none. */
  Optional<Place> member(String key) {
    taken.add(key);
    if (!has(key)) {
      return Optional.empty();
    }
    return Optional.of(new Place(node.get(key), path + "." + shown(key), findings));
  }

  /** Marks a key as known though its value says nothing about persons, such as a title. */
  void skip(String key) {
    taken.add(key);
  }

  /** A member that has to be there. */
  Place required(String key) {
    Optional<Place> member = member(key);
    if (member.isEmpty()) {
      wrong("'" + key + "' is missing.");
    }
    return member.orElse(new Place(NullNode.getInstance(), path + "." + key, findings));
  }

  /** Elements of a list; an absent one is empty. */
  List<Place> list(String key) {
    return member(key).map(Place::elements).orElse(List.of());
  }

  List<Place> elements() {
    if (!node.isArray()) {
      wrong("expected a list.");
      return List.of();
    }
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      places.add(new Place(node.get(i), path + "[" + i + "]", findings));
    }
    return places;
  }

  /** Keys in order. */
  List<String> keys() {
    return node.properties().stream().map(Map.Entry::getKey).toList();
  }

  /** Keys that nobody took yet and that are not null. */
  List<String> untaken() {
    return keys().stream().filter(key -> !taken.contains(key) && has(key)).toList();
  }

  String text() {
    if (!node.isTextual()) {
      wrong("expected a text.");
      return "";
    }
    return node.textValue();
  }

  /** A text, or anything scalar as its text. */
  String scalar() {
    if (!node.isValueNode() || node.isNull()) {
      wrong("expected one value.");
      return "";
    }
    return node.asText();
  }

  long whole() {
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      wrong("expected a whole number.");
      return 0;
    }
    return node.longValue();
  }

  int whole(int low, int high) {
    long value = whole();
    if (value < low || value > high) {
      wrong("expected a whole number from " + low + " to " + high + ".");
      return low;
    }
    return (int) value;
  }

  double number() {
    double value = node.isNumber() ? node.doubleValue() : Double.NaN;
    if (!Double.isFinite(value)) {
      wrong("expected a number.");
      return 0;
    }
    return value;
  }

  boolean flag() {
    if (!node.isBoolean()) {
      wrong("expected true or false.");
      return false;
    }
    return node.booleanValue();
  }

  boolean flag(String key, boolean byDefault) {
    return member(key).map(Place::flag).orElse(byDefault);
  }

  /** Notes what nobody took. */
  void end() {
    if (!node.isObject()) {
      return;
    }
    for (String key : keys()) {
      JsonNode value = node.get(key);
      boolean says = !value.isNull() && !(value.isContainerNode() && value.isEmpty());
      if (!taken.contains(key) && says) {
        wrong("'" + shown(key) + "' is not supported.");
      }
    }
  }
}
