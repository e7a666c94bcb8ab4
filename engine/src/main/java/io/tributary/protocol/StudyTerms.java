package io.tributary.protocol;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.identity.VerifyingKey;
import io.tributary.study.Consortium;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What everybody knows of a study before any message (PROTOCOL.md 2.4, E0): the pinned consortium
 * file, the study as signed, and the digests of both files' raw bytes.
 */
public final class StudyTerms {
  private final Consortium consortium;
  private final Digest consortiumDigest;
  private final Study study;
  private final Digest studyDigest;
  private final Map<SiteId, VerifyingKey> keys = new TreeMap<>();
  private final VerifyingKey coordinatorKey;

  /** KEY_INVALID or CONSORTIUM_INVALID if the study names a site that the consortium does not. */
  public StudyTerms(
      Consortium consortium, Digest consortiumDigest, Study study, Digest studyDigest) {
    this.consortium = consortium;
    this.consortiumDigest = consortiumDigest;
    this.study = study;
    this.studyDigest = studyDigest;
    this.coordinatorKey = VerifyingKey.ofHex(consortium.coordinator().key());
    for (SiteId site : study.sites()) {
      keys.put(site, VerifyingKey.ofHex(member(site).key()));
    }
  }

  public Study study() {
    return study;
  }

  /** SHA-256 of the study's raw bytes. */
  public Digest studyDigest() {
    return studyDigest;
  }

  public Consortium consortium() {
    return consortium;
  }

  /** SHA-256 of the consortium file's raw bytes. */
  public Digest consortiumDigest() {
    return consortiumDigest;
  }

  /** The coordinator's name as a sender. */
  public String coordinator() {
    return consortium.coordinator().id();
  }

  public VerifyingKey coordinatorKey() {
    return coordinatorKey;
  }

  /** A site of the study, as the consortium file has it. */
  public Consortium.Member member(SiteId site) {
    return consortium
        .site(site)
        .orElseThrow(
            () ->
                Errors.invalid(
                    io.tributary.study.ErrorCode.CONSORTIUM_INVALID,
                    "study " + study.name(),
                    "site '" + site + "' is not in the consortium file",
                    "Name sites of the consortium only, or pin its newer version."));
  }

  /** The pinned key of a site that the study names. */
  public Optional<VerifyingKey> key(SiteId site) {
    return Optional.ofNullable(keys.get(site));
  }

  /**
   * query_hash of a job: the study's digest covers everything that the analysis was written with.
   */
  public Digest queryHash(int job) {
    Study.AnalysisSpec analysis = study.analyses().get(job);
    return Canonical.hash(
        "query/v1",
        studyDigest.bytes(),
        Canonical.u32(job),
        Canonical.utf8(analysis.name()),
        Canonical.utf8(analysis.type()));
  }

  public int jobs() {
    return study.analyses().size();
  }

  @Override
  public String toString() {
    return "StudyTerms[" + study.name() + " " + studyDigest.shortHex() + "]";
  }
}
