package io.tributary.study;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The consortium file (PROTOCOL.md 2.4, E0): who exists. Pinned by the digest of its raw bytes at
 * every site, out of band.
 *
 * @param name of the consortium
 * @param version grows with every change
 * @param validFrom first instant it may be used
 * @param validUntil last instant it may be used
 * @param sites members in byte order of their ids
 * @param analysts who may sign studies
 * @param coordinator who runs rounds
 */
public record Consortium(
    String name,
    long version,
    Instant validFrom,
    Instant validUntil,
    List<Member> sites,
    List<Party> analysts,
    Party coordinator) {

  public Consortium {
    sites = List.copyOf(sites);
    analysts = List.copyOf(analysts);
  }

  /**
   * One site.
   *
   * @param organisation legal body; c counts organisations, not machines
   * @param key Ed25519 verifying key, 32 bytes in lower-case hex
   * @param tlsFingerprint SHA-256 of its TLS certificate's DER form, lower-case hex
   */
  public record Member(SiteId id, String organisation, String key, String tlsFingerprint) {}

  /**
   * The coordinator or an analyst; fields as in {@link Member}; an analyst has no TLS certificate.
   */
  public record Party(
      String id, String organisation, String key, Optional<String> tlsFingerprint) {}

  public Optional<Member> site(SiteId id) {
    return sites.stream().filter(member -> member.id().equals(id)).findFirst();
  }

  public Optional<Party> analyst(String id) {
    return analysts.stream().filter(party -> party.id().equals(id)).findFirst();
  }
}
