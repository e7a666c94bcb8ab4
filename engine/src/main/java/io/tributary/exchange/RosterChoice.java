package io.tributary.exchange;

import io.tributary.protocol.Roster;
import io.tributary.protocol.Strength;
import io.tributary.protocol.coordinator.ContributorBook;
import io.tributary.protocol.coordinator.CoordinatorEnvironment;
import io.tributary.protocol.coordinator.Inviting;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which of the present sites a coordinator proposes as the roster, so that none has to refuse
 * (PROTOCOL.md 2.4, 2.8): all that are there; if their populations are bound to a roster, that one;
 * if that one is not complete any more, its contributors as an ALL roster (continuation).
 *
 * @param members of the roster
 * @param shape to propose
 */
record RosterChoice(Set<SiteId> members, Study.Shape shape) {
  RosterChoice {
    members = Set.copyOf(members);
  }

  /** Empty if no admissible roster is there yet. */
  static Optional<RosterChoice> of(
      CoordinatorEnvironment coordinator, Inviting inviting, ContributorBook book) {
    Set<SiteId> present = inviting.present();
    Study.Shape shape = Strength.shapeOf(coordinator.terms().study(), present.size());
    Optional<Roster> everybody = roster(coordinator, inviting, present, shape);
    if (everybody.isEmpty()) {
      return Optional.empty();
    }
    Optional<ContributorBook.Known> bound =
        book.bound(coordinator.terms().studyDigest(), everybody.get());
    boolean free =
        bound.isEmpty()
            || bound.get().roster().equals(present)
            || !everybody.get().core().equals(everybody.get().ids());
    if (free) {
      return Optional.of(new RosterChoice(present, shape));
    }
    return present.containsAll(bound.get().roster())
        ? checked(
            coordinator,
            inviting,
            bound.get().roster(),
            Strength.shapeOf(coordinator.terms().study(), bound.get().roster().size()))
        : continuation(coordinator, inviting, bound.get());
  }

  /** Why all the sites that are there are too few; empty if they are enough. */
  static Optional<String> weakness(CoordinatorEnvironment coordinator, Inviting inviting) {
    Set<SiteId> present = inviting.present();
    try {
      inviting.roster(
          coordinator, present, Strength.shapeOf(coordinator.terms().study(), present.size()));
      return Optional.empty();
    } catch (TributaryException e) {
      return Optional.of(e.reason());
    }
  }

  private static Optional<RosterChoice> continuation(
      CoordinatorEnvironment coordinator, Inviting inviting, ContributorBook.Known bound) {
    Set<SiteId> left = new TreeSet<>(inviting.present());
    left.retainAll(bound.contributors().orElse(bound.roster()));
    boolean complete = bound.contributors().map(left::equals).orElse(true);
    return complete ? checked(coordinator, inviting, left, Study.Shape.ALL) : Optional.empty();
  }

  private static Optional<RosterChoice> checked(
      CoordinatorEnvironment coordinator,
      Inviting inviting,
      Set<SiteId> members,
      Study.Shape shape) {
    return roster(coordinator, inviting, members, shape)
        .map(roster -> new RosterChoice(members, shape));
  }

  private static Optional<Roster> roster(
      CoordinatorEnvironment coordinator,
      Inviting inviting,
      Set<SiteId> members,
      Study.Shape shape) {
    try {
      return Optional.of(inviting.roster(coordinator, members, shape));
    } catch (TributaryException e) {
      if (e.code() == ErrorCode.ROSTER_TOO_WEAK) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
