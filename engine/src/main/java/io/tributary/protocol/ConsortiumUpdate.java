package io.tributary.protocol;

import io.tributary.codec.Canonical;
import io.tributary.codec.ConsortiumParser;
import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.VerifyingKey;
import io.tributary.study.Consortium;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The next consortium file with the signatures by which parties that have the file before it take
 * it (PROTOCOL.md 2.4, E0, Updates). It goes from hand to hand and gathers signatures.
 *
 * <pre>
 *   enc(roster-update/v1, previous [32], file, list of consents)
 *   consent = enc(roster-consent/v1, party, key [32], at u64, steward,
 *       signature [64] over H(roster-consent-signed/v1, previous, SHA-256 of file, all before it))
 * </pre>
 */
public final class ConsortiumUpdate {
  private static final String LABEL = "roster-update/v1";
  private static final String CONSENT = "roster-consent/v1";
  private static final String SIGNED = "roster-consent-signed/v1";

  /** Largest update: a file of 256 sites and two consents of everybody fit. */
  public static final int MAX_BYTES = 4 << 20;

  /** UTF-8 bytes of a steward's name at most. */
  public static final int MAX_TEXT_BYTES = 1000;

  private static final int MAX_CONSENTS = 4 * SiteSet.MAX_SITES;

  private final Digest previous;
  private final byte[] file;
  private final Consortium consortium;
  private final List<Consent> consents;

  /**
   * One signature.
   *
   * @param party id in one of the two files, or in both
   * @param key that signed
   * @param at when, to the second
   * @param steward who decided, as the person calls themself
   */
  public record Consent(
      String party, VerifyingKey key, Instant at, String steward, Bytes signature) {
    public Consent {
      at = Instant.ofEpochSecond(at.getEpochSecond());
    }
  }

  private ConsortiumUpdate(
      Digest previous, byte[] file, Consortium consortium, List<Consent> consents) {
    this.previous = previous;
    this.file = file;
    this.consortium = consortium;
    this.consents = consents;
  }

  /**
   * A next file that nobody has signed yet. CONSORTIUM_INVALID if it cannot follow.
   *
   * @param previous the file in force
   * @param digest of the file in force
   * @param file raw bytes of the next one
   */
  public static ConsortiumUpdate propose(Consortium previous, Digest digest, byte[] file) {
    Consortium next = ConsortiumParser.parse(file, "the proposed consortium file");
    ConsortiumChange change = ConsortiumChange.between(previous, next);
    if (change.words().isEmpty()) {
      throw Errors.invalid(
          ErrorCode.CONSORTIUM_INVALID,
          "version " + next.version(),
          "changes nothing.",
          "Change the file first: 'tributary roster add', 'replace' or 'remove'.");
    }
    return new ConsortiumUpdate(digest, file.clone(), next, List.of());
  }

  /** Whether bytes claim to be an update; a consortium file does not. */
  public static boolean isOne(byte[] bytes) {
    try {
      return Canonical.labelOf(bytes).equals(LABEL);
    } catch (TributaryException e) {
      return false;
    }
  }

  /** Reads an update. BAD_MESSAGE or CONSORTIUM_INVALID if it is out of form. */
  public static ConsortiumUpdate read(byte[] object) {
    Canonical.Reader in = Canonical.read(object, LABEL, 3);
    Digest previous = in.digest();
    byte[] file = in.bytes(MAX_BYTES);
    List<Consent> consents = new ArrayList<>();
    for (byte[] item : in.list(MAX_CONSENTS, MAX_BYTES)) {
      consents.add(consent(item));
    }
    in.end();
    return new ConsortiumUpdate(
        previous,
        file,
        ConsortiumParser.parse(file, "the consortium file of the update"),
        List.copyOf(consents));
  }

  private static Consent consent(byte[] item) {
    Canonical.Reader in = Canonical.read(item, CONSENT, 5);
    String party = in.text(64);
    byte[] key = in.exactly(VerifyingKey.BYTES);
    long at = in.u64();
    String steward = in.text(MAX_TEXT_BYTES);
    byte[] signature = in.exactly(VerifyingKey.SIGNATURE_BYTES);
    in.end();
    if (at < 0 || at > Instant.MAX.getEpochSecond()) {
      throw Errors.badMessage("A consent is out of time.");
    }
    return new Consent(
        party, VerifyingKey.of(key), Instant.ofEpochSecond(at), steward, Bytes.take(signature));
  }

  /** The object as it is kept and passed on; consents in the order of parties and keys. */
  public byte[] encode() {
    return Canonical.enc(
        LABEL,
        previous.bytes(),
        file,
        Canonical.list(consents.stream().map(ConsortiumUpdate::encode).toList()));
  }

  private static byte[] encode(Consent consent) {
    byte[][] fields = fields(consent);
    byte[][] all = Arrays.copyOf(fields, fields.length + 1);
    all[fields.length] = consent.signature().shared();
    return Canonical.enc(CONSENT, all);
  }

  private static byte[][] fields(Consent consent) {
    return new byte[][] {
      Canonical.utf8(consent.party()),
      consent.key().bytes(),
      Canonical.u64(consent.at().getEpochSecond()),
      Canonical.utf8(consent.steward())
    };
  }

  private Digest signed(Consent consent) {
    byte[][] fields = fields(consent);
    byte[][] all = new byte[fields.length + 2][];
    all[0] = previous.bytes();
    all[1] = Digest.sha256(file).bytes();
    System.arraycopy(fields, 0, all, 2, fields.length);
    return Canonical.hash(SIGNED, all);
  }

