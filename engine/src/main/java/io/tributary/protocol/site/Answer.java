package io.tributary.protocol.site;

import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.masking.JobKey;
import io.tributary.masking.Seal;
import io.tributary.masking.Secret32;
import io.tributary.masking.ShareBox;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Message;
import io.tributary.protocol.Roster;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.protocol.UnmaskAnswer;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** R2 and R3 at a site: which sets it signs, and what it releases (PROTOCOL.md 2.5). */
final class Answer {
  private Answer() {}

  /**
   * Refuses a set that this site may not sign or answer: not over its own Upload, too small or too
   * few organisations, against the lock or the contributor rule.
   */
  static void requireAllowed(
      SiteEnvironment site,
      Attempt attempt,
      SignedObject upload,
      StepLock lock,
      Message.SurvivorSig set) {
    if (!set.round().equals(attempt.round())
        || set.contributors().rosterSize() != attempt.epoch().roster().size()) {
      throw refusal(ErrorCode.CONTEXT_MISMATCH, attempt, "The set belongs to another attempt.");
    }
    SiteSet contributors = set.contributors();
    int position = positionOf(contributors, attempt.self());
    if (position < 0 || !set.uploads().get(position).equals(upload.digest())) {
      throw refusal(
          ErrorCode.CONTEXT_MISMATCH, attempt, "The set does not hold this site's own Upload.");
    }
    Roster roster = attempt.epoch().roster();
    Optional<String> weakness = roster.strength().weaknessOf(contributors);
    if (weakness.isPresent()) {
      throw refusal(ErrorCode.ROSTER_TOO_WEAK, attempt, weakness.get());
    }
    Set<SiteId> ids = roster.ids(contributors);
    Optional<ErrorCode> refused = lock.refusalOf(attempt.context().terms(), ids);
    if (refused.isEmpty()) {
      refused = site.book().refusalOfContributors(attempt.epoch().bound(site), ids);
    }
    if (refused.isPresent()) {
      throw refusal(
          refused.get(), attempt, "Sums over other sites were released, or the step is locked.");
    }
  }

  private static int positionOf(SiteSet contributors, int site) {
    int[] indices = contributors.indices();
    for (int i = 0; i < indices.length; i++) {
      if (indices[i] == site) {
        return i;
      }
    }
    return -1;
  }

  private static TributaryException refusal(ErrorCode code, Attempt attempt, String why) {
    return Errors.protocol(
        code,
        "This site does not sign or answer the contributor set of " + attempt.id() + ".",
        why,
        "The study waits for the sites that contributed before; see 'study status'.");
  }

  /** Signs the set, as the only one of this attempt (R2). */
  static Transition<AttemptState> sign(
      SiteEnvironment site,
      Attempt attempt,
      SignedObject upload,
      StepLock lock,
      Message.SurvivorSet set) {
    Message.SurvivorSig message =
        new Message.SurvivorSig(set.round(), set.contributors(), set.uploads());
    requireAllowed(site, attempt, upload, lock, message);
    SignedObject signature = site.sign(message);
    return Transition.<AttemptState>to(
            new Signed(attempt, upload, signature),
            new SiteRecord.SetSigned(attempt.id(), signature.encoded()))
        .then(attempt.send(signature));
  }

