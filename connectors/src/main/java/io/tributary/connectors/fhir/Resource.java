package io.tributary.connectors.fhir;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.codec.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One resource, and its elements by the paths of FHIR R4. */
final class Resource {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9\\-.]{1,64}");

  /** Type and id of what is referred to; a URN and an id alone say no type. */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?:urn:(?:uuid|oid):|(?:[^?#]*/)?([A-Z][A-Za-z]*)/)?([A-Za-z0-9\\-.]{1,64})"
              + "(?:/_history/.*)?");

  private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?");
  private static final int DAY_LENGTH = 10;

  private final JsonNode node;

  private Resource(JsonNode node) {
    this.node = node;
  }

  /** Reads a line; fails if it is no resource of the type that its file should have. */
  static Resource read(byte[] line, ResourceType type) throws BadLine {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException broken) {
      throw new BadLine("no JSON");
    } catch (IOException broken) {
      throw new BadLine("no UTF-8");
    }
    if (!node.path("resourceType").asText("").equals(type.word())) {
      throw new BadLine("no " + type.word());
    }
    return new Resource(node);
  }

  /** The first element at one of some paths, its parts divided by dots. */
  private JsonNode at(String... paths) {
    for (String path : paths) {
      JsonNode found = node;
      for (String part : path.split("\\.")) {
        found = part.equals("0") ? found.path(0) : found.path(part);
      }
      if (!found.isMissingNode() && !found.isNull()) {
        return found;
      }
    }
    return node.path("");
  }

  boolean has(String path) {
    return !at(path).isMissingNode();
  }

  Optional<String> text(String... paths) {
    JsonNode found = at(paths);
    return found.isValueNode() && !found.asText().isEmpty()
        ? Optional.of(found.asText())
        : Optional.empty();
  }

  /** A finite number, null if nothing stands there. */
  Double number(String path) throws BadLine {
    JsonNode found = at(path);
    if (found.isMissingNode()) {
      return null;
    }
    if (!found.isNumber() || !Double.isFinite(found.asDouble())) {
      throw new BadLine("no number at " + path);
    }
    return found.asDouble();
  }

  /** A number without its fraction, null if nothing stands there. */
  Integer whole(String path) throws BadLine {
    Double number = number(path);
    return number == null ? null : Integer.valueOf((int) Math.floor(number));
  }

  /** Its own number in the tables. */
  long id() throws BadLine {
    return numbered(text("id").orElseThrow(() -> new BadLine("no id")));
  }

  /** Whom it is about. */
  long person() throws BadLine {
    return patient().orElseThrow(() -> new BadLine("no patient"));
  }

  private Optional<Long> patient() throws BadLine {
    return reference(ResourceType.PATIENT, "subject", "patient");
  }

  /** Whether it is about something else than a patient: a group, a place, a device. */
  boolean isOfOthers() throws BadLine {
    return text("subject.reference", "patient.reference").isPresent() && patient().isEmpty();
  }

  /**
   * Number of what an element refers to, whichever way the reference is written.
   *
   * @return empty if no element refers to anything, or none to a resource of the type
   */
  Optional<Long> reference(ResourceType type, String... paths) throws BadLine {
    for (String path : paths) {
      Optional<String> reference = text(path + ".reference");
      if (reference.isPresent()) {
        Matcher parts = REFERENCE.matcher(reference.get());
        if (!parts.matches()) {
          throw new BadLine("a reference without an id");
        }
        String told =
            parts.group(1) == null ? text(path + ".type").orElse(type.word()) : parts.group(1);
        if (told.equals(type.word())) {
          return Optional.of(numbered(parts.group(2)));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Ids of up to 18 digits stay; of others 63 bits of their SHA-256, below zero, where no id is
   * that stayed.
   */
  private static long numbered(String id) throws BadLine {
    if (NUMBER.matcher(id).matches()) {
      return Long.parseLong(id);
    }
    if (!ID.matcher(id).matches()) {
      throw new BadLine("no id");
    }
    byte[] digest = Digest.sha256(id.getBytes(StandardCharsets.UTF_8)).bytes();
    return ByteBuffer.wrap(digest).getLong() | Long.MIN_VALUE;
  }

  /** Date of a date or time as it is written, whatever its zone; null if nothing stands there. */
  Date day(String... paths) throws BadLine {
    Optional<String> text = text(paths);
    if (text.isEmpty()) {
      return null;
    }
    if (!DAY.matcher(text.get()).matches()) {
      throw new BadLine("a date without a day");
    }
    return Date.valueOf(date(text.get()));
  }

  /** The same where something must stand. */
  Date someDay(String... paths) throws BadLine {
    Date day = day(paths);
    if (day == null) {
      throw new BadLine("no date");
    }
    return day;
  }

  /** Year, month, day; the last ones null where only the first are known. */
  Integer[] birth() throws BadLine {
    String text = text("birthDate").orElseThrow(() -> new BadLine("no date of birth"));
    if (!text.matches("[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")) {
      throw new BadLine("no date of birth");
    }
    LocalDate date = date(text + "-01-01".substring(Math.min(text.length() - 4, 6)));
    return new Integer[] {
      date.getYear(),
      text.length() > 4 ? date.getMonthValue() : null,
      text.length() > 7 ? date.getDayOfMonth() : null
    };
  }

  private static LocalDate date(String text) throws BadLine {
    try {
      return LocalDate.parse(text.substring(0, DAY_LENGTH));
    } catch (DateTimeException impossible) {
      throw new BadLine("a date that does not exist");
    }
  }

  /** Codes of a CodeableConcept, in their order. */
  List<Coding> codings(String path) {
    List<Coding> codings = new ArrayList<>();
    for (JsonNode each : at(path + ".coding")) {
      coding(each).ifPresent(codings::add);
    }
    return codings;
  }

  /** The code of a Quantity or of a Coding. */
  List<Coding> coding(String path) {
    return coding(at(path)).map(List::of).orElse(List.of());
  }

  private static Optional<Coding> coding(JsonNode node) {
    String code = node.path("code").asText("");
    return code.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Coding(
                node.path("system").asText(""), code, node.path("userSelected").asBoolean(false)));
  }

  /** Whether one of its categories has a code. */
  boolean hasCategory(String code) {
    for (JsonNode category : at("category")) {
      for (JsonNode each : category.path("coding")) {
        if (each.path("code").asText("").equals(code)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Code of the first coding below an extension of US Core, such as a race. */
  String extension(String url) {
    for (JsonNode outer : at("extension")) {
      if (outer.path("url").asText("").endsWith(url)) {
        for (JsonNode inner : outer.path("extension")) {
          if (inner.path("url").asText("").equals("ombCategory")) {
            return inner.path("valueCoding").path("code").asText("");
          }
        }
      }
    }
    return "";
  }

  /** Parts of an observation, each with a code and a value of its own. */
  List<Resource> components() {
    List<Resource> components = new ArrayList<>();
    at("component").forEach(each -> components.add(new Resource(each)));
    return components;
  }
}
