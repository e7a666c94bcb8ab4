package io.tributary.jobs.keys;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The public half of a party's keys, sent to whoever keeps the consortium file.
 *
 * @param key Ed25519 verifying key, 64 hexadecimal digits
 * @param tlsFingerprint SHA-256 of the TLS certificate, 64 hexadecimal digits
 */
public record PartyCard(SiteId id, Role role, String key, String tlsFingerprint) {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Set<String> KEYS = Set.of("id", "role", "key", "tlsFingerprint");

  /** What a party is in the consortium. */
  public enum Role {
    SITE,
    ANALYST,
    COORDINATOR
  }

  public byte[] yaml() {
    return """
        id: %s
        role: %s
        key: %s
        tlsFingerprint: %s
        """
        .formatted(id, role.name().toLowerCase(Locale.ROOT), quoted(key), quoted(tlsFingerprint))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String hex) {
    return '"' + hex + '"';
  }

  /** Reads a card; CONSORTIUM_INVALID if it is not one. */
  public static PartyCard read(Path file) {
    try {
      Map<?, ?> fields = YAML.readValue(Files.readAllBytes(file), Map.class);
      if (fields == null || !fields.keySet().equals(KEYS) || fields.containsValue(null)) {
        throw invalid(file);
      }
      Role role = Role.valueOf(fields.get("role").toString().toUpperCase(Locale.ROOT));
      return new PartyCard(
          new SiteId(fields.get("id").toString()),
          role,
          fields.get("key").toString(),
          fields.get("tlsFingerprint").toString());
    } catch (IOException | IllegalArgumentException e) {
      throw invalid(file);
    }
  }

  private static RuntimeException invalid(Path file) {
    return Errors.invalid(
        ErrorCode.CONSORTIUM_INVALID,
        file.toString(),
        "is no card of a party.",
        "Name the card.yaml that 'tributary keys new' wrote.");
  }
}
