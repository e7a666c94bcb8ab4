package io.tributary.jobs.study;

import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.ObjectNames;
import io.tributary.identity.StudySignature;
import io.tributary.study.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a study reaches the exchange: its raw bytes, the analyst's signature, and last an
 * announcement in a small folder of its own, so that nobody has to list all objects to find a new
 * study.
 *
 * <pre>
 *   studies/DIGEST/study.yaml        raw bytes
 *   studies/DIGEST/study.sig         {@link StudySignature#bytes}
 *   submissions/DIGEST               the signature again; put when the other two are there
 * </pre>
 */
public final class Submission {
  /** Folder of announcements. */
  public static final String FOLDER = "submissions";

  private static final Pattern ANNOUNCEMENT = Pattern.compile(FOLDER + "/[0-9a-f]{64}");
  private static final Pattern PART = Pattern.compile("studies/[0-9a-f]{64}/study\\.(yaml|sig)");

  private final StudyFile study;
  private final StudySignature signature;

  private Submission(StudyFile study, StudySignature signature) {
    this.study = study;
    this.signature = signature;
  }

  public StudyFile study() {
    return study;
  }

  public StudySignature signature() {
    return signature;
  }

  /** Whether a name is that of an announcement. */
  public static boolean isAnnouncement(String name) {
    return ANNOUNCEMENT.matcher(name).matches();
  }

  /** Whether a name is one that a submission consists of. */
  public static boolean isPart(String name) {
    return PART.matcher(name).matches();
  }

  /** Puts a signed study on the exchange; the same again is no error. */
  public static void put(Exchange exchange, StudyFile study, StudySignature signature) {
    ObjectNames names = new ObjectNames(study.digest());
    exchange.put(names.study(), study.raw());
    exchange.put(names.studySignature(), signature.bytes());
    exchange.put(FOLDER + "/" + study.digest().hex(), signature.bytes());
  }

  /** Digests announced on the exchange, in byte order. */
  public static List<Digest> announced(List<String> listing) {
    List<Digest> digests = new ArrayList<>();
    for (String name : listing) {
      if (isAnnouncement(name)) {
        digests.add(Digest.ofHex(name.substring(FOLDER.length() + 1)));
      }
    }
    return digests;
  }

  /**
   * Fetches an announced study; its signature is not verified yet.
   *
   * @return empty if it is not there; STUDY_INVALID or BAD_MESSAGE if it breaks its form
   */
  public static Optional<Submission> fetch(Exchange exchange, Digest digest) {
    ObjectNames names = new ObjectNames(digest);
    Optional<byte[]> raw = exchange.get(names.study());
    Optional<byte[]> signature = exchange.get(names.studySignature());
    if (raw.isEmpty() || signature.isEmpty()) {
      return Optional.empty();
    }
    StudyFile study = StudyFile.of(raw.get(), "study " + digest.shortHex());
    if (!study.digest().equals(digest)) {
      throw Errors.badMessage("A study's bytes are not those that its name says.");
    }
    return Optional.of(new Submission(study, StudySignature.read(signature.get())));
  }
}
