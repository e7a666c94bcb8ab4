package io.tributary.jobs.site;

import io.tributary.codec.Digest;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.VerifyingKey;
import io.tributary.jobs.study.StudyFile;
import io.tributary.ledger.LedgerEntry;
import io.tributary.ledger.LedgerEntry.Decided;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.ledger.StewardDecision;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Studies that a site's steward is asked about, and what the steward decided: files in the state
 * folder, so that a command and the running site need no server between them.
 *
 * <pre>
 *   STATE/approvals/DIGEST/study.yaml      the study's raw bytes, put by the site
 *   STATE/approvals/DIGEST/analyst         who signed it
 *   STATE/approvals/DIGEST/1.decision ...  signed by the site's key; the last one counts
 * </pre>
 *
 * <p>A decision is on the bytes of one study. It never widens the policy: the rules are judged
 * besides, at each step. The ledger holds the decisions that the site has acted on; one of them
 * that is no longer among the files is an error, also if all files are gone.
 */
public final class Approvals {
  /** Folder inside the state folder. */
  public static final String FOLDER = "approvals";

  private static final String STUDY = "study.yaml";
  private static final String ANALYST = "analyst";
  private static final String ENDING = ".decision";
  private static final Pattern DECISION = Pattern.compile("([1-9][0-9]{0,5})\\.decision");
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final int SHORTEST_PREFIX = 8;

  private final Path folder;
  private final VerifyingKey key;
  private final Supplier<List<LedgerEntry>> ledger;

  /**
   * Approvals of a site that may be running in another process.
   *
   * @param state the site's state folder
   * @param key the site's public identity key
   */
  public Approvals(Path state, VerifyingKey key) {
    this(state, key, () -> PrivacyLedger.read(state.resolve(SiteService.LEDGER)));
  }

  /**
   * Approvals of the running site.
   *
   * @param ledger entries of its ledger
   */
  Approvals(Path state, VerifyingKey key, Supplier<List<LedgerEntry>> ledger) {
    this.folder = state.resolve(FOLDER);
    this.key = key;
    this.ledger = ledger;
  }

  /**
   * One study that a steward is or was asked about.
   *
   * @param analyst id of whoever signed it
   * @param decision the last one, if there is one
   */
  public record Asked(StudyFile study, String analyst, Optional<StewardDecision> decision) {}

