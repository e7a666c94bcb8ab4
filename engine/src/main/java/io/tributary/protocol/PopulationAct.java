package io.tributary.protocol;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.VerifyingKey;
import io.tributary.study.Consortium;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The stewards' act by which further sums of a population have other contributors than those before
 * (PROTOCOL.md 2.8, Any other change). What two sums over different sets tell is about the sites in
 * which the sets differ; so the sites of both sets sign, all but those that are lost for good, of
 * which the others state it.
 *
 * <pre>
 *   enc(population-act/v1, consortium [32], at u64, list of before, list of after, list of lost,
 *       reason, list of consents)
 *   consent = enc(population-consent/v1, site, page [32], at u64, steward,
 *       signature [64] over H(population-consent-signed/v1, act [32], all before it))
 *   act = H(population-act-terms/v1, all fields but the consents)
 * </pre>
 */
public final class PopulationAct {
  private static final String LABEL = "population-act/v1";
  private static final String TERMS = "population-act-terms/v1";
  private static final String CONSENT = "population-consent/v1";
  private static final String SIGNED = "population-consent-signed/v1";

  /** Largest act: 256 consents with their texts. */
  public static final int MAX_BYTES = 1 << 20;

  /** UTF-8 bytes of a reason, and of a steward's name, at most. */
  public static final int MAX_TEXT_BYTES = 1000;

  private final Digest consortium;
  private final Instant at;
  private final Set<SiteId> before;
  private final Set<SiteId> after;
  private final Set<SiteId> lost;
  private final String reason;
  private final List<Consent> consents;

  /**
   * One steward's signature.
   *
   * @param page the population at this site, as its EpochKeys name it
   * @param at when, to the second
   * @param steward who decided, as the person calls themself
   */
  public record Consent(SiteId site, Digest page, Instant at, String steward, Bytes signature) {
    public Consent {
      at = Instant.ofEpochSecond(at.getEpochSecond());
    }
  }

  private PopulationAct(
      Digest consortium,
      Instant at,
      Set<SiteId> before,
      Set<SiteId> after,
      Set<SiteId> lost,
      String reason,
      List<Consent> consents) {
    this.consortium = consortium;
    this.at = Instant.ofEpochSecond(at.getEpochSecond());
    this.before = new TreeSet<>(before);
    this.after = new TreeSet<>(after);
    this.lost = new TreeSet<>(lost);
    this.reason = reason;
    this.consents = List.copyOf(consents);
  }

  /**
   * An act that nobody has signed yet. USAGE if its sets are out of form, ROSTER_TOO_WEAK if the
   * new set could not be summed.
   *
   * @param before contributors of the sums so far
   * @param after contributors of the sums to come
   * @param lost sites of before that will never answer again
   */
  public static PopulationAct propose(
      Consortium consortium,
      Digest digest,
      Instant at,
      Set<SiteId> before,
      Set<SiteId> after,
      Set<SiteId> lost,
      String reason) {
    PopulationAct act = new PopulationAct(digest, at, before, after, lost, reason, List.of());
    act.malformed()
        .ifPresent(
            why -> {
              throw Errors.invalid(
                  ErrorCode.USAGE, "the act", why, "See 'tributary population propose --help'.");
            });
    act.requireStrong(consortium);
    return act;
  }

  private Optional<String> malformed() {
    Set<SiteId> leaving = new TreeSet<>(before);
    leaving.removeAll(after);
    if (before.isEmpty() || after.isEmpty()) {
      return Optional.of("one of its sets is empty.");
    } else if (before.equals(after)) {
      return Optional.of("its two sets are the same.");
    } else if (!leaving.containsAll(lost)) {
      return Optional.of("a lost site is one that was in the sums and will not be.");
    }
    return Optional.empty();
  }

