package io.tributary.protocol.site;

import io.tributary.codec.Digest;
import io.tributary.codec.FixedVector;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Effect;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import java.util.List;
import java.util.Optional;

/**
 * Frames are being masked and sent (PROTOCOL.md 2.5, R1).
 *
 * @param frames hash of every frame that is in the journal, ascending; grows in place, since a
 *     layout has up to 65,536 frames and the state before is no longer valid
 */
public record Uploading(Attempt attempt, List<Digest> frames) implements AttemptState {
  /**
   * Masks one frame. A frame that is in the journal already leaves again only if the recomputed
   * bytes are the same; another input than in an earlier attempt ends the attempt.
   *
   * @param vector the frame's values; erased here
   */
  public Transition<AttemptState> frame(
      SiteEnvironment site, StepLock lock, AttemptSeeds seeds, int frame, FixedVector vector) {
    Digest tag = seeds.inputTag(frame, vector);
    if (!lock.allowsInput(frame, tag)) {
      vector.erase();
      return die(site, ErrorCode.STEP_INPUT_CHANGED);
    }
    if (frame == 0 && frames.isEmpty()) {
      Optional<ErrorCode> refused = site.book().refusalOfUpload(attempt.epoch().bound(site));
      if (refused.isPresent()) {
        vector.erase();
        return die(site, refused.get());
      }
    }
    Bytes object = Bytes.take(seeds.mask(frame, vector).encode(attempt.header(frame)));
    vector.erase();
    Digest hash = Digest.sha256(object.shared());
    Effect send = new Effect.SendFrame(id(), frame, hash, object);
    if (frame < frames.size()) {
      return frames.get(frame).equals(hash)
          ? Transition.<AttemptState>stay(this).then(send)
          : die(site, ErrorCode.STEP_INPUT_CHANGED);
    }
    SiteRecord record = new SiteRecord.FrameMasked(id(), frame, hash, tag);
    return Transition.<AttemptState>to(this, record).then(send);
  }

  /** Builds the Upload from the journal, when the last frame is out. */
  public Transition<AttemptState> finish(SiteEnvironment site, AttemptSeeds seeds) {
    SignedObject upload = site.sign(seeds.upload(frames));
    return Transition.<AttemptState>to(
            new Uploaded(attempt, upload), new SiteRecord.UploadBuilt(id(), upload.encoded()))
        .then(attempt.send(site, seeds.boxes()))
        .then(attempt.send(upload));
  }

  @Override
  public boolean isUploading() {
    return true;
  }

  @Override
  public AttemptState after(SiteEnvironment site, SiteRecord record) {
    if (record instanceof SiteRecord.FrameMasked masked) {
      frames.add(masked.object());
      return this;
    }
    if (record instanceof SiteRecord.UploadBuilt built) {
      return new Uploaded(attempt, AttemptState.decode(built.upload()));
    }
    return AttemptState.super.after(site, record);
  }
}
