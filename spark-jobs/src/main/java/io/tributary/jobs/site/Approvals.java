package io.tributary.jobs.site;

import io.tributary.codec.Digest;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.VerifyingKey;
import io.tributary.jobs.study.StudyFile;
import io.tributary.ledger.StewardDecision;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
 * besides, at each step.
 */
public final class Approvals {
  /** Folder inside the state folder. */
  public static final String FOLDER = "approvals";

  private static final String STUDY = "study.yaml";
  private static final String ANALYST = "analyst";
  private static final Pattern DECISION = Pattern.compile("([1-9][0-9]{0,5})\\.decision");
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final int SHORTEST_PREFIX = 8;

  private final Path folder;
  private final VerifyingKey key;

  /**
   * Approvals of a site.
   *
   * @param state the site's state folder
   * @param key the site's public identity key
   */
  public Approvals(Path state, VerifyingKey key) {
    this.folder = state.resolve(FOLDER);
    this.key = key;
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
    write(place.resolve(STUDY), study.raw());
    write(place.resolve(ANALYST), analyst.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The last decision on a study.
   *
   * @return empty if there is none; STATE_ROLLED_BACK if an earlier one is missing, BAD_SIGNATURE
   *     if another key signed it
   */
  public Optional<StewardDecision> decision(Digest study) {
    return signed(study).map(object -> read(study, object));
  }

  /** The last decision as it was signed. */
  Optional<byte[]> signed(Digest study) {
    Path place = folder.resolve(study.hex());
    int count = count(place);
    if (count == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(place.resolve(count + ".decision")));
    } catch (IOException e) {
      throw failed(place, e);
    }
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

  /** Keeps a further decision, after those that are there. */
  public void decide(StewardDecision decision, SigningIdentity identity) {
    Path place = folder.resolve(decision.study().hex());
    write(place.resolve((count(place) + 1) + ".decision"), decision.sign(identity));
  }

  /** Decisions 1 to n, and none missing. */
  private static int count(Path place) {
    List<Integer> numbers = new ArrayList<>();
    for (String name : names(place)) {
      var match = DECISION.matcher(name);
      if (match.matches()) {
        numbers.add(Integer.parseInt(match.group(1)));
      }
    }
    int last = numbers.stream().mapToInt(Integer::intValue).max().orElse(0);
    if (last != numbers.size()) {
      throw Errors.protocol(
          ErrorCode.STATE_ROLLED_BACK,
          "A decision of the steward is missing in " + place + ".",
          "The state folder was restored from a backup, or a file of it was removed.",
          "Restore the whole state folder as it last was.");
    }
    return last;
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
            "Remove the folder and restart the site, which asks again.");
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

  /** Whole or not at all, and on the disk; a file that is there stays as it is. */
  private static void write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      if (Files.exists(file)) {
        return;
      }
      Path staged = Files.createTempFile(file.getParent(), ".staged", "");
      try {
        try (FileChannel channel = FileChannel.open(staged, StandardOpenOption.WRITE)) {
          ByteBuffer left = ByteBuffer.wrap(bytes);
          while (left.hasRemaining()) {
            channel.write(left);
          }
          channel.force(true);
        }
        // A link fails if the name is taken: of two decisions at once, the later one is told.
        Files.createLink(file, staged);
      } finally {
        Files.delete(staged);
      }
      try (FileChannel parent = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
        parent.force(true);
      }
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static RuntimeException failed(Path place, IOException cause) {
    return Errors.storageFailed(
        "The steward's decisions in " + place + " cannot be read or written.",
        "Check the folder, its permissions and the space on the disk.",
        cause);
  }
}
