package io.tributary.codec;

import io.tributary.study.Consortium;
import io.tributary.study.Consortium.Member;
import io.tributary.study.Consortium.Party;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads and writes the consortium file (annotated in conf/consortium.yaml). Every error is
 * CONSORTIUM_INVALID with file, line, path, problem and remedy.
 *
 * <p>Ids, keys and certificates are distinct: one key under two names would be one party counted
 * twice (PROTOCOL.md 1, Sybil).
 */
public final class ConsortiumParser {
  private ConsortiumParser() {}

  /**
   * The consortium as a value.
   *
   * @param yaml the file's raw bytes; their SHA-256 is what sites pin
   * @param file its name, for errors
   */
  public static Consortium parse(byte[] yaml, String file) {
    YamlSection top = StrictYaml.read(yaml, file, ErrorCode.CONSORTIUM_INVALID);
    Consortium consortium = draft(top);
    if (consortium.sites().isEmpty()) {
      throw top.invalid("sites", "there is none.", "Add each by its card: 'tributary roster add'.");
    }
    return consortium;
  }

  /**
   * As {@link #parse}, also before the first site was added: for the keeper, who adds parties one
   * by one. Nobody takes part under such a file.
   */
  public static Consortium draft(byte[] yaml, String file) {
    return draft(StrictYaml.read(yaml, file, ErrorCode.CONSORTIUM_INVALID));
  }

  private static Consortium draft(YamlSection top) {
    String name = top.text("consortium");
    int version = top.whole("version", 1, Integer.MAX_VALUE);
    Instant from = StudyParser.instant(top, "validFrom", top.text("validFrom"), LocalTime.MIDNIGHT);
    Instant until =
        StudyParser.instant(top, "validUntil", top.text("validUntil"), StudyParser.LAST_SECOND);
    if (!from.isBefore(until)) {
      throw top.invalid(
          "validUntil", "it ends before it begins.", "Set validUntil after validFrom.");
    }
    Distinct distinct = new Distinct();
    Party coordinator = party(top.section("coordinator"), "coordinator", distinct);
    List<Member> sites = new ArrayList<>();
    for (YamlSection section : top.sections("sites")) {
      sites.add(member(section, distinct));
    }
    if (sites.size() > StudyParser.MAX_SITES) {
      throw top.invalid(
          "sites",
          "there are " + sites.size() + " sites.",
          "At most " + StudyParser.MAX_SITES + " sites form a consortium.");
    }
    sites.sort(Comparator.comparing(Member::id));
    List<Party> analysts = new ArrayList<>();
    for (YamlSection section : top.sections("analysts")) {
      analysts.add(party(section, null, distinct));
    }
    top.end();
    return new Consortium(name, version, from, until, sites, analysts, coordinator);
  }

  private static final class Distinct {
    private final Set<String> ids = new HashSet<>();
    private final Map<String, String> owners = new HashMap<>();

    String id(YamlSection section, String id) {
      if (!ids.add(id)) {
        throw section.invalid("id", "the id '" + id + "' stands here twice.", "Name it once.");
      }
      return id;
    }

    String hex(YamlSection section, String key, String id) {
      String hex = section.asWritten(key).orElseThrow(() -> section.missing(key));
      if (!SiteConfigParser.DIGEST.matcher(hex).matches()) {
        throw section.invalid(
            key,
            "expected 32 bytes as 64 lower-case hexadecimal digits, found '" + hex + "'.",
            "`tributary keys new` prints them.");
      }
      String other = owners.put(key + " " + hex, id);
      if (other != null) {
        throw section.invalid(
            key,
            "'" + id + "' has the same " + key + " as '" + other + "'.",
            "Each party makes its own; ask both.");
      }
      return hex;
    }
  }

  private static Member member(YamlSection section, Distinct distinct) {
    String id = distinct.id(section, section.text("id"));
    SiteId site = section.placed("id", SiteId::new, id);
    Member member =
        new Member(
            site,
            section.text("organisation"),
            distinct.hex(section, "key", id),
            section.has("tlsFingerprint") ? distinct.hex(section, "tlsFingerprint", id) : "");
    section.end();
    return member;
  }

  private static Party party(YamlSection section, String byDefault, Distinct distinct) {
    String id = byDefault == null ? section.text("id") : section.text("id", byDefault);
    distinct.id(section, id);
    section.placed("id", SiteId::new, id);
    Party party =
        new Party(
            id,
            section.text("organisation"),
            distinct.hex(section, "key", id),
            section.has("tlsFingerprint")
                ? Optional.of(distinct.hex(section, "tlsFingerprint", id))
                : Optional.empty());
    section.end();
    return party;
  }

  /** A file that {@link #parse} reads back to the same value. */
  public static byte[] write(Consortium consortium) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("consortium: ").append(quoted(consortium.name())).append('\n');
    yaml.append("version: ").append(consortium.version()).append('\n');
    yaml.append("validFrom: ").append(quoted(consortium.validFrom().toString())).append('\n');
    yaml.append("validUntil: ").append(quoted(consortium.validUntil().toString())).append('\n');
    yaml.append("coordinator:\n");
    Party coordinator = consortium.coordinator();
    entry(
        yaml,
        "  ",
        coordinator.id(),
        coordinator.organisation(),
        coordinator.key(),
        coordinator.tlsFingerprint().orElse(""));
    yaml.append(consortium.sites().isEmpty() ? "sites: []\n" : "sites:\n");
    for (Member site : consortium.sites()) {
      yaml.append("  -\n");
      entry(
          yaml, "    ", site.id().value(), site.organisation(), site.key(), site.tlsFingerprint());
    }
    if (!consortium.analysts().isEmpty()) {
      yaml.append("analysts:\n");
      for (Party analyst : consortium.analysts()) {
        yaml.append("  -\n");
        entry(
            yaml,
            "    ",
            analyst.id(),
            analyst.organisation(),
            analyst.key(),
            analyst.tlsFingerprint().orElse(""));
      }
    }
    return yaml.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void entry(
      StringBuilder yaml, String indent, String id, String organisation, String key, String tls) {
    yaml.append(indent).append("id: ").append(quoted(id)).append('\n');
    yaml.append(indent).append("organisation: ").append(quoted(organisation)).append('\n');
    yaml.append(indent).append("key: ").append(quoted(key)).append('\n');
    if (!tls.isEmpty()) {
      yaml.append(indent).append("tlsFingerprint: ").append(quoted(tls)).append('\n');
    }
  }

  /** A double-quoted scalar: no text changes its meaning, whatever it holds. */
  private static String quoted(String text) {
    StringBuilder result = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                result.append('\\').append((char) c);
              } else if (Character.isISOControl(c)) {
                result.append(String.format("\\u%04x", c));
              } else {
                result.append((char) c);
              }
            });
    return result.append('"').toString();
  }
}
