package io.tributary.jobs.keys;

import io.tributary.codec.ConsortiumParser;
import io.tributary.codec.Digest;
import io.tributary.study.Consortium;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig.ConsortiumPin;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The consortium file on disk: reading it under its pin, and adding parties (PROTOCOL.md 2.4). */
public final class ConsortiumFile {
  private final Consortium consortium;
  private final byte[] raw;
  private final Digest digest;

  private ConsortiumFile(Consortium consortium, byte[] raw) {
    this.consortium = consortium;
    this.raw = raw;
    this.digest = Digest.sha256(raw);
  }

  public Consortium consortium() {
    return consortium;
  }

  /** A copy of the file's bytes. */
  public byte[] raw() {
    return raw.clone();
  }

  /** SHA-256 of the raw bytes: what sites pin. */
  public Digest digest() {
    return digest;
  }

  /** Reads the file without a pin, for showing it. */
  public static ConsortiumFile read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw Errors.invalid(
          ErrorCode.CONSORTIUM_INVALID,
          file.toString(),
          "cannot be read.",
          "Check the path and its permissions.");
    }
    return new ConsortiumFile(ConsortiumParser.parse(bytes, file.getFileName().toString()), bytes);
  }

  /**
   * Reads the file; CONSORTIUM_NOT_PINNED if its bytes are others, or now is outside its validity.
   */
  public static ConsortiumFile read(ConsortiumPin pin, Clock clock) {
    ConsortiumFile found = read(pin.file());
    if (!found.digest.hex().equals(pin.digest())) {
      throw Errors.invalid(
          ErrorCode.CONSORTIUM_NOT_PINNED,
          pin.file().toString(),
          "has digest " + found.digest.hex() + ", pinned is " + pin.digest() + ".",
          "Ask the consortium's keeper for the right file over another channel, then pin its"
              + " digest.");
    }
    Instant now = clock.instant();
    if (now.isBefore(found.consortium.validFrom()) || now.isAfter(found.consortium.validUntil())) {
      throw Errors.invalid(
          ErrorCode.CONSORTIUM_INVALID,
          pin.file().toString(),
          "is valid from "
              + found.consortium.validFrom()
              + " to "
              + found.consortium.validUntil()
              + ", now is "
              + now
              + ".",
          "Check this machine's clock, or get the newer consortium file.");
    }
    return found;
  }

  /**
   * A consortium with these parties added; an id that is there already is refused.
   *
   * @param before empty to found one; then the cards need a coordinator and a site
   * @param organisation of the added parties
   */
  public static Consortium with(
      Optional<Consortium> before,
      List<PartyCard> cards,
      String organisation,
      String name,
      Instant validFrom,
      Instant validUntil) {
    List<Consortium.Member> sites = new ArrayList<>();
    List<Consortium.Party> analysts = new ArrayList<>();
    before.ifPresent(
        consortium -> {
          sites.addAll(consortium.sites());
          analysts.addAll(consortium.analysts());
        });
    Optional<Consortium.Party> coordinator = before.map(Consortium::coordinator);
    for (PartyCard card : cards) {
      Consortium.Party party =
          new Consortium.Party(
              card.id().value(), organisation, card.key(), Optional.of(card.tlsFingerprint()));
      switch (card.role()) {
        case SITE ->
            sites.add(
                new Consortium.Member(card.id(), organisation, card.key(), card.tlsFingerprint()));
        case ANALYST -> analysts.add(party);
        case COORDINATOR -> {
          if (coordinator.isPresent()) {
            throw Errors.invalid(
                ErrorCode.CONSORTIUM_INVALID,
                "roster",
                "has a coordinator already.",
                "One consortium has one coordinator; found another consortium for another one.");
          }
          coordinator = Optional.of(party);
        }
      }
    }
    sites.sort(Comparator.comparing(Consortium.Member::id));
    return new Consortium(
        before.map(Consortium::name).orElse(name),
        before.map(consortium -> consortium.version() + 1).orElse(1L),
        before.map(Consortium::validFrom).orElse(validFrom),
        before.map(Consortium::validUntil).orElse(validUntil),
        sites,
        analysts,
        coordinator.orElseThrow(
            () ->
                Errors.invalid(
                    ErrorCode.CONSORTIUM_INVALID,
                    "roster",
                    "has no coordinator.",
                    "Give the coordinator's card with the first ones.")));
  }

  /**
   * A consortium in which parties have the keys and certificates of these cards instead of their
   * own: after a renewal, or for a party whose key is lost. Its version is one higher.
   */
  public static Consortium replacing(Consortium before, List<PartyCard> cards) {
    Consortium after = before;
    for (PartyCard card : cards) {
      after = replacing(after, card);
    }
    return numbered(after, before.version() + 1);
  }

  private static Consortium replacing(Consortium before, PartyCard card) {
    String id = card.id().value();
    Optional<String> fingerprint = Optional.of(card.tlsFingerprint());
    boolean known =
        switch (card.role()) {
          case SITE -> before.site(card.id()).isPresent();
          case ANALYST -> before.analyst(id).isPresent();
          case COORDINATOR -> before.coordinator().id().equals(id);
        };
    if (!known) {
      throw unknown(id);
    }
    List<Consortium.Member> sites = new ArrayList<>(before.sites());
    List<Consortium.Party> analysts = new ArrayList<>(before.analysts());
    Consortium.Party coordinator = before.coordinator();
    switch (card.role()) {
      case SITE ->
          sites.replaceAll(
              site ->
                  site.id().equals(card.id())
                      ? new Consortium.Member(
                          site.id(), site.organisation(), card.key(), card.tlsFingerprint())
                      : site);
      case ANALYST ->
          analysts.replaceAll(
              party ->
                  party.id().equals(id)
                      ? new Consortium.Party(id, party.organisation(), card.key(), fingerprint)
                      : party);
      case COORDINATOR ->
          coordinator =
              new Consortium.Party(id, coordinator.organisation(), card.key(), fingerprint);
    }
    return new Consortium(
        before.name(),
        before.version(),
        before.validFrom(),
        before.validUntil(),
        sites,
        analysts,
        coordinator);
  }

  /** A consortium without a site or an analyst; its version is one higher. */
  public static Consortium without(Consortium before, SiteId id) {
    List<Consortium.Member> sites = new ArrayList<>(before.sites());
    List<Consortium.Party> analysts = new ArrayList<>(before.analysts());
    boolean removed = sites.removeIf(site -> site.id().equals(id));
    removed |= analysts.removeIf(party -> party.id().equals(id.value()));
    if (!removed) {
      throw unknown(id.value());
    }
    return new Consortium(
        before.name(),
        before.version() + 1,
        before.validFrom(),
        before.validUntil(),
        sites,
        analysts,
        before.coordinator());
  }

  private static Consortium numbered(Consortium consortium, long version) {
    return new Consortium(
        consortium.name(),
        version,
        consortium.validFrom(),
        consortium.validUntil(),
        consortium.sites(),
        consortium.analysts(),
        consortium.coordinator());
  }

  private static RuntimeException unknown(String id) {
    return Errors.invalid(
        ErrorCode.CONSORTIUM_INVALID,
        "'" + id + "'",
        "is not in the consortium file in this role.",
        "See 'tributary roster show'; new parties come in by 'tributary roster add'.");
  }

  /** Writes the file in one step, after reading back what was written. */
  public static ConsortiumFile write(Path file, Consortium consortium) {
    byte[] bytes = ConsortiumParser.write(consortium);
    Consortium checked = ConsortiumParser.parse(bytes, file.getFileName().toString());
    Path temporary = file.resolveSibling("." + file.getFileName() + ".new");
    try {
      Files.write(temporary, bytes);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw Errors.storageFailed(
          "Cannot write " + file + ".", "Check the folder's permissions and the disk.", e);
    }
    return new ConsortiumFile(checked, bytes);
  }
}
