package io.tributary.jobs.chaos;

import io.tributary.analysis.Layout;
import io.tributary.codec.Digest;
import io.tributary.journal.FileStateStore;
import io.tributary.ledger.LedgerEntry;
import io.tributary.ledger.LedgerEntry.Debited;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.protocol.Declarations;
import io.tributary.protocol.StepId;
import io.tributary.protocol.StudyTerms;
import io.tributary.protocol.site.Admission;
import io.tributary.protocol.site.SiteRecord;
import io.tributary.study.ErrorCode;
import io.tributary.study.Rho;
import io.tributary.study.SitePolicy.Budget;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A site's word in a run: every step costs a part of a budget that all steps together use up, in a
 * real ledger beside the site's journal. Whatever happens to the process, a step of which anything
 * may have left has been debited, once.
 */
final class ChaosBudget implements Admission {
  /** The whole budget. */
  static final Rho TOTAL = Rho.of(1, 1);

  private static final Rho COST = Rho.of(1, ChaosStudy.STEPS);
  private static final String DATASET = "data";
  private static final List<Budget> BUDGETS =
      List.of(new Budget(DATASET, Optional.empty(), Optional.empty(), TOTAL));

  private final Admission admission;
  private final PrivacyLedger ledger;
  private final Clock clock;

  /**
   * @param journal what the site's journal knows of the study; STATE_ROLLED_BACK if it is more than
   *     the ledger does
   */
  ChaosBudget(
      String site, PrivacyLedger ledger, Digest study, List<SiteRecord> journal, Clock clock) {
    this.admission = Admission.everything(site);
    this.ledger = ledger;
    this.clock = clock;
    masked(journal).forEach(step -> ledger.requireDebited(study, step));
  }

  /** Where the ledger of a site is. */
  static Path folder(Path state) {
    return state.resolve("ledger");
  }

  @Override
  public Optional<ErrorCode> refusalOfStudy(StudyTerms terms) {
    return admission.refusalOfStudy(terms);
  }

  @Override
  public Optional<ErrorCode> refusalOfStep(StudyTerms terms, StepId step, Layout layout) {
    ledger.debit(debit(terms.studyDigest(), step, clock), BUDGETS);
    return Optional.empty();
  }

  @Override
  public Declarations declarations(StudyTerms terms) {
    return admission.declarations(terms);
  }

  static Debited debit(Digest study, StepId step, Clock clock) {
    return new Debited(study, clock.instant(), step, DATASET, "analyst", "", COST);
  }

  /**
   * What a site's state and ledger say after a run.
   *
   * @param summed steps that are known to hold the site's numbers
   * @return empty unless a step has left that is not debited, or a step is debited twice
   */
  static Optional<String> fault(Path state, Digest study, Set<StepId> summed) {
    List<SiteRecord> journal = new ArrayList<>();
    FileStateStore.read(
        state,
        (owner, record) -> {
          if (owner.equals(study)) {
            journal.add(SiteRecord.decode(record));
          }
        });
    Set<StepId> left = new TreeSet<>(masked(journal));
    left.addAll(summed);
    return fault(PrivacyLedger.read(folder(state)), study, left);
  }

  /** The same of entries, for steps that left. */
  static Optional<String> fault(List<LedgerEntry> entries, Digest study, Collection<StepId> left) {
    List<StepId> paid =
        entries.stream()
            .filter(entry -> entry instanceof Debited && entry.study().equals(study))
            .filter(entry -> ((Debited) entry).rho().equals(COST))
            .map(entry -> ((Debited) entry).step())
            .toList();
    for (StepId step : left) {
      if (!paid.contains(step)) {
        return Optional.of("step " + step + " left and is not debited");
      }
    }
    return Set.copyOf(paid).size() == paid.size()
        ? Optional.empty()
        : Optional.of("a step is debited twice: " + paid);
  }

  private static Set<StepId> masked(List<SiteRecord> journal) {
    Set<StepId> steps = new TreeSet<>();
    for (SiteRecord record : journal) {
      if (record instanceof SiteRecord.FrameMasked masked) {
        steps.add(masked.id().stepId());
      }
    }
    return steps;
  }
}