  /** Releases what the certificate entitles the coordinator to, and nothing else (R3). */
  static Transition<AttemptState> give(
      SiteEnvironment site, Attempt attempt, SignedObject upload, StepLock lock, Opening opening) {
    Message.Certificate certificate = opening.certificate();
    requireAllowed(site, attempt, upload, lock, certificate.signed());
    Roster roster = attempt.epoch().roster();
    Set<Integer> signers = roster.requireCertificate(certificate);
    SiteSet contributors = certificate.contributors();
    SiteSet dropouts = attempt.context().participants().minus(contributors);
    List<byte[][]> opened = new ArrayList<>();
    List<SiteId> unreadable = new ArrayList<>();
    for (int dealer : contributors.indices()) {
      if (dealer != attempt.self()) {
        Message.Upload dealt = upload(attempt, opening, signers, dealer);
        Optional<byte[][]> shares = open(site, attempt, opening, dealt, dealer);
        opened.add(shares.orElse(new byte[0][]));
        if (shares.isEmpty()) {
          unreadable.add(roster.id(dealer));
        }
      }
    }
    AttemptSeeds seeds = AttemptSeeds.derive(site, attempt);
    byte[] plaintext = content(attempt, seeds, contributors, dropouts, opened).encode();
    seeds.destroy();
    Bytes sealed =
        Bytes.take(
            Seal.seal(
                site.secrets().channel(attempt.id().epoch()),
                "unmask/v1",
                attempt.self(),
                Seal.COORDINATOR,
                attempt.round(),
                plaintext));
    Arrays.fill(plaintext, (byte) 0);
    SignedObject unmask = site.sign(new Message.Unmask(attempt.round(), opening.digest(), sealed));
    return Transition.<AttemptState>to(
            new Answered(attempt, contributors, unmask, unreadable),
            new SiteRecord.AnswerGiven(
                attempt.id(), contributors, opening.digest(), unmask.encoded()))
        .then(attempt.send(unmask));
  }

  private static UnmaskAnswer content(
      Attempt attempt,
      AttemptSeeds seeds,
      SiteSet contributors,
      SiteSet dropouts,
      List<byte[][]> opened) {
    List<Bytes> selfShares = new ArrayList<>();
    List<Bytes> pairShares = new ArrayList<>();
    int at = 0;
    for (int dealer : contributors.indices()) {
      if (dealer == attempt.self()) {
        continue;
      }
      byte[][] shares = opened.get(at++);
      selfShares.add(shares.length == 0 ? Bytes.EMPTY : Bytes.take(shares[0]));
      for (int gone : dropouts.indices()) {
        // Position 0 is b_u; then s_uv, v ascending without u.
        int position = gone < dealer ? gone + 1 : gone;
        pairShares.add(shares.length == 0 ? Bytes.EMPTY : Bytes.take(shares[position]));
      }
    }
    List<Bytes> ownPairSeeds = new ArrayList<>();
    for (int gone : dropouts.indices()) {
      ownPairSeeds.add(seeds.ownPairSeed(gone));
    }
    return new UnmaskAnswer(seeds.ownSelfSeed(), selfShares, ownPairSeeds, pairShares);
  }

  /** A dealer's Upload; its signature in the certificate vouches for it as well as its own does. */
  private static Message.Upload upload(
      Attempt attempt, Opening opening, Set<Integer> signers, int dealer) {
    SignedObject object = opening.uploads().get(dealer);
    Roster.Entry entry = attempt.epoch().roster().entry(dealer);
    if (object == null || !object.digest().equals(opening.certificate().upload(dealer))) {
      throw Errors.badMessage("The Upload of '" + entry.id() + "' is not the certificate's.");
    }
    if (!signers.contains(dealer) && !object.signedBy(entry.key())) {
      throw Roster.badSignature(entry.id().value(), "Upload");
    }
    if (!(object.message(attempt.epoch().roster().size()) instanceof Message.Upload upload)
        || !upload.round().equals(attempt.round())) {
      throw Errors.badMessage("The Upload of '" + entry.id() + "' is for another attempt.");
    }
    return upload;
  }

  /** The shares a dealer sealed to this site; empty if the box is missing or does not open. */
  private static Optional<byte[][]> open(
      SiteEnvironment site, Attempt attempt, Opening opening, Message.Upload dealt, int dealer) {
    Bytes box = opening.boxes().get(dealer);
    if (box == null || !Digest.sha256(box.shared()).equals(dealt.box(dealer, attempt.self()))) {
      return Optional.empty();
    }
    JobKey[] keys = site.secrets().jobKeys(attempt.id().epoch(), attempt.id().stepId());
    Secret32 key = keys[dealer].shareKeyFrom(attempt.context(), dealt.nonce().shared());
    try {
      return ShareBox.open(key, attempt.context(), dealer, attempt.self(), box.shared());
    } finally {
      key.destroy();
    }
  }
}
