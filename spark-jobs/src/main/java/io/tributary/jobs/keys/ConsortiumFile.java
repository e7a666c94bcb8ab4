package io.tributary.jobs.keys;

import io.tributary.codec.ConsortiumParser;
import io.tributary.codec.Digest;
import io.tributary.study.Consortium;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig.ConsortiumPin;
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
  private final Digest digest;

  private ConsortiumFile(Consortium consortium, Digest digest) {
    this.consortium = consortium;
    this.digest = digest;
  }

  public Consortium consortium() {
    return consortium;
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
    return new ConsortiumFile(
        ConsortiumParser.parse(bytes, file.getFileName().toString()), Digest.sha256(bytes));
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
    return new ConsortiumFile(checked, Digest.sha256(bytes));
  }
}
