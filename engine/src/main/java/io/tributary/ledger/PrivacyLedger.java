package io.tributary.ledger;

import io.tributary.codec.Digest;
import io.tributary.identity.FingerprintKey;
import io.tributary.journal.FolderLock;
import io.tributary.journal.JournalFile;
import io.tributary.ledger.LedgerEntry.Acted;
import io.tributary.ledger.LedgerEntry.Bound;
import io.tributary.ledger.LedgerEntry.Clipped;
import io.tributary.ledger.LedgerEntry.CohortUsed;
import io.tributary.ledger.LedgerEntry.Debited;
import io.tributary.ledger.LedgerEntry.Decided;
import io.tributary.protocol.PopulationBinding;
import io.tributary.protocol.StepId;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Rho;
import io.tributary.study.SitePolicy.Budget;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A site's ledger over all studies, in one folder.
 *
 * <pre>
 *   FOLDER/lock              held while a process uses the folder
 *   FOLDER/key               {@link FingerprintKey}, owner only
 *   FOLDER/entries           {@link LedgerEntry}s in a {@link JournalFile}: chained, forced
 *   FOLDER/cohorts/SHA256    {@link CohortFingerprint}s that entries name
 * </pre>
 *
 * An entry is on the disk before what it pays for leaves, and is never taken back: a step whose
 * outcome is unknown is spent. Budgets belong to logical datasets, so a refreshed snapshot does not
 * renew them. Thread-safe.
 */
public final class PrivacyLedger implements AutoCloseable {
  private final Path folder;
  private final FolderLock lock;
  private final FingerprintKey key;
  private final JournalFile file;
  private final List<LedgerEntry> entries = new ArrayList<>();
  private final Map<Step, Debited> debits = new HashMap<>();
  private final Map<Digest, PopulationBinding> bindings = new HashMap<>();

  private record Step(Digest study, StepId step) {}

  private PrivacyLedger(Path folder, FolderLock lock, FingerprintKey key, JournalFile file) {
    this.folder = folder;
    this.lock = lock;
    this.key = key;
    this.file = file;
    file.replay((study, record) -> note(LedgerEntry.decode(study, record)));
  }

