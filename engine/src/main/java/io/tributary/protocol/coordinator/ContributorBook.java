package io.tributary.protocol.coordinator;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.protocol.Roster;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the coordinator knows of the sites' population books, over all studies, so that it asks for
 * nothing they must refuse (PROTOCOL.md 2.8): the roster and the contributors of each site's
 * population, and which study may open rounds while contributors are not fixed. Sites enforce the
 * rules; this only keeps studies from getting stuck.
 *
 * <p>Rebuilt from the journal. Thread-safe.
 */
public final class ContributorBook {
  private final Map<CoordinatorRecord.Page, Known> pages = new HashMap<>();
  private final Map<Digest, Map<Long, List<CoordinatorRecord.Page>>> epochs = new HashMap<>();
  private final Set<Digest> waiting = new HashSet<>();
  private Optional<Digest> opener = Optional.empty();

  /** Roster and contributors of one site's population. */
  public record Known(Set<SiteId> roster, Optional<Set<SiteId>> contributors) {}

  /** The page of each member's book that a roster's sums stand on. */
  static List<CoordinatorRecord.Page> pages(Digest study, Roster roster) {
    return java.util.stream.IntStream.range(0, roster.size())
        .mapToObj(
            i -> {
              Digest population = roster.entry(i).declarations().population();
              Digest page =
                  roster.bindsInsideStudyOnly()
                      ? Canonical.hash("population-in-study/v1", population.bytes(), study.bytes())
                      : population;
              return new CoordinatorRecord.Page(roster.id(i), page);
            })
        .toList();
  }

  /** What is known of a site's page. */
  public synchronized Optional<Known> known(CoordinatorRecord.Page page) {
    return Optional.ofNullable(pages.get(page));
  }

  /** What the members' populations are bound to, as far as any of them is. */
  public synchronized Optional<Known> bound(Digest study, Roster roster) {
    Optional<Known> found = Optional.empty();
    for (CoordinatorRecord.Page page : pages(study, roster)) {
      Optional<Known> known = known(page);
      if (known.isPresent() && (found.isEmpty() || known.get().contributors().isPresent())) {
        found = known;
      }
    }
    return found;
  }

  /**
   * The set that sums over this roster must have: that of an earlier sum of any member, unless
   * consent or scope lift the rule.
   */
  public synchronized Optional<Set<SiteId>> requiredContributors(Digest study, Roster roster) {
    if (!roster.core().equals(roster.ids())) {
      return Optional.empty();
    }
    for (CoordinatorRecord.Page page : pages(study, roster)) {
      Optional<Set<SiteId>> fixed = known(page).flatMap(Known::contributors);
      if (fixed.isPresent()) {
        return fixed;
      }
    }
    return Optional.empty();
  }

  /** Whether the study may open a round: contributors are fixed, or no other study is at it. */
  public synchronized boolean mayOpen(Digest study, Roster roster) {
    boolean free = opener.isEmpty() || opener.get().equals(study);
    if (free || requiredContributors(study, roster).isPresent()) {
      waiting.remove(study);
      return true;
    }
    waiting.add(study);
    return false;
  }

  /** Whether another study waits for this one to get its first sum. */
  public synchronized boolean othersWait(Digest study) {
    return opener.equals(Optional.of(study)) && !waiting.isEmpty();
  }

  /** Takes a record that is in the journal. */
  public synchronized void note(Digest study, CoordinatorRecord record) {
    if (record instanceof CoordinatorRecord.EpochActivated activated) {
      epochs.computeIfAbsent(study, s -> new HashMap<>()).put(activated.epoch(), activated.pages());
    } else if (record instanceof CoordinatorRecord.AttemptOpened opened) {
      opened(study, opened.id().epoch());
    } else if (record instanceof CoordinatorRecord.Certified certified) {
      certified(members(study, certified.id().epoch()), certified.contributors());
    } else if (record instanceof CoordinatorRecord.ContributorsGiven given) {
      given
          .pages()
          .forEach(
              page ->
                  pages.put(
                      page, new Known(given.contributors(), Optional.of(given.contributors()))));
    } else if (record instanceof CoordinatorRecord.SumVerified
        || record instanceof CoordinatorRecord.AttemptGivenUp
        || record instanceof CoordinatorRecord.JobEnded) {
      if (opener.equals(Optional.of(study))) {
        opener = Optional.empty();
      }
    }
  }

  private List<CoordinatorRecord.Page> members(Digest study, long epoch) {
    return epochs.getOrDefault(study, Map.of()).getOrDefault(epoch, List.of());
  }

  private void opened(Digest study, long epoch) {
    List<CoordinatorRecord.Page> members = members(study, epoch);
    Set<SiteId> ids = new TreeSet<>();
    members.forEach(page -> ids.add(page.site()));
    boolean fixed = false;
    for (CoordinatorRecord.Page page : members) {
      Optional<Set<SiteId>> contributors =
          Optional.ofNullable(pages.get(page)).flatMap(Known::contributors);
      fixed |= contributors.isPresent();
      pages.put(page, new Known(ids, contributors));
    }
    if (!fixed && opener.isEmpty()) {
      opener = Optional.of(study);
    }
  }

  private void certified(List<CoordinatorRecord.Page> members, SiteSet contributors) {
    if (members.size() != contributors.rosterSize() || !pages.keySet().containsAll(members)) {
      throw Errors.badMessage("A certificate in the journal is of an epoch that is not there.");
    }
    Set<SiteId> ids = new TreeSet<>();
    for (int site : contributors.indices()) {
      ids.add(members.get(site).site());
    }
    for (int site : contributors.indices()) {
      Known before = pages.get(members.get(site));
      if (before.contributors().isEmpty()) {
        pages.put(members.get(site), new Known(before.roster(), Optional.of(ids)));
      }
    }
  }

  @Override
  public synchronized String toString() {
    return "ContributorBook[populations=" + pages.size() + "]";
  }
}
