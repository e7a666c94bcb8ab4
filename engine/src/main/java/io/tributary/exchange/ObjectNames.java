package io.tributary.exchange;

import io.tributary.codec.Digest;
import io.tributary.masking.Seal;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Message;
import io.tributary.protocol.Place;
import io.tributary.protocol.SignedObject;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where every object of a study stands on an exchange. A name ends in the first 16 hex digits of
 * the SHA-256 of its bytes (PROTOCOL.md 2.5), here {@code #}; E is the epoch (10 digits), J job
 * (3), S step (5), A attempt (2).
 *
 * <pre>
 *   studies/DIGEST/study.yaml, study.sig         raw bytes of the study, the analyst's signature
 *   studies/DIGEST/c/eE/0-open-#                 EpochOpen       what the coordinator says; all that
 *                      1-roster-#                RosterProposal  a site has to watch
 *                      2-active-#                EpochActive
 *                      z-closed-#                EpochClosed
 *                      jJ/z-closed-#             JobClosed
 *                      jJ/sS/aA/0-open-#         RoundOpen
 *                               1-set-#          SurvivorSet
 *                               2-certificate-#  Certificate
 *                               3-result-#       Result
 *                               9-abort-#        AttemptAbort
 *   studies/DIGEST/s/eE/setup/KIND-SITE-#        EpochKey, EpochRefusal, RosterAck
 *                      jJ/sS/aA/KIND-SITE-#      Boxes, Upload, SurvivorSig, Unmask, AttemptDead
 *   studies/DIGEST/d/INDEX/eE/jJ/sS/aA/boxes-#   boxes delivered to one site, by roster index
 *   studies/DIGEST/f/eE/jJ/sS/aA/SITE/FRAME-#    masked frames, Arrow
 * </pre>
 */
public final class ObjectNames {
  private static final Pattern PLACE =
      Pattern.compile("e(\\d{10})(?:/j(\\d{3})(?:/s(\\d{5})/a(\\d{2}))?)?");

  /** The coordinator's kinds by label; the digit puts them in protocol order in a listing. */
  private static final Map<String, String> COORDINATOR_KINDS =
      Map.ofEntries(
          Map.entry("epoch-open/v1", "0-open"),
          Map.entry("roster-proposal/v1", "1-roster"),
          Map.entry("epoch-active/v1", "2-active"),
          Map.entry("epoch-closed/v1", "z-closed"),
          Map.entry("job-closed/v1", "z-closed"),
          Map.entry("round-open/v1", "0-open"),
          Map.entry("survivor-set/v1", "1-set"),
          Map.entry("certificate/v1", "2-certificate"),
          Map.entry("result/v1", "3-result"),
          Map.entry("attempt-abort/v1", "9-abort"));

  private static final Map<String, String> SITE_KINDS =
      Map.ofEntries(
          Map.entry("epoch-key/v1", "key"),
          Map.entry("epoch-refusal/v1", "refusal"),
          Map.entry("roster-ack/v1", "ack"),
          Map.entry("boxes/v1", "boxes"),
          Map.entry("upload/v1", "upload"),
          Map.entry("survivor-sig/v1", "signature"),
          Map.entry("unmask/v1", "unmask"),
          Map.entry("attempt-dead/v1", "dead"));

  private final String root;

  public ObjectNames(Digest study) {
    this.root = folder(study);
  }

  /** A name of the coordinator's, taken apart. */
  public record CoordinatorObject(Place place, String kind) {}

  /** The folder of a study. */
  public static String folder(Digest study) {
    return "studies/" + study.hex();
  }

  /** Raw bytes of the study. */
  public String study() {
    return root + "/study.yaml";
  }

  /** The analyst's signature under it. */
  public String studySignature() {
    return root + "/study.sig";
  }

  /** What the coordinator says. */
  public String coordinator() {
    return root + "/c";
  }

  /** What sites say in all epochs. */
  public String sites() {
    return root + "/s";
  }

  /** What sites say in the set-up of an epoch. */
  public String setup(long epoch) {
    return root + "/s/" + place(Place.epoch(epoch)) + "/setup";
  }

  /** What sites say in an attempt. */
  public String attempt(AttemptId id) {
    return root + "/s/" + place(Place.attempt(id));
  }

  /** Boxes delivered to a site in an attempt. */
  public String delivery(AttemptId id, int site) {
    return deliveries(site, Place.attempt(id));
  }

  /** All boxes delivered to a site in a job of an epoch. */
  public String deliveries(long epoch, int job, int site) {
    return deliveries(site, Place.job(epoch, job));
  }

  private String deliveries(int site, Place place) {
    StringBuilder name = new StringBuilder(root).append("/d/");
    padded(name, site, 3);
    return name.append('/').append(place(place)).toString();
  }

  /** Frames of a job in an epoch. */
  public String frames(long epoch, int job) {
    return root + "/f/" + place(Place.job(epoch, job));
  }

  /** One masked frame. */
  public String frame(AttemptId id, SiteId site, int frame, Digest digest) {
    StringBuilder name = new StringBuilder(root).append("/f/");
    name.append(place(Place.attempt(id))).append('/').append(site).append('/');
    padded(name, frame, 5);
    return name.append('-').append(digest.shortHex()).toString();
  }

  /** A RoundOpen with this digest. */
  public String open(AttemptId id, Digest digest) {
    return coordinator() + "/" + place(Place.attempt(id)) + "/0-open-" + digest.shortHex();
  }

  /** A site's Upload with this digest. */
  public String upload(AttemptId id, SiteId site, Digest digest) {
    return attempt(id) + "/upload-" + site + "-" + digest.shortHex();
  }

  /** The name of an object that the coordinator wrote. */
  public String ofCoordinator(Place place, SignedObject object) {
    String label = object.label();
    String hash = object.digest().shortHex();
    if (label.equals("boxes/v1")) {
      int to = ((Message.Boxes) object.message(1)).to();
      if (to == Seal.COORDINATOR) {
        throw Errors.internal("The coordinator delivers no boxes to itself.", null);
      }
      return delivery(place.attempt().orElseThrow(), to) + "/boxes-" + hash;
    }
    return coordinator() + "/" + place(place) + "/" + kind(COORDINATOR_KINDS, label) + "-" + hash;
  }

  /** The name of an object that a site wrote. */
  public String ofSite(Place place, SignedObject object) {
    String folder = place.attempt().map(this::attempt).orElseGet(() -> setup(place.epoch()));
    String kind = kind(SITE_KINDS, object.label());
    return folder + "/" + kind + "-" + object.sender() + "-" + object.digest().shortHex();
  }

  private static String kind(Map<String, String> kinds, String label) {
    String kind = kinds.get(label);
    if (kind == null) {
      throw Errors.internal("No name for an object '" + label + "'.", null);
    }
    return kind;
  }

  /** Takes a name below {@link #coordinator} apart; empty if it is none of ours. */
  public Optional<CoordinatorObject> parse(String name) {
    int slash = name.lastIndexOf('/');
    int dash = name.lastIndexOf('-');
    if (!ObjectName.isBelow(name, coordinator())
        || slash <= coordinator().length()
        || dash < slash
        || name.length() - dash != 17) {
      return Optional.empty();
    }
    return parsePlace(name.substring(coordinator().length() + 1, slash))
        .map(place -> new CoordinatorObject(place, name.substring(slash + 1, dash)));
  }

  /** The epoch of a site's object; empty if the name is none of ours. */
  public Optional<Long> epochOf(String name) {
    String folder = sites() + "/e";
    if (!name.startsWith(folder) || name.length() < folder.length() + 11) {
      return Optional.empty();
    }
    return parsePlace(name.substring(folder.length() - 1, folder.length() + 10)).map(Place::epoch);
  }

  private static Optional<Place> parsePlace(String text) {
    Matcher matcher = PLACE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long epoch = Long.parseLong(matcher.group(1));
    if (matcher.group(2) == null) {
      return Optional.of(Place.epoch(epoch));
    }
    int job = Integer.parseInt(matcher.group(2));
    if (matcher.group(3) == null) {
      return Optional.of(Place.job(epoch, job));
    }
    int step = Integer.parseInt(matcher.group(3));
    int attempt = Integer.parseInt(matcher.group(4));
    boolean inRange = epoch > 0 && job < 256 && step < 1 << 16 && attempt < 16;
    return inRange
        ? Optional.of(Place.attempt(new AttemptId(epoch, job, step, attempt)))
        : Optional.empty();
  }

  /** Written out: names are made by the hundred in a round, and a formatter takes microseconds. */
  private static String place(Place place) {
    StringBuilder text = new StringBuilder(32);
    padded(text.append('e'), place.epoch(), 10);
    if (place.job().isPresent()) {
      padded(text.append("/j"), place.job().get(), 3);
    }
    if (place.attempt().isPresent()) {
      AttemptId id = place.attempt().get();
      padded(text.append("/s"), id.step(), 5);
      padded(text.append("/a"), id.attempt(), 2);
    }
    return text.toString();
  }

  private static void padded(StringBuilder text, long number, int digits) {
    String plain = Long.toString(number);
    text.append("0".repeat(Math.max(0, digits - plain.length()))).append(plain);
  }

  @Override
  public String toString() {
    return "ObjectNames[" + root + "]";
  }
}