  private void requireStrong(Consortium known) {
    List<String> organisations = new ArrayList<>();
    for (SiteId site : after) {
      organisations.add(
          known
              .site(site)
              .orElseThrow(
                  () ->
                      Errors.invalid(
                          ErrorCode.CONSORTIUM_INVALID,
                          "site '" + site + "'",
                          "is not in the consortium file.",
                          "Name sites of the consortium; add the site first."))
              .organisation());
    }
    Strength.of(Study.Shape.ALL, organisations, 3, 1).require();
  }

  /** Reads an act. BAD_MESSAGE if it is out of form. */
  public static PopulationAct read(byte[] object) {
    Canonical.Reader in = Canonical.read(object, LABEL, 7);
    Digest consortium = in.digest();
    Instant at = instant(in);
    Set<SiteId> before = Fields.ids(in);
    Set<SiteId> after = Fields.ids(in);
    Set<SiteId> lost = Fields.ids(in);
    String reason = in.text(MAX_TEXT_BYTES);
    List<Consent> consents = new ArrayList<>();
    for (byte[] item : in.list(SiteSet.MAX_SITES, MAX_BYTES)) {
      consents.add(consent(item));
    }
    in.end();
    PopulationAct act = new PopulationAct(consortium, at, before, after, lost, reason, consents);
    act.malformed()
        .ifPresent(
            why -> {
              throw Errors.badMessage("In an act on a population " + why);
            });
    return act;
  }

  private static Consent consent(byte[] item) {
    Canonical.Reader in = Canonical.read(item, CONSENT, 5);
    Consent consent =
        new Consent(
            new SiteId(in.text(32)),
            in.digest(),
            instant(in),
            in.text(MAX_TEXT_BYTES),
            Bytes.take(in.exactly(VerifyingKey.SIGNATURE_BYTES)));
    in.end();
    return consent;
  }

  private static Instant instant(Canonical.Reader in) {
    long second = in.u64();
    if (second < 0 || second > Instant.MAX.getEpochSecond()) {
      throw Errors.badMessage("An act on a population is out of time.");
    }
    return Instant.ofEpochSecond(second);
  }

  private byte[][] terms() {
    return new byte[][] {
      consortium.bytes(),
      Canonical.u64(at.getEpochSecond()),
      Fields.ids(before),
      Fields.ids(after),
      Fields.ids(lost),
      Canonical.utf8(reason)
    };
  }

  /** The object as it is kept and passed on; consents in the order of sites. */
  public byte[] encode() {
    byte[][] terms = terms();
    byte[][] all = java.util.Arrays.copyOf(terms, terms.length + 1);
    all[terms.length] =
        Canonical.list(
            consents.stream()
                .map(
                    consent ->
                        Canonical.enc(
                            CONSENT,
                            Canonical.utf8(consent.site().value()),
                            consent.page().bytes(),
                            Canonical.u64(consent.at().getEpochSecond()),
                            Canonical.utf8(consent.steward()),
                            consent.signature().shared()))
                .toList());
    return Canonical.enc(LABEL, all);
  }

  /** What is signed, whoever signs: the same act with other consents has the same digest. */
  public Digest digest() {
    return Canonical.hash(TERMS, terms());
  }

  private Digest signed(Consent consent) {
    return Canonical.hash(
        SIGNED,
        digest().bytes(),
        Canonical.utf8(consent.site().value()),
        consent.page().bytes(),
        Canonical.u64(consent.at().getEpochSecond()),
        Canonical.utf8(consent.steward()));
  }

  /** The same with a site's consent; an earlier one of the site is replaced. */
  public PopulationAct sign(
      SiteId site, Digest page, String steward, Instant when, SigningIdentity identity) {
    Consent unsigned = new Consent(site, page, when, steward, Bytes.EMPTY);
    Bytes signature = Bytes.take(identity.sign(signed(unsigned)));
    return with(List.of(new Consent(site, page, when, steward, signature)));
  }

  /** The same with the consents of another copy. USAGE if that is another act. */
  public PopulationAct join(PopulationAct other) {
    if (!digest().equals(other.digest())) {
      throw Errors.invalid(
          ErrorCode.USAGE,
          "act " + other.digest().shortHex(),
          "is another one than act " + digest().shortHex() + ".",
          "Join signatures of one and the same act.");
    }
    return with(other.consents);
  }

