package io.tributary.jobs.population;

import io.tributary.codec.Digest;
import io.tributary.jobs.evidence.PartyEvidence;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.journal.EvidenceEvent;
import io.tributary.ledger.LedgerEntry.Acted;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.protocol.PopulationAct;
import io.tributary.protocol.coordinator.CoordinatorMemory;
import io.tributary.protocol.coordinator.CoordinatorRecord;
import io.tributary.protocol.site.SiteMemory;
import io.tributary.protocol.site.SiteRecord;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The acts on populations that a party has taken, {@code STATE/acts/DIGEST.act}: put there by a
 * command, and gone by in the party's process, which holds the state folder's lock meanwhile
 * (PROTOCOL.md 2.8, Any other change).
 */
public final class TakenActs {
  /** Folder inside the state folder. */
  public static final String FOLDER = "acts";

  private static final String ENDING = ".act";

  private final Path folder;
  private final ConsortiumFile consortium;
  private final PartyEvidence evidence;
  private final Clock clock;
  private final Set<Digest> done = new HashSet<>();

  /** Acts in a party's state folder, for its process. */
  public TakenActs(Path state, ConsortiumFile consortium, PartyEvidence evidence, Clock clock) {
    this.folder = state.resolve(FOLDER);
    this.consortium = consortium;
    this.evidence = evidence;
    this.clock = clock;
  }

  /** Reads an act; BAD_MESSAGE if the file is none. */
  public static PopulationAct read(Path file) {
    try {
      if (Files.size(file) > PopulationAct.MAX_BYTES) {
        throw Errors.badMessage(file + " is too large to be an act on a population.");
      }
      return PopulationAct.read(Files.readAllBytes(file));
    } catch (IOException e) {
      throw Errors.invalid(ErrorCode.USAGE, file.toString(), "cannot be read.", "Check the path.");
    }
  }

  /** Keeps an act for the party's process, which looks for it by itself. */
  public static Path put(Path state, PopulationAct act) {
    Path folder = state.resolve(FOLDER);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw Errors.storageFailed("Cannot make " + folder + ".", "Check its permissions.", e);
    }
    Path file = folder.resolve(act.digest().hex() + ENDING);
    ConsortiumFile.replace(file, act.encode());
    return file;
  }

  private List<PopulationAct> all() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<PopulationAct> acts = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(ENDING)).sorted().toList()) {
        acts.add(read(file));
      }
    } catch (IOException e) {
      throw Errors.storageFailed("Cannot read " + folder + ".", "Check its permissions.", e);
    }
    acts.sort(Comparator.comparing(PopulationAct::at).thenComparing(act -> act.digest().hex()));
    return acts;
  }

  /** How one party goes by an act; refuses it with a TributaryException. */
  private interface Application {
    void apply(PopulationAct act);
  }

  /** Each act once; one that is refused is written down, and looked at again at the next start. */
  private void each(Application application) {
    for (PopulationAct act : all()) {
      if (done.contains(act.digest())) {
        continue;
      }
      try {
        application.apply(act);
        done.add(act.digest());
      } catch (TributaryException e) {
        if (e.code() == ErrorCode.STORAGE_FAILED) {
          throw e;
        }
        if (e.code() != ErrorCode.BUSY) {
          done.add(act.digest());
          evidence.append(
              act.digest(),
              EvidenceEvent.NOT_TAKEN,
              Map.of(
                  "what", "act " + act.digest().shortHex() + " on a population",
                  "code", e.code().name(),
                  "problem", e.problem()));
        }
      }
    }
  }

  /** The site's populations get the contributors that new acts give them. */
  public void goBy(SiteId self, SiteMemory memory, PrivacyLedger ledger) {
    each(act -> goBy(act, self, memory, ledger));
  }

  private void goBy(PopulationAct act, SiteId self, SiteMemory memory, PrivacyLedger ledger) {
    if (!memory.records(act.digest()).isEmpty()) {
      return;
    }
    boolean known =
        ledger.entries().stream()
            .anyMatch(entry -> entry instanceof Acted && entry.study().equals(act.digest()));
    if (!known) {
      act.require(consortium.consortium(), consortium.digest());
    }
    Digest page =
        act.page(self)
            .orElseThrow(
                () ->
                    Errors.badMessage("An act on a population does not have this site's consent."));
    synchronized (memory.book()) {
      Optional<ErrorCode> refused = memory.book().refusalOf(self, act);
      if (refused.isPresent() && !known) {
        throw Errors.protocol(
            refused.get(),
            "The population's sums are not over the sites that act "
                + act.digest().shortHex()
                + " says.",
            "It would make totals of sites computable that did not agree.",
            "See 'tributary population show', and have an act made from what binds now.");
      }
      ledger.acted(act.digest(), clock.instant(), act.encode());
      note(act, "this site's population " + page.shortHex());
      memory.append(act.digest(), new SiteRecord.ContributorsGiven(page, act.after()));
    }
  }

  /** The coordinator asks for the contributors that new acts give populations. */
  public void goBy(CoordinatorMemory memory) {
    each(
        act -> {
          if (!memory.records(act.digest()).isEmpty()) {
            return;
          }
          act.require(consortium.consortium(), consortium.digest());
          List<CoordinatorRecord.Page> pages =
              act.consents().stream()
                  .filter(consent -> act.after().contains(consent.site()))
                  .map(consent -> new CoordinatorRecord.Page(consent.site(), consent.page()))
                  .toList();
          note(act, "its populations");
          memory.append(act.digest(), new CoordinatorRecord.ContributorsGiven(pages, act.after()));
        });
  }

  private void note(PopulationAct act, String population) {
    evidence.append(
        act.digest(),
        EvidenceEvent.ACTED,
        Map.of(
            "act",
            act.digest().hex(),
            "population",
            population,
            "signers",
            String.join(
                ", ",
                act.consents().stream()
                    .map(consent -> consent.site() + " (" + consent.steward() + ")")
                    .toList()),
            "words",
            act.words()));
  }
}
