package io.tributary.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.tributary.codec.Digest;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One line of an evidence journal, without its chain.
 *
 * @param number from 1
 * @param at when it was written, by the party's clock
 * @param party id in the consortium file
 * @param salt 32 hex digits at random: a line that is shown by its digest alone cannot be guessed
 * @param study that it belongs to, if any
 * @param details texts by name, as the event's sentence names them, and perhaps {@code text}
 */
public record EvidenceEntry(
    long number,
    Instant at,
    String party,
    String salt,
    EvidenceEvent event,
    Optional<Digest> study,
    Map<String, String> details) {
  /** Name of the detail that may stand beside those of the sentence. */
  public static final String TEXT = "text";

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  public EvidenceEntry {
    details = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(details));
    for (String name : event.details()) {
      if (!details.containsKey(name)) {
        throw new IllegalArgumentException(event + " without " + name);
      }
    }
    for (String name : details.keySet()) {
      if (!event.details().contains(name) && !name.equals(TEXT)) {
        throw new IllegalArgumentException(event + " with " + name);
      }
    }
  }

  /** A detail, which the event's sentence names. */
  public String detail(String name) {
    String value = details.get(name);
    if (value == null) {
      throw new IllegalArgumentException(event + " has no " + name);
    }
    return value;
  }

  /** The longer text, or empty. */
  public String text() {
    return details.getOrDefault(TEXT, "");
  }

  /** What the line says, as a sentence on one line. */
  public String words() {
    return EvidenceEvent.detail()
        .matcher(event.sentence())
        .replaceAll(
            match ->
                java.util.regex.Matcher.quoteReplacement(
                    detail(match.group(1)).replaceAll("\\s+", " ")));
  }

  /** The one JSON form of a line. */
  byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("n", number);
      json.writeStringField("at", at.toString());
      json.writeStringField("party", party);
      json.writeStringField("salt", salt);
      json.writeStringField("event", event.name());
      json.writeStringField("study", study.map(Digest::hex).orElse(""));
      for (Map.Entry<String, String> detail : details.entrySet()) {
        json.writeStringField("+" + detail.getKey(), detail.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return out.toByteArray();
  }

  /** Reads a line; EVIDENCE_BROKEN unless it has exactly the form that {@link #encode} gives. */
  static EvidenceEntry decode(byte[] body) {
    try {
      EvidenceEntry entry = read(body);
      if (!Arrays.equals(entry.encode(), body)) {
        throw broken();
      }
      return entry;
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw broken();
    }
  }

  private static EvidenceEntry read(byte[] body) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw broken();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_NUMBER_INT) {
          throw broken();
        }
        fields.put(name, json.getText());
      }
      if (json.nextToken() != null) {
        throw broken();
      }
    }
    Map<String, String> details = new LinkedHashMap<>();
    fields.forEach(
        (name, value) -> {
          if (name.startsWith("+")) {
            details.put(name.substring(1), value);
          }
        });
    String study = field(fields, "study");
    return new EvidenceEntry(
        Long.parseLong(field(fields, "n")),
        Instant.parse(field(fields, "at")),
        field(fields, "party"),
        field(fields, "salt"),
        EvidenceEvent.valueOf(field(fields, "event")),
        study.isEmpty() ? Optional.empty() : Optional.of(Digest.ofHex(study)),
        details);
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw broken();
    }
    return value;
  }

  private static RuntimeException broken() {
    return Errors.protocol(
        ErrorCode.EVIDENCE_BROKEN,
        "A line of an evidence journal is out of form.",
        "It is not what Tributary writes.",
        "Keep the file; ask the others for their copies of this party's checkpoints.");
  }
}
