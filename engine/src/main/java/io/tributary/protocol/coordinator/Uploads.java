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
 * (PROTOCOL.md 2.5, R1 and R2). A site counts once its Upload, its boxes and its frames fit.
 * Immutable.
 */
public final class Uploads {
  static final Uploads NONE = new Uploads(Map.of(), Map.of(), Map.of());

  private final Map<Integer, SignedObject> objects;
  private final Map<Integer, Message.Boxes> boxes;
  private final Map<Integer, ErrorCode> out;

  private Uploads(
      Map<Integer, SignedObject> objects,
      Map<Integer, Message.Boxes> boxes,
      Map<Integer, ErrorCode> out) {
    this.objects = Map.copyOf(objects);
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
    SignedObject before = objects.get(site);
    if (before != null) {
      return before.equals(object) ? this : without(site, ErrorCode.EQUIVOCATION);
    }
    Map<Integer, SignedObject> more = new TreeMap<>(objects);
    more.put(site, object);
    return new Uploads(more, boxes, out);
  }

  /** With a bundle of boxes; it counts only if its hashes are those of the signed Upload. */
  Uploads with(Round round, int site, Message.Boxes bundle) {
    if (!bundle.round().equals(round.context().round())
        || bundle.to() != Seal.COORDINATOR
        || bundle.boxes().size() != round.roster().size() - 1) {
      throw Errors.badMessage("Boxes of '" + round.roster().id(site) + "' are out of place.");
    }
    Map<Integer, Message.Boxes> more = new TreeMap<>(boxes);
    more.put(site, bundle);
    return new Uploads(objects, more, out);
  }

  /** A site that takes no part: its own AttemptDead, or a fault found here. */
  Uploads without(int site, ErrorCode code) {
    Map<Integer, ErrorCode> more = new TreeMap<>(out);
    more.putIfAbsent(site, code);
    return new Uploads(objects, boxes, more);
  }

  /** Sites out of the attempt, with the code. */
  public Map<Integer, ErrorCode> out() {
    return out;
  }

  /** Sites with a complete upload that are not out. */
  NavigableSet<Integer> complete() {
    NavigableSet<Integer> sites = new TreeSet<>(objects.keySet());
    sites.retainAll(boxes.keySet());
    sites.removeAll(out.keySet());
    return sites;
  }

  /** A site's Upload as stored. */
  Optional<SignedObject> object(int site) {
    return Optional.ofNullable(objects.get(site));
  }

  /** A site's Upload. */
  Message.Upload upload(Round round, int site) {
    return (Message.Upload) objects.get(site).message(round.roster().size());
  }

  /** Whether a site's boxes are those of its Upload. */
  boolean boxesFit(Round round, int site) {
    List<Digest> hashes = upload(round, site).boxes();
    List<Bytes> bundle = boxes.get(site).boxes();
    for (int i = 0; i < hashes.size(); i++) {
      if (!hashes.get(i).equals(Digest.sha256(bundle.get(i).shared()))) {
        return false;
      }
    }
    return true;
  }

  /** The box from one site to another. */
  Bytes box(int from, int to) {
    return boxes.get(from).boxes().get(to < from ? to : to - 1);
  }

  boolean hasBoxes(int site) {
    return boxes.containsKey(site);
  }
}
