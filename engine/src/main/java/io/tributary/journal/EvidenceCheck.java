package io.tributary.journal;

import io.tributary.codec.Digest;
import io.tributary.identity.VerifyingKey;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks a party's evidence journal against its own signatures and against what others hold of it.
 * The chain finds an edited, swapped or missing line; the signed checkpoints find a chain that was
 * written anew without the party's key; the copies that others hold find a journal that was cut,
 * rolled back or written anew with it.
 */
public final class EvidenceCheck implements EvidenceJournal.Visitor {
  private final String party;
  private final Collection<VerifyingKey> keys;
  private final Map<Digest, Long> chains = new HashMap<>();
  private EvidenceJournal.Head head = EvidenceJournal.Head.NONE;
  private long covered;
  private int checkpoints;

  /**
   * A head of the journal that somebody else holds.
   *
   * @param where it lies
   * @param head chain that the journal must contain
   * @param count after how many lines, where that is known
   */
  public record Copy(String where, Digest head, Optional<Long> count) {}

  /**
   * What was found in order.
   *
   * @param lines of the journal
   * @param checkpoints signed by the party
   * @param copies held by others
   * @param uncovered lines at the end that no checkpoint and no copy covers yet
   */
  public record Outcome(long lines, int checkpoints, int copies, long uncovered) {}

  /**
   * @param party whose journal it is
   * @param keys its verifying keys, the present one and those before it
   */
  public EvidenceCheck(String party, Collection<VerifyingKey> keys) {
    this.party = party;
    this.keys = keys;
  }

  /** Takes the next line of a journal whose chain has been checked. */
  @Override
  public void line(EvidenceJournal.Head next, Optional<EvidenceEntry> entry) {
    if (entry.isPresent()) {
      take(entry.get());
    }
    head = next;
    chains.put(next.chain(), next.count());
  }

  private void take(EvidenceEntry entry) {
    if (!entry.party().equals(party)) {
      throw broken(
          "Line "
              + entry.number()
              + " was written by '"
              + entry.party()
              + "', not '"
              + party
              + "'.");
    }
    if (entry.event() == EvidenceEvent.CHECKPOINT) {
      checkpoint(entry);
    }
  }

  private void checkpoint(EvidenceEntry entry) {
    Checkpoint checkpoint;
    try {
      checkpoint = Checkpoint.decode(java.util.HexFormat.of().parseHex(entry.text()));
    } catch (IllegalArgumentException e) {
      throw broken("The checkpoint in line " + entry.number() + " is out of form.");
    }
    boolean fits =
        checkpoint.party().equals(party)
            && checkpoint.count() == head.count()
            && checkpoint.head().equals(head.chain())
            && entry.study().equals(Optional.of(checkpoint.study()));
    if (!fits) {
      throw broken("The checkpoint in line " + entry.number() + " is of another journal.");
    }
    if (keys.stream().noneMatch(checkpoint::signedBy)) {
      throw broken(
          "The checkpoint in line " + entry.number() + " is not signed with a key of the party.");
    }
    checkpoints++;
    covered = entry.number();
  }

  /**
   * Compares with the copies, after the last line. STATE_ROLLED_BACK if the journal lacks a head
   * that others hold.
   */
  public Outcome against(List<Copy> copies) {
    for (Copy copy : copies) {
      Long at = chains.get(copy.head());
      if (at == null || copy.count().filter(count -> !count.equals(at)).isPresent()) {
        throw Errors.protocol(
            ErrorCode.STATE_ROLLED_BACK,
            "The evidence journal of '" + party + "' lacks a line that others know of.",
            "They hold a head of it in " + copy.where() + " that it does not have now.",
            "It was cut, restored from a backup or written anew: keep it, and ask its owner.");
      }
      covered = Math.max(covered, at);
    }
    return new Outcome(head.count(), checkpoints, copies.size(), head.count() - covered);
  }

  private static RuntimeException broken(String problem) {
    return Errors.protocol(
        ErrorCode.EVIDENCE_BROKEN,
        problem,
        "Lines of several journals were mixed, or the journal was written anew.",
        "Keep the file; compare it with a backup and with the others' copies of its checkpoints.");
  }
}
