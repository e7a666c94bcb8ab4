package io.tributary.protocol.site;

import io.tributary.codec.Digest;
import io.tributary.protocol.PopulationAct;
import io.tributary.protocol.PopulationBinding;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which sites each population of this site has been summed with, over all studies (PROTOCOL.md 2.8:
 * population, contributor rule, roster rule, continuation, consent, scope). The differences of sums
 * over changing sets of sites are single sites' parts; this book refuses them.
 *
 * <p>It changes only by {@link #note}, from records that are in the journal, and is rebuilt from
 * them. Thread-safe; who decides and then journals holds the book's monitor meanwhile.
 */
public final class PopulationBook {
  private final Map<Digest, Page> pages = new HashMap<>();
  private final Map<Holder, BoundRoster> rosters = new HashMap<>();

  /** One study's epoch. */
  private record Holder(Digest study, long epoch) {}

  /** What is known of one population. */
  private static final class Page {
    /** The roster bound to; empty before any. */
    Set<SiteId> roster = Set.of();

    Study.Shape shape = Study.Shape.ALL;
    int uploads;

    /** Whether an own upload made the binding final. */
    boolean uploaded;

    /** Members that gave no consent, at the first upload; empty before it. */
    Optional<Set<SiteId>> core = Optional.empty();

    /** Whether a roster under which the site uploaded had declared members. */
    boolean declared;

    /** Epochs that hold the binding provisionally. */
    final Set<Holder> holders = new HashSet<>();

    /** U of all released sums; under consent what all of them have in common. */
    Optional<Set<SiteId>> contributors = Optional.empty();

    /** The study, and its epoch, whose rounds are taken while contributors are not fixed. */
    Optional<Holder> open = Optional.empty();

    PopulationBinding binding(Digest page) {
      return new PopulationBinding(
          page, roster, shape, uploads, declared, core.orElse(roster), contributors);
    }
  }

  private Page page(BoundRoster roster) {
    return pages.computeIfAbsent(roster.page(), page -> new Page());
  }

  // ---- questions
  // ----------------------------------------------------------------------------------

  /** Whether the population may be bound to this roster (E2); the code of the refusal. */
  synchronized Optional<ErrorCode> refusalOfRoster(BoundRoster roster) {
    Page page = page(roster);
    if (underConsent(page, roster)
        && !roster.core().isEmpty()
        && roster.core().size() < roster.colludingSites() + 2) {
      return Optional.of(ErrorCode.ROSTER_TOO_WEAK);
    }
    if (page.roster.isEmpty()) {
      return Optional.empty();
    }
    boolean same = page.roster.equals(roster.ids());
    if (!page.uploaded) {
      return same ? Optional.empty() : Optional.of(ErrorCode.BUSY);
    }
    if (underConsent(page, roster)) {
      return refusalOfCore(page, roster);
    }
    return same || continues(page, roster)
        ? Optional.empty()
        : Optional.of(ErrorCode.CONTRIBUTORS_CHANGED);
  }

  /** From a QUORUM roster R to U as an ALL roster, U inside R, with the contributors of R. */
  private static boolean continues(Page page, BoundRoster roster) {
    Set<SiteId> ids = roster.ids();
    return page.shape == Study.Shape.QUORUM
        && roster.shape() == Study.Shape.ALL
        && page.roster.containsAll(ids)
        && ids.size() >= page.uploads
        && page.contributors.map(ids::equals).orElse(true);
  }

  private static boolean underConsent(Page page, BoundRoster roster) {
    return page.declared || roster.hasDeclaredMembers();
  }

  /**
   * Consent: the core is the same as ever, and every sum so far contained it. Without the second
   * test a site outside an earlier sum could be had by difference although it never consented.
   */
  private static Optional<ErrorCode> refusalOfCore(Page page, BoundRoster roster) {
    boolean same = page.core.map(roster.core()::equals).orElse(true);
    boolean contained =
        page.contributors.map(sites -> sites.containsAll(roster.core())).orElse(true);
    return same && contained ? Optional.empty() : Optional.of(ErrorCode.CONTRIBUTORS_CHANGED);
  }

  /**
   * Whether another study's rounds are open for a population whose contributors are not fixed; the
   * round then waits.
   */
  synchronized boolean isTakenByAnother(BoundRoster roster, Digest study) {
    Page page = page(roster);
    return page.contributors.isEmpty()
        && page.open.isPresent()
        && !page.open.get().study().equals(study);
  }

  /** Whether an own upload under this roster may leave (R1). */
  synchronized Optional<ErrorCode> refusalOfUpload(BoundRoster roster) {
    Optional<ErrorCode> refused = refusalOfRoster(roster);
    if (refused.isPresent()) {
      return refused;
    }
    Page page = page(roster);
    boolean changes =
        roster.shape() == Study.Shape.ALL
            && !underConsent(page, roster)
            && page.contributors.isPresent()
            && !page.contributors.get().equals(roster.ids());
    return changes ? Optional.of(ErrorCode.CONTRIBUTORS_CHANGED) : Optional.empty();
  }

  /** Whether U may be signed and answered (R2, R3). */
  synchronized Optional<ErrorCode> refusalOfContributors(
      BoundRoster roster, Set<SiteId> contributors) {
    Page page = page(roster);
    if (underConsent(page, roster)) {
      return contributors.containsAll(roster.core())
          ? refusalOfCore(page, roster)
          : Optional.of(ErrorCode.CONTRIBUTORS_CHANGED);
    }
    return page.contributors.map(contributors::equals).orElse(true)
        ? Optional.empty()
        : Optional.of(ErrorCode.CONTRIBUTORS_CHANGED);
  }

  /** The contributor set that sums under this roster are bound to, if one was released. */
  synchronized Optional<Set<SiteId>> contributors(BoundRoster roster) {
    return page(roster).contributors.map(Set::copyOf);
  }

  /**
   * Whether an act of the stewards may give a population other contributors (PROTOCOL.md 2.8, Any
   * other change): every site in which the set that binds here and the new one differ has agreed or
   * is lost. CONTRIBUTORS_CHANGED otherwise, BUSY while a roster holds the population
   * provisionally.
   *
   * @param act with the consent of this site
   */
  public synchronized Optional<ErrorCode> refusalOf(SiteId self, PopulationAct act) {
    Page page = act.page(self).map(pages::get).orElse(null);
    if (page == null || page.roster.isEmpty()) {
      return Optional.empty();
    }
    if (!page.uploaded) {
      return Optional.of(ErrorCode.BUSY);
    }
    Set<SiteId> bound = binding(page);
    boolean stale = act.before().contains(self) && !bound.equals(act.before());
    Set<SiteId> differ = new TreeSet<>(bound);
    differ.addAll(act.after());
    differ.removeIf(site -> bound.contains(site) && act.after().contains(site));
    differ.removeAll(act.signers());
    differ.removeAll(act.lost());
    return stale || !differ.isEmpty()
        ? Optional.of(ErrorCode.CONTRIBUTORS_CHANGED)
        : Optional.empty();
  }

  /** Whom every further sum has to have, as far as that is fixed. */
  private static Set<SiteId> binding(Page page) {
    return page.declared ? page.core.orElse(page.roster) : page.contributors.orElse(page.roster);
  }

  /** What binds each population of which something has left. */
  public synchronized List<PopulationBinding> bindings() {
    return pages.entrySet().stream()
        .filter(each -> each.getValue().uploaded)
        .map(each -> each.getValue().binding(each.getKey()))
        .toList();
  }

  /** The set that binds a population: its contributors, else its roster; empty before any sum. */
  public synchronized Optional<Set<SiteId>> binding(Digest population) {
    return Optional.ofNullable(pages.get(population))
        .filter(page -> page.uploaded)
        .map(page -> Set.copyOf(binding(page)));
  }

  // ---- changes
  // ------------------------------------------------------------------------------------

  /**
   * Takes a record that is in the journal.
   *
   * @return what binds the record's population from here on, if the record has to do with it
   */
  public synchronized Optional<PopulationBinding> note(Digest study, SiteRecord record) {
    if (record instanceof SiteRecord.RosterAcked acked) {
      acked(new Holder(study, acked.epoch()), acked.roster());
    } else if (record instanceof SiteRecord.EpochAbandoned abandoned) {
      epochEnded(new Holder(study, abandoned.epoch()));
    } else if (record instanceof SiteRecord.RoundAccepted accepted) {
      Holder holder = new Holder(study, accepted.id().epoch());
      roster(study, holder.epoch()).ifPresent(roster -> opened(roster, holder));
    } else if (record instanceof SiteRecord.FrameMasked masked) {
      Optional<BoundRoster> roster = roster(study, masked.id().epoch());
      roster.ifPresent(this::uploaded);
      return roster.map(BoundRoster::page).map(this::bindingOf);
    } else if (record instanceof SiteRecord.AnswerGiven answer) {
      Optional<BoundRoster> roster = roster(study, answer.id().epoch());
      roster.ifPresent(each -> answered(each, each.ids(answer.contributors())));
      return roster.map(BoundRoster::page).map(this::bindingOf);
    } else if (record instanceof SiteRecord.AttemptAborted
        || record instanceof SiteRecord.StepClosed
        || record instanceof SiteRecord.JobEnded) {
      ended(study);
    } else if (record instanceof SiteRecord.ContributorsGiven given) {
      given(given);
      return Optional.of(bindingOf(given.page()));
    } else if (record instanceof SiteRecord.PopulationBound bound) {
      bound(bound.binding());
      return Optional.of(bound.binding());
    }
    return Optional.empty();
  }

  private PopulationBinding bindingOf(Digest page) {
    return pages.get(page).binding(page);
  }

  private void bound(PopulationBinding binding) {
    Page page = pages.computeIfAbsent(binding.page(), each -> new Page());
    page.roster = new TreeSet<>(binding.roster());
    page.shape = binding.shape();
    page.uploads = binding.uploads();
    page.uploaded = true;
    page.declared = binding.declared();
    page.core = Optional.of(new TreeSet<>(binding.core()));
    page.contributors = binding.contributors().map(TreeSet::new);
    page.open = Optional.empty();
  }

  /** From here on the population has these contributors, as after a first sum over them. */
  private void given(SiteRecord.ContributorsGiven given) {
    Page page = pages.computeIfAbsent(given.page(), each -> new Page());
    page.roster = new TreeSet<>(given.contributors());
    page.shape = Study.Shape.ALL;
    page.uploads = given.contributors().size();
    page.uploaded = true;
    page.core = Optional.of(new TreeSet<>(given.contributors()));
    page.contributors = Optional.of(new TreeSet<>(given.contributors()));
    page.open = Optional.empty();
  }

  private Optional<BoundRoster> roster(Digest study, long epoch) {
    return Optional.ofNullable(rosters.get(new Holder(study, epoch)));
  }

  /** An ack binds the population to the roster until the epoch ends without an own upload. */
  private void acked(Holder holder, BoundRoster roster) {
    rosters.put(holder, roster);
    Page page = page(roster);
    if (!page.uploaded) {
      bind(page, roster);
    }
    page.holders.add(holder);
  }

  /** The epoch is over; what it held provisionally is free again. */
  private void epochEnded(Holder holder) {
    for (Page page : pages.values()) {
      if (page.holders.remove(holder) && page.holders.isEmpty() && !page.uploaded) {
        page.roster = Set.of();
      }
      if (page.open.equals(Optional.of(holder))) {
        page.open = Optional.empty();
      }
    }
  }

  private void opened(BoundRoster roster, Holder holder) {
    Page page = page(roster);
    if (page.contributors.isEmpty()) {
      page.open = Optional.of(holder);
    }
  }

  private void ended(Digest study) {
    for (Page page : pages.values()) {
      if (page.open.map(Holder::study).equals(Optional.of(study))) {
        page.open = Optional.empty();
      }
    }
  }

  /**
   * The first byte of an upload is about to leave: the binding is final. In shape ALL the upload
   * can be summed without this site's answer, so it fixes the contributors too.
   */
  private void uploaded(BoundRoster roster) {
    Page page = page(roster);
    bind(page, roster);
    page.uploaded = true;
    page.declared |= roster.hasDeclaredMembers();
    if (page.core.isEmpty()) {
      page.core = Optional.of(roster.core());
    }
    if (roster.shape() == Study.Shape.ALL) {
      fix(page, roster.ids());
    }
  }

  /** The stricter of two shapes and thresholds holds for the same sites: ALL is never left. */
  private static void bind(Page page, BoundRoster roster) {
    Set<SiteId> ids = roster.ids();
    boolean again = page.uploaded && page.roster.equals(ids);
    page.uploads = again ? Math.max(page.uploads, roster.uploads()) : roster.uploads();
    page.shape = again && page.shape == Study.Shape.ALL ? page.shape : roster.shape();
    page.roster = ids;
  }

  private void answered(BoundRoster roster, Set<SiteId> contributors) {
    Page page = page(roster);
    fix(page, contributors);
    page.open = Optional.empty();
  }

  private static void fix(Page page, Set<SiteId> contributors) {
    Set<SiteId> common = new TreeSet<>(contributors);
    page.contributors.ifPresent(common::retainAll);
    page.contributors = Optional.of(common);
  }

  @Override
  public synchronized String toString() {
    return "PopulationBook[populations=" + pages.size() + "]";
  }
}
