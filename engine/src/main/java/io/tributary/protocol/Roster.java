package io.tributary.protocol;

import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.identity.VerifyingKey;
import io.tributary.masking.EpochTerms;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The sites of one epoch in byte order of their ids, each with its signed EpochKey (PROTOCOL.md
 * 2.4, E2). A site's roster index is its position here.
 */
public final class Roster {
  private final List<Entry> entries;
  private final EpochTerms terms;
  private final Strength strength;

  /** One site of the roster. */
  public record Entry(
      SiteId id,
      String organisation,
      VerifyingKey key,
      Bytes agreementKey,
      Declarations declarations) {}

  private Roster(List<Entry> entries, EpochTerms terms, Strength strength) {
    this.entries = List.copyOf(entries);
    this.terms = terms;
    this.strength = strength;
  }

  /**
   * Checks a proposal as every site must: every signature against the pinned file, order, distinct
   * ids and keys, and strength. BAD_MESSAGE, BAD_SIGNATURE or ROSTER_TOO_WEAK.
   *
   * @param open the coordinator's EpochOpen as stored
   */
  public static Roster of(StudyTerms study, SignedObject open, Message.RosterProposal proposal) {
    List<Entry> entries = new ArrayList<>();
    Set<Bytes> agreementKeys = new HashSet<>();
    Set<VerifyingKey> identities = new HashSet<>();
    for (Bytes stored : proposal.keys()) {
      Entry entry = entry(study, proposal, SignedObject.decode(stored.toArray()));
      if (!entries.isEmpty() && entries.get(entries.size() - 1).id().compareTo(entry.id()) >= 0) {
        throw Errors.badMessage("A roster is not in the order of its site ids, each once.");
      }
      if (!agreementKeys.add(entry.agreementKey()) || !identities.add(entry.key())) {
        throw Errors.badMessage("A roster has one key for two sites.");
      }
      entries.add(entry);
    }
    Strength strength =
        Strength.of(
                proposal.shape(),
                entries.stream().map(Entry::organisation).toList(),
                study.study().minContributors(),
                study.study().colluding())
            .require();
    checkShape(study.study(), proposal.shape(), entries.size());
    EpochTerms terms =
        new EpochTerms(
            EpochTerms.SUITE,
            study.consortiumDigest(),
            study.studyDigest(),
            proposal.epoch(),
            EpochTerms.rosterHash(
                open.encoded().shared(), proposal.keys().stream().map(Bytes::shared).toList()),
            proposal.shape(),
            entries.size(),
            strength.signatures(),
            strength.shares(),
            study.study().minContributors(),
            study.study().colluding());
    return new Roster(entries, terms, strength);
  }

  private static Entry entry(
      StudyTerms study, Message.RosterProposal proposal, SignedObject object) {
    SiteId id = new SiteId(object.sender());
    VerifyingKey key =
        study
            .key(id)
            .orElseThrow(() -> Errors.badMessage("A roster names a site the study does not."));
    if (!(object.message(1) instanceof Message.EpochKey message)
        || !message.study().equals(proposal.study())
        || message.epoch() != proposal.epoch()) {
      throw Errors.badMessage("A roster holds what is no EpochKey of its epoch.");
    }
    if (!object.signedBy(key)) {
      throw badSignature(id.value(), "EpochKey");
    }
    return new Entry(
        id, study.member(id).organisation(), key, message.agreementKey(), message.declarations());
  }

  /**
   * The study fixes the shape; ALL is allowed in place of QUORUM, since it admits no U but the
   * roster itself (continuation, PROTOCOL.md 2.8), never the other way round. A study that asks for
   * ALL gets all of its sites.
   */
  private static void checkShape(Study study, Study.Shape proposed, int sites) {
    boolean weaker =
        proposed == Study.Shape.QUORUM && Strength.shapeOf(study, sites) == Study.Shape.ALL;
    boolean incomplete =
        study.shape().equals(Optional.of(Study.Shape.ALL)) && sites != study.sites().size();
    if (weaker || incomplete) {
      throw Errors.protocol(
          ErrorCode.ROSTER_TOO_WEAK,
          "The roster has " + sites + " sites and shape " + proposed + ".",
          "The study asks for shape ALL" + (incomplete ? " with every site it names." : "."),
          "Wait for the missing sites, or have the study signed with other sites.");
    }
  }

  /** BAD_SIGNATURE, naming the sender. */
  public static TributaryException badSignature(String sender, String what) {
    return Errors.protocol(
        ErrorCode.BAD_SIGNATURE,
        "A " + what + " in the name of '" + sender + "' is not signed by it.",
        "The signature does not verify under the key in the pinned consortium file.",
        "Compare the consortium file at both ends; the object is ignored and kept as evidence.");
  }

  /**
   * Checks a certificate (PROTOCOL.md 2.5, R2): at least t valid signatures of members of U.
   * Returns the signers' indices. BAD_SIGNATURE or THRESHOLD_LOST.
   */
  public Set<Integer> requireCertificate(Message.Certificate certificate) {
    Digest signed = Digest.sha256(certificate.signed().body());
    Set<Integer> signers = new HashSet<>();
    for (Message.Certificate.MemberSignature one : certificate.signatures()) {
      Entry entry = entries.get(one.site());
      if (!entry.key().verifies(signed, one.signature().shared())) {
        throw badSignature(entry.id().value(), "SurvivorSig");
      }
      signers.add(one.site());
    }
    if (signers.size() < strength.signatures()) {
      throw Errors.protocol(
          ErrorCode.THRESHOLD_LOST,
          "A certificate has " + signers.size() + " signatures.",
          "It takes " + strength.signatures() + " of its members.",
          "The object is ignored and kept as evidence.");
    }
    return signers;
  }

  public int size() {
    return entries.size();
  }

  public Entry entry(int index) {
    return entries.get(index);
  }

  public SiteId id(int index) {
    return entries.get(index).id();
  }

  /** Roster index of a site, or empty. */
  public Optional<Integer> indexOf(SiteId id) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).id().equals(id)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  /** Ids of all sites. */
  public Set<SiteId> ids() {
    return ids(SiteSet.all(entries.size()));
  }

  /** Ids of some sites. */
  public Set<SiteId> ids(SiteSet sites) {
    Set<SiteId> ids = new TreeSet<>();
    for (int site : sites.indices()) {
      ids.add(id(site));
    }
    return ids;
  }

  /** Members that may not be inferred: those that did not give consent (PROTOCOL.md 2.8). */
  public Set<SiteId> core() {
    Set<SiteId> core = new TreeSet<>();
    for (Entry entry : entries) {
      if (entry.declarations().consent() == Declarations.Consent.WITHHELD) {
        core.add(entry.id());
      }
    }
    return core;
  }

  /** Whether every undeclared member confines the contributor and roster rules to one study. */
  public boolean bindsInsideStudyOnly() {
    return entries.stream()
        .filter(entry -> entry.declarations().consent() == Declarations.Consent.WITHHELD)
        .allMatch(entry -> entry.declarations().scope() == Declarations.Scope.STUDY);
  }

  public Strength strength() {
    return strength;
  }

  /** Thresholds and hashes that the epoch's keys are bound to. */
  public EpochTerms terms() {
    return terms;
  }

  @Override
  public String toString() {
    return "Roster" + ids();
  }
}
