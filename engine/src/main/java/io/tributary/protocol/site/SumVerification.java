package io.tributary.protocol.site;

import io.tributary.codec.Digest;
import io.tributary.codec.FrameHeader;
import io.tributary.codec.FrameShape;
import io.tributary.masking.Commitment;
import io.tributary.masking.ResultDigest;
import io.tributary.masking.RoundContext;
import io.tributary.masking.Secret32;
import io.tributary.masking.Unmasker;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Message;
import io.tributary.protocol.OpenedSum;
import io.tributary.protocol.Roster;
import io.tributary.protocol.SignedObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A member of U computes a sum itself before it answers the next question (PROTOCOL.md 2.5,
 * Verified sums). Everything the coordinator says about the sum is checked against what the other
 * sites signed: certificate, Uploads, commitments, frames, transcript and result digest.
 * STATE_UPDATE_MISMATCH otherwise.
 */
public final class SumVerification {
  private final Attempt attempt;
  private final Message.Result result;
  private final Map<Integer, Message.Upload> uploads = new TreeMap<>();
  private final List<Digest> hashes = new ArrayList<>();
  private final OpenedSum opened;
  private final List<Digest> frames = new ArrayList<>();

  /**
   * Checks seeds and transcript.
   *
   * @param attempt the one summed
   * @param result its Result
   * @param proof its Certificate as stored
   * @param stored the Uploads of U by roster index
   * @param again the keys sealed again by a RoundOpen of a later epoch; empty in the same epoch
   */
  public SumVerification(
      SiteEnvironment site,
      Attempt attempt,
      Message.Result result,
      SignedObject proof,
      Map<Integer, SignedObject> stored,
      Optional<Resealed> again) {
    this.attempt = attempt;
    this.result = result;
    checkUploads(certificate(attempt, result, proof), stored);
    this.opened = open(site, again);
    checkSeeds();
  }

  /** The keys in a RoundOpen of a later epoch, and this site's index there. */
  public record Resealed(long epoch, int self, Bytes keys) {}

  private static Message.Certificate certificate(
      Attempt attempt, Message.Result result, SignedObject proof) {
    Roster roster = attempt.epoch().roster();
    if (!(proof.message(roster.size()) instanceof Message.Certificate certificate)
        || !certificate.round().equals(attempt.round())
        || !certificate.contributors().equals(result.contributors())) {
      throw OpenedSum.mismatch("The sum's Certificate belongs to another set or attempt.");
    }
    roster.requireCertificate(certificate);
    return certificate;
  }

  private void checkUploads(Message.Certificate certificate, Map<Integer, SignedObject> stored) {
    for (int member : result.contributors().indices()) {
      SignedObject object = stored.get(member);
      if (object == null
          || !object.digest().equals(certificate.upload(member))
          || !(object.message(attempt.epoch().roster().size()) instanceof Message.Upload upload)
          || !upload.round().equals(attempt.round())) {
        throw OpenedSum.mismatch("An Upload is not the one that the Certificate lists.");
      }
      uploads.put(member, upload);
    }
    hashes.addAll(certificate.uploads());
  }

  private OpenedSum open(SiteEnvironment site, Optional<Resealed> again) {
    int[] members = result.contributors().indices();
    int position = Arrays.binarySearch(members, attempt.self());
    boolean given = result.sealedSum().size() == members.length && position >= 0;
    if (result.sealedSeeds().size() != 1 || !(given || again.isPresent())) {
      throw OpenedSum.mismatch("The coordinator does not say how the sum came about.");
    }
    SiteSecrets secrets = site.secrets();
    long epoch = again.map(Resealed::epoch).orElse(attempt.id().epoch());
    if (!secrets.isLive(epoch)) {
      throw OpenedSum.mismatch("The channel of the sum's epoch is closed.");
    }
    return OpenedSum.open(
        secrets.channel(epoch),
        again.map(Resealed::self).orElse(attempt.self()),
        attempt.round(),
        again.map(Resealed::keys).orElseGet(() -> result.sealedSum().get(position)),
        result.sealedSeeds().get(0),
        OpenedSum.seeds(attempt.context().participants(), result.contributors()));
  }

  private void checkSeeds() {
    RoundContext context = attempt.context();
    byte[][] seeds = opened.seeds();
    int at = 0;
    boolean fits = true;
    for (int u : uploads.keySet()) {
      Digest found = Commitment.ofSelfSeed(context, u, Secret32.copyOf(seeds[at++]));
      fits &= found.equals(uploads.get(u).selfCommitment());
    }
    for (int u : uploads.keySet()) {
      for (int z : dropouts()) {
        Digest found = Commitment.ofPairSeed(context, u, z, Secret32.copyOf(seeds[at++]));
        fits &= found.equals(uploads.get(u).pairCommitment(u, z));
      }
    }
    Digest transcript =
        context.transcriptHash(
            result.contributors(), hashes, RoundContext.openedHash(seeds), result.result());
    if (!fits || !transcript.equals(result.transcript())) {
      throw OpenedSum.mismatch("The opened seeds are not those that the sites committed to.");
    }
  }

  private int[] dropouts() {
    return attempt.context().participants().minus(result.contributors()).indices();
  }

  /** U, ascending. */
  public Set<Integer> contributors() {
    return uploads.keySet();
  }

  /** Hash of a contributor's frame as stored. */
  public Digest frame(int site, int frame) {
    List<Digest> listed = uploads.get(site).frames();
    if (frame >= listed.size()) {
      throw OpenedSum.mismatch("An Upload has fewer frames than the layout has blocks.");
    }
    return listed.get(frame);
  }

  /** What a contributor's frame must say about itself. */
  public FrameHeader header(int site, int frame) {
    return new FrameHeader(
        attempt.context().epochTerms().study(),
        attempt.round(),
        site,
        frame,
        attempt.context().terms().layout());
  }

  /**
   * Sums one frame; frames ascending.
   *
   * @param masked words of every contributor, [|U|][shape.totalWords()]
   * @return [shape.dataWords()]; CHECK_FAILED
   */
  public long[] sum(int frame, long[][] masked, FrameShape shape) {
    long[] words =
        Unmasker.open(
            masked,
            shape.wideElements(),
            shape.narrowElements(),
            attempt.round().bytes(),
            attempt.context().checkKey().bytes(),
            frame,
            opened.seeds(),
            Unmasker.releasedSigns(result.contributors().indices(), dropouts()));
    frames.add(ResultDigest.ofFrame(opened.salt(), frame, words));
    return words;
  }

  /** After the last frame: the result digest in the transcript is that of this sum. */
  public void finish() {
    if (!ResultDigest.of(opened.salt(), frames).equals(result.result())) {
      throw OpenedSum.mismatch("The coordinator's digest is that of another sum.");
    }
  }

  @Override
  public String toString() {
    return "SumVerification[" + attempt.id() + "]";
  }
}
