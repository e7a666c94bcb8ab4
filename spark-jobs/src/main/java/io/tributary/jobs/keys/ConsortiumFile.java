package io.tributary.jobs.keys;

import io.tributary.codec.ConsortiumParser;
import io.tributary.codec.Digest;
import io.tributary.protocol.ConsortiumUpdate;
import io.tributary.study.Consortium;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig.ConsortiumPin;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The consortium file on disk: reading it under its pin, following signed updates, and adding
 * parties (PROTOCOL.md 2.4, E0).
 *
 * <pre>
 *   consortium.yaml             the pinned file
 *   consortium.yaml.v2.update   {@link ConsortiumUpdate}s that were taken, by the version they give
 * </pre>
 */
public final class ConsortiumFile {
  private static final String ENDING = ".update";

  private final Consortium consortium;
  private final byte[] raw;
  private final Digest digest;
  private final List<ConsortiumFile> earlier;

  private ConsortiumFile(Consortium consortium, byte[] raw, List<ConsortiumFile> earlier) {
    this.consortium = consortium;
    this.raw = raw;
    this.digest = Digest.sha256(raw);
    this.earlier = List.copyOf(earlier);
  }

  private ConsortiumFile(Consortium consortium, byte[] raw) {
    this(consortium, raw, List.of());
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

  /** The pinned file and the updates after it that this one follows, oldest first. */
  public List<ConsortiumFile> earlier() {
    return earlier;
  }

  /** Reads the file without a pin, for showing it. */
  public static ConsortiumFile read(Path file) {
    byte[] bytes = bytes(file);
    return new ConsortiumFile(ConsortiumParser.parse(bytes, file.getFileName().toString()), bytes);
  }

  /** As {@link #read(Path)}, also before its first site was added. */
  public static ConsortiumFile draft(Path file) {
    byte[] bytes = bytes(file);
    return new ConsortiumFile(ConsortiumParser.draft(bytes, file.getFileName().toString()), bytes);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw Errors.invalid(
          ErrorCode.CONSORTIUM_INVALID,
          file.toString(),
          "cannot be read.",
          "Check the path and its permissions.");
    }
  }

  /**
   * Reads the file in force: the pinned one, and the signed updates that were taken after it.
   * CONSORTIUM_NOT_PINNED if the pinned bytes are others, BAD_SIGNATURE if an update beside it is
   * not signed as it must be, CONSORTIUM_INVALID if now is outside its validity.
   */
  public static ConsortiumFile read(ConsortiumPin pin, Clock clock) {
    ConsortiumFile found = pinned(pin);
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

  /** As {@link #read(ConsortiumPin, Clock)}, at any time: evidence is looked at for years. */
  public static ConsortiumFile pinned(ConsortiumPin pin) {
    ConsortiumFile found = read(pin.file());
    if (!found.digest.hex().equals(pin.digest())) {
      throw Errors.invalid(
          ErrorCode.CONSORTIUM_NOT_PINNED,
          pin.file().toString(),
          "has digest " + found.digest.hex() + ", pinned is " + pin.digest() + ".",
          "Ask the consortium's keeper for the right file over another channel, then pin its"
              + " digest.");
    }
    for (Map.Entry<Long, Path> taken : updates(pin.file()).entrySet()) {
      // Older ones were taken under a pin before this one.
      if (taken.getKey() > found.consortium.version()) {
        found = found.followedBy(update(taken.getValue()));
      }
    }
    return found;
  }

  /** Updates beside a file, by the version that their name gives. */
  private static SortedMap<Long, Path> updates(Path file) {
    Pattern form =
        Pattern.compile(
            Pattern.quote(file.getFileName().toString())
                + "\\.v([1-9][0-9]{0,9})"
                + Pattern.quote(ENDING));
    SortedMap<Long, Path> found = new TreeMap<>();
    try (Stream<Path> beside = Files.list(file.toAbsolutePath().getParent())) {
      for (Path each : beside.toList()) {
        Matcher name = form.matcher(each.getFileName().toString());
        if (name.matches()) {
          found.put(Long.parseLong(name.group(1)), each);
        }
      }
    } catch (IOException e) {
      throw Errors.storageFailed(
          "Cannot list the folder of " + file + ".", "Check its permissions.", e);
    }
    return found;
  }

  /** Reads an update; BAD_MESSAGE if the file is none. */
  public static ConsortiumUpdate update(Path file) {
    try {
      if (Files.size(file) > ConsortiumUpdate.MAX_BYTES) {
        throw Errors.badMessage(file + " is too large to be an update of a consortium file.");
      }
      return ConsortiumUpdate.read(Files.readAllBytes(file));
    } catch (IOException e) {
      throw Errors.invalid(ErrorCode.USAGE, file.toString(), "cannot be read.", "Check the path.");
    }
  }

  /** The file that an update gives after this one; refuses an update that must not be taken. */
  public ConsortiumFile followedBy(ConsortiumUpdate update) {
    update.require(consortium, digest);
    List<ConsortiumFile> before = new ArrayList<>(earlier);
    before.add(this);
    return new ConsortiumFile(update.consortium(), update.file(), before);
  }

  /**
   * Takes an update for a party: it is checked against the file in force and kept beside the pinned
   * one. The same again changes nothing.
   *
   * @return the file in force from now on
   */
  public static ConsortiumFile take(ConsortiumPin pin, ConsortiumUpdate update) {
    ConsortiumFile inForce = pinned(pin);
    if (inForce.digest.equals(Digest.sha256(update.file()))) {
      return inForce;
    }
    ConsortiumFile next = inForce.followedBy(update);
    Path file =
        pin.file()
            .resolveSibling(pin.file().getFileName() + ".v" + next.consortium.version() + ENDING);
    replace(file, update.encode());
    return next;
  }

  /**
   * A consortium with these parties added; an id that is there already is refused.
   *
   * @param before empty to found one; then the cards need a coordinator
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
    Consortium checked = ConsortiumParser.draft(bytes, file.getFileName().toString());
    replace(file, bytes);
    return new ConsortiumFile(checked, bytes);
  }

  /** Whole or not at all, and on the disk. */
  public static void replace(Path file, byte[] bytes) {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".new");
    try {
      Files.write(
          temporary,
          bytes,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE,
          StandardOpenOption.SYNC);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw Errors.storageFailed(
          "Cannot write " + file + ".", "Check the folder's permissions and the disk.", e);
    }
  }
}