  /**
   * Opens or makes a ledger and checks its chain: STATE_ROLLED_BACK if an entry or a file of
   * fingerprints is not what was written, STORAGE_FAILED if another process holds it.
   *
   * @param random for its key, the first time
   */
  public static PrivacyLedger open(Path folder, SecureRandom random) {
    try {
      Files.createDirectories(folder.resolve("cohorts"));
    } catch (IOException e) {
      throw failed(folder, e);
    }
    FolderLock lock = FolderLock.take(folder);
    try {
      FingerprintKey key = FingerprintKey.openOrCreate(folder.resolve("key"), random);
      PrivacyLedger ledger =
          new PrivacyLedger(folder, lock, key, new JournalFile(folder.resolve("entries")));
      force(folder);
      ledger.checkCohorts();
      return ledger;
    } catch (IOException e) {
      lock.close();
      throw failed(folder, e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** The entries of a ledger that another process may be using; its chain is checked. */
  public static List<LedgerEntry> read(Path folder) {
    List<LedgerEntry> found = new ArrayList<>();
    Path file = folder.resolve("entries");
    if (Files.exists(file)) {
      JournalFile.read(file, (study, record) -> found.add(LedgerEntry.decode(study, record)));
    }
    return found;
  }

  private void checkCohorts() {
    for (LedgerEntry entry : entries) {
      if (entry instanceof CohortUsed used && !Files.exists(cohortFile(used.file()))) {
        throw rolledBack("A file of cohort fingerprints that the ledger names is gone.");
      }
    }
  }

  /** All entries, oldest first. */
  public synchronized List<LedgerEntry> entries() {
    return List.copyOf(entries);
  }

  // ---- budgets ---------------------------------------------------------------------------------

  /**
   * Pays for a step before anything of it leaves; durable when it returns. A step is paid for once,
   * whatever is retried.
   *
   * @param budgets those of the policy; every one that covers the step must bear it, and a step
   *     that costs anything needs one that does
   * @throws TributaryException DP_BUDGET_SPENT, and nothing is debited
   */
  public synchronized void debit(Debited debit, List<Budget> budgets) {
    Debited before = debits.get(new Step(debit.study(), debit.step()));
    if (before != null) {
      if (!before.rho().equals(debit.rho())) {
        throw Errors.protocol(
            ErrorCode.STEP_INPUT_CHANGED,
            "Step " + debit.step() + " was debited with another cost.",
            "A step has one cost, whatever is retried.",
            "See the site's ledger.");
      }
      return;
    }
    if (!debit.rho().isZero()) {
      requireLeft(debit, budgets);
    }
    append(debit);
  }

  private void requireLeft(Debited debit, List<Budget> budgets) {
    List<Budget> covering =
        budgets.stream()
            .filter(each -> each.covers(debit.dataset(), debit.analyst(), debit.purpose()))
            .toList();
    if (covering.isEmpty()) {
      throw spent("no budget of dataset " + debit.dataset(), debit.rho(), Rho.ZERO);
    }
    for (Budget budget : covering) {
      Rho left = left(budget);
      if (debit.rho().compareTo(left) > 0) {
        throw spent("the budget of " + budget.words(), debit.rho(), left);
      }
    }
  }

  private static TributaryException spent(String budget, Rho asked, Rho left) {
    return Errors.protocol(
        ErrorCode.DP_BUDGET_SPENT,
        "A step costs rho " + asked + ", and " + budget + " has " + left + " left.",
        "What was spent never comes back.",
        "The steward may raise the budget in the policy; nothing else does.");
  }

  /** What was debited from a budget, over all studies. */
  public synchronized Rho spent(Budget budget) {
    return spent(entries, budget);
  }

  /** What these entries debit from a budget. */
  public static Rho spent(List<LedgerEntry> entries, Budget budget) {
    Rho sum = Rho.ZERO;
    for (LedgerEntry entry : entries) {
      if (entry instanceof Debited debit
          && budget.covers(debit.dataset(), debit.analyst(), debit.purpose())) {
        sum = sum.plus(debit.rho());
      }
    }
    return sum;
  }

  /** What is left of a budget; 0 also if it was lowered below what is spent. */
  public synchronized Rho left(Budget budget) {
    Rho spent = spent(budget);
    return spent.compareTo(budget.total()) >= 0 ? Rho.ZERO : budget.total().minus(spent);
  }

  /**
   * Refuses a ledger that is older than the site's journal: every step of which a frame was masked
   * has been paid for. STATE_ROLLED_BACK otherwise.
   */
  public synchronized void requireDebited(Digest study, StepId step) {
    if (!debits.containsKey(new Step(study, step))) {
      throw rolledBack(
          "The site's journal knows an upload of study "
              + study.shortHex()
              + ", step "
              + step
              + ", that the ledger does not.");
    }
  }

  /** Keeps how often persons were clipped in a step; once, whatever is retried. */
  public synchronized void clipped(Clipped counts) {
    boolean known =
        entries.stream()
            .anyMatch(
                entry ->
                    entry instanceof Clipped earlier
                        && earlier.study().equals(counts.study())
                        && earlier.step().equals(counts.step()));
    if (!known) {
      append(counts);
    }
  }

  // ---- cohorts ---------------------------------------------------------------------------------

  /** Takes the rows of a cohort of a dataset. */
  public CohortFingerprint.Builder cohort(String dataset, String unit, List<String> columns) {
    return new CohortFingerprint.Builder(key, dataset, unit, columns);
  }

  /**
   * Lets a cohort be summed if it differs from every cohort of the dataset that was, this study's
   * own included, by nobody or by at least k persons added, removed or changed; durable when it
   * returns.
   *
   * @return SHA-256 of its file of fingerprints
   * @throws TributaryException COHORT_TOO_CLOSE, also if an earlier cohort knows persons by another
   *     column, so that the difference cannot be told
   */
  public synchronized Digest use(
      Digest study, Instant at, String dataset, CohortFingerprint cohort, int k) {
    return use(study, at, Map.of(dataset, cohort), k).get(dataset);
  }

  /**
   * The same for the cohorts of several datasets that one study reads together: all of them, or
   * none.
   *
   * @param cohorts by dataset
   * @return SHA-256 of the files, by dataset
   */
  public synchronized Map<String, Digest> use(
      Digest study, Instant at, Map<String, CohortFingerprint> cohorts, int k) {
    Map<String, Digest> files = new LinkedHashMap<>();
    Map<CohortUsed, byte[]> unknown = new LinkedHashMap<>();
    cohorts.forEach(
        (dataset, cohort) -> {
          byte[] content = cohort.encode();
          CohortUsed used =
              new CohortUsed(
                  study,
                  at,
                  dataset,
                  cohort.unit(),
                  cohort.columns(),
                  cohort.persons(),
                  Digest.sha256(content));
          if (!isKnown(used, cohort, k)) {
            unknown.put(used, content);
          }
          files.put(dataset, used.file());
        });
    unknown.forEach(
        (used, content) -> {
          write(used.file(), content);
          append(used);
        });
    return files;
  }

  /** Whether this study has used the cohort already; COHORT_TOO_CLOSE by {@link #use}. */
  private boolean isKnown(CohortUsed used, CohortFingerprint cohort, int k) {
    boolean known = false;
    List<Digest> compared = new ArrayList<>();
    for (LedgerEntry entry : entries) {
      if (entry instanceof CohortUsed earlier && earlier.dataset().equals(used.dataset())) {
        requireComparable(earlier, used, k);
        boolean same =
            earlier.file().equals(used.file()) && earlier.columns().equals(used.columns());
        known |= same && earlier.study().equals(used.study());
        if (!same && !compared.contains(earlier.file())) {
          compared.add(earlier.file());
          if (cohort.difference(read(earlier)).isTooClose(k)) {
            throw tooClose(
                used.dataset(),
                "one that study " + earlier.study().shortHex() + " used",
                k,
                "Ask for the same cohort, or for one that differs by more.");
          }
        }
      }
    }
    return known;
  }

  private static void requireComparable(CohortUsed earlier, CohortUsed used, int k) {
    if (earlier.unit().equals(used.unit())) {
      return;
    }
    boolean joined =
        CohortFingerprint.isJoined(earlier.unit()) || CohortFingerprint.isJoined(used.unit());
    throw tooClose(
        used.dataset(),
        joined
            ? "an earlier one: one of them was joined to another dataset, whose persons it has,"
            : "an earlier one, in which other things were persons",
        k,
        joined
            ? "Join the dataset as the earlier study did, or leave it out."
            : "Name persons by the column of the earlier study.");
  }

  /**
   * Refuses a ledger that is older than the site's evidence: it has every cohort that was
   * remembered. STATE_ROLLED_BACK otherwise.
   *
   * @param file as {@link #use} gave it
   */
  public synchronized void requireUsed(Digest study, Digest file) {
    boolean known =
        entries.stream()
            .anyMatch(
                entry ->
                    entry instanceof CohortUsed used
                        && used.study().equals(study)
                        && used.file().equals(file));
    if (!known) {
      throw rolledBack(
          "The site's evidence names a cohort of study "
              + study.shortHex()
              + " that the ledger does not know.");
    }
  }

  private static TributaryException tooClose(String dataset, String other, int k, String remedy) {
    return Errors.protocol(
        ErrorCode.COHORT_TOO_CLOSE,
        "The cohort of dataset " + dataset + " is too close to " + other + ".",
        "They differ by fewer than "
            + k
            + " persons, or it cannot be told, so the difference of two results could be about these few.",
        remedy);
  }

  private CohortFingerprint read(CohortUsed entry) {
    Path file = cohortFile(entry.file());
    try {
      return CohortFingerprint.decode(entry, Files.readAllBytes(file));
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Its name is its content's hash: a torn write is never named by an entry. */
  private void write(Digest name, byte[] content) {
    Path target = cohortFile(name);
    Path temporary = target.resolveSibling(name.hex() + ".new");
    try {
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
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(target.getParent());
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  private Path cohortFile(Digest name) {
    return folder.resolve("cohorts").resolve(name.hex());
  }

  // ---- decisions -------------------------------------------------------------------------------

  /** Keeps a steward's decision as it was signed; once more is no second entry. */
  public synchronized void decided(Digest study, Instant at, byte[] signed) {
    Optional<Decided> known =
        entries.stream()
            .filter(Decided.class::isInstance)
            .map(Decided.class::cast)
            .filter(each -> each.study().equals(study) && Arrays.equals(each.signed(), signed))
            .findFirst();
    if (known.isEmpty()) {
      append(new Decided(study, at, signed));
    }
  }

  /**
   * Keeps the stewards' act on a population as it was signed, before the site goes by it; once more
   * is no second entry.
   */
  public synchronized void acted(Digest act, Instant at, byte[] signed) {
    boolean known =
        entries.stream()
            .anyMatch(entry -> entry instanceof Acted acted && acted.study().equals(act));
    if (!known) {
      append(new Acted(act, at, signed));
    }
  }

  /** Keeps what binds a population; the same as last is no second entry. */
  public synchronized void bound(Digest study, Instant at, PopulationBinding binding) {
    if (!binding.equals(bindings.get(binding.page()))) {
      append(new Bound(study, at, binding));
    }
  }

  /** What binds each population, as it was kept last. */
  public synchronized List<PopulationBinding> bindings() {
    return List.copyOf(bindings.values());
  }

  // ---- file ------------------------------------------------------------------------------------

  private void append(LedgerEntry entry) {
    file.append(entry.study(), entry.encode());
    note(entry);
  }

  private void note(LedgerEntry entry) {
    entries.add(entry);
    if (entry instanceof Debited debit) {
      debits.putIfAbsent(new Step(debit.study(), debit.step()), debit);
    } else if (entry instanceof Bound bound) {
      bindings.put(bound.binding().page(), bound.binding());
    }
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static TributaryException rolledBack(String problem) {
    return Errors.protocol(
        ErrorCode.STATE_ROLLED_BACK,
        problem,
        "The ledger was restored from a backup, or a part of it was removed.",
        "Restore the whole state folder as it last was; what was let out is not known otherwise.");
  }

  private static TributaryException failed(Path file, IOException cause) {
    return Errors.storageFailed(
        "The ledger's " + file + " cannot be used: " + cause.getMessage() + ".",
        "Free space on the disk or mend its permissions, then start again.",
        cause);
  }

  @Override
  public synchronized void close() {
    file.close();
    key.destroy();
    lock.close();
  }

  @Override
  public String toString() {
    return "PrivacyLedger[" + folder + "]";
  }
}
