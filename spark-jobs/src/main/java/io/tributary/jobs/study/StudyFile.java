package io.tributary.jobs.study;

import io.tributary.codec.Digest;
import io.tributary.codec.StudyParser;
import io.tributary.identity.StudySignature;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Study;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A study as a file: its raw bytes, which are what is signed, and what they say. The signature
 * stands beside it as {@code STUDY.yaml.sig}.
 */
public final class StudyFile {
  private static final String SIGNATURE_SUFFIX = ".sig";

  private final byte[] raw;
  private final Study study;
  private final Digest digest;

  private StudyFile(byte[] raw, Study study) {
    this.raw = raw;
    this.study = study;
    this.digest = Digest.sha256(raw);
  }

  /** Reads and parses a study; STUDY_INVALID if it cannot be read or breaks its form. */
  public static StudyFile read(Path file) {
    try {
      return of(Files.readAllBytes(file), file.getFileName().toString());
    } catch (IOException e) {
      throw Errors.invalid(
          ErrorCode.STUDY_INVALID,
          file.toString(),
          "cannot be read.",
          "Check the path and its permissions.");
    }
  }

  /** A study from bytes that came over the exchange. */
  public static StudyFile of(byte[] raw, String name) {
    return new StudyFile(raw, StudyParser.parse(raw, name));
  }

  public byte[] raw() {
    return raw.clone();
  }

  public Study study() {
    return study;
  }

  /** SHA-256 of the raw bytes. */
  public Digest digest() {
    return digest;
  }

  /** A digest as given on a command line; empty for null. */
  public static Optional<Digest> digest(String hex) {
    if (hex == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Digest.ofHex(hex));
    } catch (IllegalArgumentException e) {
      throw Errors.invalid(
          ErrorCode.USAGE,
          "--study",
          "'" + hex + "' is no digest.",
          "Give the 64 hexadecimal digits that 'tributary study sign' prints.");
    }
  }

  /** Where the signature of a study file stands. */
  public static Path signatureOf(Path file) {
    return file.resolveSibling(file.getFileName() + SIGNATURE_SUFFIX);
  }

  /** Reads the signature beside a study file; STUDY_REFUSED if there is none. */
  public static StudySignature readSignature(Path file) {
    Path signature = signatureOf(file);
    try {
      return StudySignature.read(Files.readAllBytes(signature));
    } catch (IOException e) {
      throw Errors.invalid(
          ErrorCode.STUDY_REFUSED,
          signature.toString(),
          "cannot be read: the study is not signed.",
          "Sign it with 'tributary study sign'.");
    }
  }
}
