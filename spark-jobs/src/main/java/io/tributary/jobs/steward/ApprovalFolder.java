package io.tributary.jobs.steward;

import io.tributary.codec.Digest;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.StudySignature;
import io.tributary.identity.VerifyingKey;
import io.tributary.jobs.study.StudyFile;
import io.tributary.jobs.study.Submission;
import io.tributary.ledger.StewardDecision;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a site's process and its steward meet without a server: a folder in the site's state.
 *
 * <pre>
 *   STATE/approvals/DIGEST/study.yaml     a study that the rules admit, as it was signed
 *   STATE/approvals/DIGEST/study.sig      its analyst's signature
 *   STATE/approvals/DIGEST/decision-NNNN  {@link StewardDecision}, write-once; the highest holds
 * </pre>
 *
 * The site's process puts studies there and copies decisions into its ledger before it acts on
 * them; whoever may use the site's identity key decides.
 */
public final class ApprovalFolder {
  private static final int MAX_DECISIONS = 1000;
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final Path folder;

  /** Of the site whose state lies in {@code state}. */
  public ApprovalFolder(Path state) {
    this.folder = state.resolve("approvals");
  }

  /** Puts a study where its steward finds it; once more is no error. */
  public void submit(Submission submission) {
    Path study = folder.resolve(submission.study().digest().hex());
    if (Files.exists(study.resolve("study.sig"))) {
      return;
    }
    try {
      Files.createDirectories(study);
      replace(study.resolve("study.yaml"), submission.study().raw());
      replace(study.resolve("study.sig"), submission.signature().bytes());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Studies that were put here, by digest. */
  public List<Digest> studies() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var found = Files.list(folder)) {
      return found
          .filter(study -> Files.exists(study.resolve("study.sig")))
          .map(study -> study.getFileName().toString())
          .filter(name -> DIGEST.matcher(name).matches())
          .sorted()
          .map(Digest::ofHex)
          .toList();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** The study with this digest; DATA_MISSING if it never came. */
  public StudyFile study(Digest digest) {
    return StudyFile.of(
        bytes(digest, "study.yaml").orElseThrow(() -> missing(digest)),
        "study " + digest.shortHex());
  }

  /** The signature of the study with this digest. */
  public StudySignature signature(Digest digest) {
    return StudySignature.read(bytes(digest, "study.sig").orElseThrow(() -> missing(digest)));
  }

  /** Decisions on a study as they were signed, oldest first. */
  public List<byte[]> signedDecisions(Digest digest) {
    List<byte[]> decisions = new ArrayList<>();
    Optional<byte[]> next = bytes(digest, name(0));
    while (next.isPresent()) {
      decisions.add(next.get());
      next = bytes(digest, name(decisions.size()));
    }
    return decisions;
  }

  /** The decision that holds; BAD_SIGNATURE if this site did not sign it. */
  public Optional<StewardDecision> decision(Digest digest, VerifyingKey site) {
    List<byte[]> decisions = signedDecisions(digest);
    if (decisions.isEmpty()) {
      return Optional.empty();
    }
    StewardDecision last = StewardDecision.read(decisions.get(decisions.size() - 1), site);
    if (!last.study().equals(digest)) {
      throw Errors.badMessage("A steward's decision lies with another study.");
    }
    return Optional.of(last);
  }

  /** Signs and keeps a decision on a study that was put here. */
  public void decide(StewardDecision decision, SigningIdentity identity) {
    study(decision.study());
    int number = signedDecisions(decision.study()).size();
    if (number >= MAX_DECISIONS) {
      throw Errors.storageFailed(
          "Study " + decision.study().shortHex() + " has too many decisions.",
          "Leave it as it is; the last one holds.",
          null);
    }
    Path study = folder.resolve(decision.study().hex());
    try {
      Path written = Files.createTempFile(study, ".decision", ".new");
      replace(written, decision.sign(identity));
      // A link fails if another decision took the number meanwhile; a rename would replace it.
      Files.createLink(study.resolve(name(number)), written);
      Files.delete(written);
      force(study);
    } catch (FileAlreadyExistsException e) {
      throw Errors.storageFailed(
          "Somebody else decides on study " + decision.study().shortHex() + " at this moment.",
          "Look at their decision first.",
          e);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static String name(int number) {
    return "decision-%04d".formatted(number);
  }

  private Optional<byte[]> bytes(Digest digest, String name) {
    Path file = folder.resolve(digest.hex()).resolve(name);
    try {
      return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static void replace(Path file, byte[] content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(file.getParent());
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static TributaryException missing(Digest digest) {
    return Errors.data(
        ErrorCode.DATA_MISSING,
        "study " + digest.shortHex(),
        "has not come to this site.",
        "'tributary approve list' shows the studies that wait or were decided.");
  }

  private TributaryException failed(IOException cause) {
    return Errors.storageFailed(
        "The folder " + folder + " cannot be used: " + cause.getMessage() + ".",
        "Free space on the disk or mend its permissions, then do it again.",
        cause);
  }
}