  /** The same with one more consent; one of the same party and key is replaced. */
  public ConsortiumUpdate sign(String party, String steward, Instant at, SigningIdentity identity) {
    Consent unsigned = new Consent(party, identity.verifyingKey(), at, steward, Bytes.EMPTY);
    Consent consent =
        new Consent(
            party,
            unsigned.key(),
            unsigned.at(),
            steward,
            Bytes.take(identity.sign(signed(unsigned))));
    return with(List.of(consent));
  }

  /** The same with the consents of another copy. CONSORTIUM_INVALID if that is another update. */
  public ConsortiumUpdate join(ConsortiumUpdate other) {
    if (!previous.equals(other.previous) || !Arrays.equals(file, other.file)) {
      throw Errors.invalid(
          ErrorCode.CONSORTIUM_INVALID,
          "version " + other.consortium.version(),
          "is another update than version " + consortium.version() + ".",
          "Join signatures of one and the same file.");
    }
    return with(other.consents);
  }

  private ConsortiumUpdate with(List<Consent> more) {
    List<Consent> all = new ArrayList<>(consents);
    for (Consent consent : more) {
      all.removeIf(
          each -> each.party().equals(consent.party()) && each.key().equals(consent.key()));
      all.add(consent);
    }
    all.sort(Comparator.comparing(Consent::party).thenComparing(each -> each.key().hex()));
    return new ConsortiumUpdate(previous, file, consortium, List.copyOf(all));
  }

  /** Digest of the file before. */
  public Digest previous() {
    return previous;
  }

  /** A copy of the next file's raw bytes. */
  public byte[] file() {
    return file.clone();
  }

  public Consortium consortium() {
    return consortium;
  }

  public List<Consent> consents() {
    return consents;
  }

  /**
   * What is missing for a party that has the file before to take this one, one sentence each; empty
   * if nothing is.
   */
  public List<String> missing(Consortium before) {
    ConsortiumChange change = ConsortiumChange.between(before, consortium);
    Set<String> old = signers(before);
    List<String> missing = new ArrayList<>();
    Set<String> newKeys = new TreeSet<>(change.newKeys());
    newKeys.removeAll(signers(consortium));
    newKeys.forEach(id -> missing.add("the new key of " + id));
    change.missing(old).forEach(id -> missing.add("site " + id));
    if (missing.isEmpty() && !change.hasEnoughSites(old)) {
      missing.add(
          "more sites: at least "
              + change.leastSites()
              + " of "
              + before.sites().size()
              + " have to sign with the keys they had");
    }
    return missing;
  }

  /** Parties whose key in this file has signed. */
  private Set<String> signers(Consortium where) {
    Set<String> ids = new HashSet<>();
    for (Consent consent : consents) {
      Optional<String> key = key(where, consent.party());
      if (key.equals(Optional.of(consent.key().hex()))
          && consent.key().verifies(signed(consent), consent.signature().shared())) {
        ids.add(consent.party());
      }
    }
    return ids;
  }

  /** A party's identity key in a file, whatever its role. */
  public static Optional<String> key(Consortium where, String party) {
    if (where.coordinator().id().equals(party)) {
      return Optional.of(where.coordinator().key());
    }
    return where
        .analyst(party)
        .map(Consortium.Party::key)
        .or(
            () ->
                where.sites().stream()
                    .filter(site -> site.id().value().equals(party))
                    .findFirst()
                    .map(Consortium.Member::key));
  }

  /** CONSORTIUM_NOT_PINNED if the update follows another file than this one. */
  public void requireFollows(Consortium before, Digest digest) {
    if (!previous.equals(digest)) {
      throw Errors.invalid(
          ErrorCode.CONSORTIUM_NOT_PINNED,
          "the update to version " + consortium.version(),
          "follows the file "
              + previous.hex()
              + ", in force is version "
              + before.version()
              + ", "
              + digest.hex()
              + ".",
          "Take the updates in between first, or get the right one.");
    }
  }

  /**
   * Refuses an update that a party with this file must not take: CONSORTIUM_NOT_PINNED if it
   * follows another file, BAD_SIGNATURE if a signature in it does not hold or one is missing.
   */
  public void require(Consortium before, Digest digest) {
    requireFollows(before, digest);
    for (Consent consent : consents) {
      if (!consent.key().verifies(signed(consent), consent.signature().shared())) {
        throw unsigned(
            "The signature of '" + consent.party() + "' does not hold.",
            "The update was altered after it was signed.");
      }
    }
    List<String> missing = missing(before);
    if (!missing.isEmpty()) {
      throw unsigned(
          "The update to version " + consortium.version() + " is not signed by all who have to.",
          "Missing: " + String.join(", ", missing) + ".");
    }
  }

  private static TributaryException unsigned(String problem, String cause) {
    return Errors.protocol(
        ErrorCode.BAD_SIGNATURE,
        problem,
        cause,
        "Ask the consortium's keeper for the signed update, or pin a new file by hand.");
  }

  /** Ids of the sites that have signed with their key of the file before. */
  public Set<SiteId> sites(Consortium before) {
    Set<SiteId> sites = new TreeSet<>();
    signers(before).stream()
        .map(SiteId::new)
        .filter(id -> before.site(id).isPresent())
        .forEach(sites::add);
    return sites;
  }

  @Override
  public String toString() {
    return "ConsortiumUpdate[version " + consortium.version() + ", " + consents.size() + " signed]";
  }
}
