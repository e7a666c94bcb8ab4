package io.tributary.protocol.coordinator;

import io.tributary.codec.Digest;
import io.tributary.masking.Seal;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Uploads and box bundles of one attempt as they come in, by roster index, and who is out of it
 * (PROTOCOL.md 2.5, R1 and R2). A site counts once its signed Upload is there and a bundle with the
 * hashes that the Upload names; other bundles are ignored. Immutable.
 */
public final class Uploads {
  static final Uploads NONE = new Uploads(Map.of(), Map.of(), Map.of());

  private final Map<Integer, Stored> uploads;
  private final Map<Integer, Message.Boxes> boxes;
  private final Map<Integer, ErrorCode> out;

  /** An Upload as stored, and read. */
  private record Stored(SignedObject object, Message.Upload upload) {}

  private Uploads(
      Map<Integer, Stored> uploads,
      Map<Integer, Message.Boxes> boxes,
      Map<Integer, ErrorCode> out) {
    this.uploads = Map.copyOf(uploads);
    this.boxes = Map.copyOf(boxes);
    this.out = Map.copyOf(out);
  }

  /** With an Upload; a second, different one puts the site out with EQUIVOCATION. */
  Uploads with(Round round, int site, SignedObject object, Message.Upload upload) {
    if (!upload.round().equals(round.context().round())) {
      throw Errors.badMessage("An Upload of '" + round.roster().id(site) + "' is out of place.");
    }
    if (upload.frames().size() != round.frames()) {
      return without(site, ErrorCode.BAD_FRAME);
    }
    Stored before = uploads.get(site);
    if (before != null) {
      return before.object().equals(object) ? this : without(site, ErrorCode.EQUIVOCATION);
    }
    Map<Integer, Stored> more = new TreeMap<>(uploads);
    more.put(site, new Stored(object, upload));
    Map<Integer, Message.Boxes> fitting = new TreeMap<>(boxes);
    fitting.computeIfPresent(site, (s, bundle) -> fits(upload, bundle) ? bundle : null);
    return new Uploads(more, fitting, out);
  }

  /** With a bundle of boxes, if it may be the one that the Upload names. */
  Uploads with(Round round, int site, Message.Boxes bundle) {
    if (!bundle.round().equals(round.context().round())
        || bundle.to() != Seal.COORDINATOR
        || bundle.boxes().size() != round.roster().size() - 1) {
      throw Errors.badMessage("Boxes of '" + round.roster().id(site) + "' are out of place.");
    }
    Stored stored = uploads.get(site);
    if (stored != null && !fits(stored.upload(), bundle)) {
      throw Errors.badMessage(
          "Boxes of '" + round.roster().id(site) + "' are not those of its Upload.");
    }
    Map<Integer, Message.Boxes> more = new TreeMap<>(boxes);
    more.put(site, bundle);
    return new Uploads(uploads, more, out);
  }

  private static boolean fits(Message.Upload upload, Message.Boxes bundle) {
    List<Digest> hashes = upload.boxes();
    for (int i = 0; i < hashes.size(); i++) {
      if (!hashes.get(i).equals(Digest.sha256(bundle.boxes().get(i).shared()))) {
        return false;
      }
    }
    return true;
  }

  /** Without a site: its own AttemptDead, or a fault found here. */
  Uploads without(int site, ErrorCode code) {
    Map<Integer, ErrorCode> more = new TreeMap<>(out);
    more.putIfAbsent(site, code);
    return new Uploads(uploads, boxes, more);
  }

  /** Sites out of the attempt, with the code. */
  public Map<Integer, ErrorCode> out() {
    return out;
  }

  /** Sites with Upload and boxes that are not out. */
  NavigableSet<Integer> complete() {
    NavigableSet<Integer> sites = new TreeSet<>(uploads.keySet());
    sites.retainAll(boxes.keySet());
    sites.removeAll(out.keySet());
    return sites;
  }

  /** A site's Upload as stored. */
  Optional<SignedObject> object(int site) {
    return Optional.ofNullable(uploads.get(site)).map(Stored::object);
  }

  /** A site's Upload, which must be there. */
  Message.Upload upload(int site) {
    return uploads.get(site).upload();
  }

  /** The box from one site to another, whose bundle must be there. */
  Bytes box(int from, int to) {
    return boxes.get(from).boxes().get(to < from ? to : to - 1);
  }

  boolean hasBoxes(int site) {
    return boxes.containsKey(site);
  }
}