  private PopulationAct with(List<Consent> more) {
    List<Consent> all = new ArrayList<>(consents);
    for (Consent consent : more) {
      all.removeIf(each -> each.site().equals(consent.site()));
      all.add(consent);
    }
    all.sort(Comparator.comparing(Consent::site));
    return new PopulationAct(consortium, at, before, after, lost, reason, all);
  }

  /** Contributors of the sums so far. */
  public Set<SiteId> before() {
    return Set.copyOf(before);
  }

  /** Contributors of the sums to come. */
  public Set<SiteId> after() {
    return Set.copyOf(after);
  }

  /** Sites that will never answer again. */
  public Set<SiteId> lost() {
    return Set.copyOf(lost);
  }

  public String reason() {
    return reason;
  }

  /** When it was proposed. */
  public Instant at() {
    return at;
  }

  public List<Consent> consents() {
    return consents;
  }

  /** Sites that have to sign. */
  public Set<SiteId> signers() {
    Set<SiteId> signers = new TreeSet<>(before);
    signers.addAll(after);
    signers.removeAll(lost);
    return signers;
  }

  /** Sites whose signature is missing. */
  public Set<SiteId> missing() {
    Set<SiteId> missing = new TreeSet<>(signers());
    consents.forEach(consent -> missing.remove(consent.site()));
    return missing;
  }

  /** The population that a site has signed for; empty if it has not signed. */
  public Optional<Digest> page(SiteId site) {
    return consents.stream()
        .filter(consent -> consent.site().equals(site))
        .findFirst()
        .map(Consent::page);
  }

  /** CONSORTIUM_NOT_PINNED if the act is over another consortium file than the one in force. */
  public void requireUnder(Digest inForce) {
    if (!consortium.equals(inForce)) {
      throw Errors.invalid(
          ErrorCode.CONSORTIUM_NOT_PINNED,
          "act " + digest().shortHex(),
          "was made under consortium file "
              + consortium.hex()
              + ", in force is "
              + inForce.hex()
              + ".",
          "Have it made and signed anew under the file in force.");
    }
  }

  /**
   * Refuses an act that must not be taken: CONSORTIUM_NOT_PINNED under another consortium file,
   * ROSTER_TOO_WEAK, BAD_SIGNATURE if a signature does not hold or one is missing.
   */
  public void require(Consortium known, Digest inForce) {
    requireUnder(inForce);
    requireStrong(known);
    for (Consent consent : consents) {
      boolean holds =
          signers().contains(consent.site())
              && known
                  .site(consent.site())
                  .map(Consortium.Member::key)
                  .map(VerifyingKey::ofHex)
                  .filter(key -> key.verifies(signed(consent), consent.signature().shared()))
                  .isPresent();
      if (!holds) {
        throw unsigned(
            "The signature of '" + consent.site() + "' under an act on a population does not hold.",
            "The act was altered after it was signed, or another key signed it.");
      }
    }
    if (!missing().isEmpty()) {
      throw unsigned(
          "Act "
              + digest().shortHex()
              + " on a population is not signed by the stewards of all sites in it.",
          "Missing: " + missing() + ".");
    }
  }

  private static TributaryException unsigned(String problem, String cause) {
    return Errors.protocol(
        ErrorCode.BAD_SIGNATURE,
        problem,
        cause,
        "Every site that was in the sums or will be has to sign; a lost one is named as lost.");
  }

  /** In words, without who signed. */
  public String words() {
    return "sums over "
        + names(before)
        + " so far, over "
        + names(after)
        + " from now on"
        + (lost.isEmpty() ? "" : "; lost for good: " + names(lost))
        + (reason.isEmpty() ? "" : "; " + reason);
  }

  private static String names(Set<SiteId> sites) {
    return String.join(", ", sites.stream().map(SiteId::value).toList());
  }

  @Override
  public String toString() {
    return "PopulationAct[" + digest().shortHex() + ", " + consents.size() + " signed]";
  }
}