  /** Puts a study before the steward; the same again is no error. */
  void ask(StudyFile study, String analyst) {
    Path place = folder.resolve(study.digest().hex());
    keep(place.resolve(STUDY), study.raw());
    keep(place.resolve(ANALYST), analyst.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The last decision on a study.
   *
   * @return empty if there is none; STATE_ROLLED_BACK if an earlier one, or one that the ledger
   *     knows, is missing, BAD_SIGNATURE if another key signed it
   */
  public Optional<StewardDecision> decision(Digest study) {
    return signed(study).map(object -> read(study, object));
  }

  /** The last decision as it was signed. */
  Optional<byte[]> signed(Digest study) {
    Path place = folder.resolve(study.hex());
    int count = count(place);
    List<byte[]> kept = new ArrayList<>();
    try {
      for (int number = 1; number <= count; number++) {
        kept.add(Files.readAllBytes(place.resolve(number + ENDING)));
      }
    } catch (IOException e) {
      throw failed(place, e);
    }
    for (LedgerEntry entry : ledger.get()) {
      if (entry instanceof Decided decided
          && decided.study().equals(study)
          && kept.stream().noneMatch(each -> Arrays.equals(each, decided.signed()))) {
        throw missing("A decision of the steward that the ledger knows", place);
      }
    }
    return kept.isEmpty() ? Optional.empty() : Optional.of(kept.get(count - 1));
  }

  private StewardDecision read(Digest study, byte[] object) {
    StewardDecision decision = StewardDecision.read(object, key);
    if (!decision.study().equals(study)) {
      throw Errors.protocol(
          ErrorCode.BAD_SIGNATURE,
          "A steward's decision on study " + study.shortHex() + " is on another study.",
          "Its file was moved or copied.",
          "Remove the file and decide again.");
    }
    return decision;
  }

  /**
   * Keeps a further decision, after those that are there. STORAGE_FAILED if another one came
   * between: of two decisions at once, the later one is told and not lost in silence.
   */
  public void decide(StewardDecision decision, SigningIdentity identity) {
    Path place = folder.resolve(decision.study().hex());
    Path file = place.resolve((count(place) + 1) + ENDING);
    try {
      add(file, decision.sign(identity));
    } catch (FileAlreadyExistsException taken) {
      throw Errors.storageFailed(
          "The decision was not kept: " + file + " came between.",
          "Look at it with 'tributary approve show', and decide again if need be.",
          taken);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Decisions 1 to n, and none missing. */
  private static int count(Path place) {
    int last = 0;
    for (String name : names(place)) {
      Matcher match = DECISION.matcher(name);
      if (match.matches()) {
        last = Math.max(last, Integer.parseInt(match.group(1)));
      }
    }
    // One by one: a listing may show a file that was added meanwhile, and not the one before it.
    for (int number = 1; number < last; number++) {
      if (!Files.exists(place.resolve(number + ENDING))) {
        throw missing("A decision of the steward", place);
      }
    }
    return last;
  }

  private static TributaryException missing(String what, Path place) {
    return Errors.protocol(
        ErrorCode.STATE_ROLLED_BACK,
        what + " is missing in " + place + ".",
        "The state folder was restored from a backup, or a file of it was removed.",
        "Restore the whole state folder as it last was.");
  }

  /** All studies that were put before the steward, by digest. */
  public List<Asked> all() {
    List<Asked> asked = new ArrayList<>();
    for (String name : names(folder)) {
      if (DIGEST.matcher(name).matches() && Files.exists(folder.resolve(name).resolve(ANALYST))) {
        asked.add(asked(Digest.ofHex(name)));
      }
    }
    asked.sort(Comparator.comparing(each -> each.study().digest().hex()));
    return asked;
  }

  private Asked asked(Digest digest) {
    Path place = folder.resolve(digest.hex());
    try {
      StudyFile study = StudyFile.of(Files.readAllBytes(place.resolve(STUDY)), STUDY);
      if (!study.digest().equals(digest)) {
        throw Errors.protocol(
            ErrorCode.BAD_MESSAGE,
            "The study in " + place + " is not the one that came in.",
            "Its file was changed.",
            "Remove study.yaml there and restart the site, which puts it there again.");
      }
      return new Asked(study, Files.readString(place.resolve(ANALYST)), decision(digest));
    } catch (IOException e) {
      throw failed(place, e);
    }
  }

  /**
   * The study that a person means.
   *
   * @param reference its name, or its digest's first 8 or more digits; USAGE if none or several fit
   */
  public Asked find(String reference) {
    List<Asked> fitting =
        all().stream()
            .filter(
                each ->
                    each.study().study().name().equals(reference)
                        || (reference.length() >= SHORTEST_PREFIX
                            && each.study().digest().hex().startsWith(reference)))
            .toList();
    if (fitting.size() != 1) {
      throw Errors.invalid(
          ErrorCode.USAGE,
          "study '" + reference + "'",
          fitting.isEmpty()
              ? "was not put before this site's steward."
              : "is the name of " + fitting.size() + " studies.",
          "See 'tributary approve list'; digests tell studies of one name apart.");
    }
    return fitting.get(0);
  }

  private static List<String> names(Path place) {
    if (!Files.isDirectory(place)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(place)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw failed(place, e);
    }
  }

  /** Written once: a file that is there stays as it is. */
  private static void keep(Path file, byte[] bytes) {
    try {
      add(file, bytes);
    } catch (FileAlreadyExistsException there) {
      // The same study was asked about before; what is read is checked against its digest.
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Whole or not at all, and on the disk. */
  private static void add(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Path staged = Files.createTempFile(file.getParent(), ".staged", "");
    try {
      try (FileChannel channel = FileChannel.open(staged, StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
      }
      // A link, unlike a move, fails if the name is taken.
      Files.createLink(file, staged);
    } finally {
      Files.delete(staged);
    }
    try (FileChannel parent = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      parent.force(true);
    }
  }

  private static RuntimeException failed(Path place, IOException cause) {
    return Errors.storageFailed(
        "The steward's decisions in " + place + " cannot be read or written.",
        "Check the folder, its permissions and the space on the disk.",
        cause);
  }
}
