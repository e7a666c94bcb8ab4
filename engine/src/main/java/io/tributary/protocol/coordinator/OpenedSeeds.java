package io.tributary.protocol.coordinator;

import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.masking.Commitment;
import io.tributary.masking.RoundContext;
import io.tributary.masking.Secret32;
import io.tributary.masking.Shamir;
import io.tributary.masking.Unmasker;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Message;
import io.tributary.protocol.UnmaskAnswer;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The seeds that sites released, each checked against its commitment (PROTOCOL.md 2.5 R4, 2.6): b_u
 * for u in U ascending, then s_uz by (u, z). What an owner answered is taken as it is; only the
 * rest is rebuilt from shares.
 */
public final class OpenedSeeds {
  /** PROTOCOL.md 2.6: subsets of answers that are tried before blame falls. */
  private static final int MAX_SUBSETS = 64;

  private final Unmasking from;
  private final int[] contributors;
  private final int[] dropouts;
  private final Map<List<Integer>, Shamir.Basis> bases = new HashMap<>();
  private final Map<Integer, Message.Upload> uploads = new HashMap<>();
  private final byte[][] seeds;
  private final Set<Set<SiteId>> findings = new LinkedHashSet<>();
  private boolean contradicted;

  private OpenedSeeds(Unmasking from) {
    this.from = from;
    SiteSet members = from.certificate().contributors();
    this.contributors = members.indices();
    this.dropouts = from.round().context().participants().minus(members).indices();
    this.seeds = new byte[contributors.length * (1 + dropouts.length)][];
    for (int site : contributors) {
      uploads.put(site, from.upload(site));
    }
  }

  /** As many seeds as owners and shares answered so far allow; see {@link #isComplete}. */
  static OpenedSeeds of(Unmasking from) {
    OpenedSeeds opened = new OpenedSeeds(from);
    opened.noteUnreadableBoxes();
    int at = 0;
    for (int u : opened.contributors) {
      opened.seeds[at++] = opened.selfSeed(u).map(Secret32::reveal).orElse(null);
    }
    for (int u : opened.contributors) {
      for (int z : opened.dropouts) {
        opened.seeds[at++] = opened.pairSeed(u, z).map(Secret32::reveal).orElse(null);
      }
    }
    return opened;
  }

  /** Whether every seed is there. */
  public boolean isComplete() {
    return Arrays.stream(seeds).allMatch(Objects::nonNull);
  }

  /**
   * What the answers say about sites, each set with at least one to blame (2.6): an owner whose own
   * seed misses its commitment, also where shares repaired it; a dealer and those whose shares do
   * not fit; a dealer and whoever could not open its box.
   */
  public Set<Set<SiteId>> findings() {
    return Set.copyOf(findings);
  }

  /** SHARE_MISMATCH over all findings, if some seed cannot be had although everybody answered. */
  public TributaryException mismatch() {
    Set<SiteId> suspects = new TreeSet<>();
    findings.forEach(suspects::addAll);
    return Errors.blame(
        ErrorCode.SHARE_MISMATCH,
        suspects,
        contradicted
            ? "What sites answered to " + from.id() + " contradicts their commitments."
            : "Too few shares of " + from.id() + " were answered to rebuild a wrong seed.",
        "A site dealt or answered wrong shares or seeds.",
        "Compare the versions of these sites; force another attempt if one was mended.");
  }

  private SiteId id(int site) {
    return from.round().roster().id(site);
  }

  private void noteUnreadableBoxes() {
    from.answers()
        .forEach(
            (answerer, answer) -> {
              for (int owner : contributors) {
                if (owner != answerer
                    && answer.selfShares().get(position(owner, answerer)).isEmpty()) {
                  findings.add(Set.of(id(owner), id(answerer)));
                }
              }
            });
  }

  private RoundContext context() {
    return from.round().context();
  }

  private Optional<Secret32> selfSeed(int owner) {
    Digest commitment = uploads.get(owner).selfCommitment();
    UnmaskAnswer own = from.answers().get(owner);
    if (own != null) {
      Secret32 seed = Secret32.copyOf(own.ownSelfSeed().shared());
      if (Commitment.ofSelfSeed(context(), owner, seed).equals(commitment)) {
        return Optional.of(seed);
      }
      findings.add(Set.of(id(owner)));
    }
    Map<Integer, Bytes> shares = new TreeMap<>();
    from.answers()
        .forEach(
            (answerer, answer) -> {
              if (answerer != owner) {
                put(shares, answerer, answer.selfShares().get(position(owner, answerer)));
              }
            });
    return rebuild(
        owner, shares, seed -> Commitment.ofSelfSeed(context(), owner, seed).equals(commitment));
  }

  private Optional<Secret32> pairSeed(int owner, int gone) {
    Digest commitment = uploads.get(owner).pairCommitment(owner, gone);
    int index = Arrays.binarySearch(dropouts, gone);
    UnmaskAnswer own = from.answers().get(owner);
    if (own != null) {
      Secret32 seed = Secret32.copyOf(own.ownPairSeeds().get(index).shared());
      if (Commitment.ofPairSeed(context(), owner, gone, seed).equals(commitment)) {
        return Optional.of(seed);
      }
      findings.add(Set.of(id(owner)));
    }
    Map<Integer, Bytes> shares = new TreeMap<>();
    from.answers()
        .forEach(
            (answerer, answer) -> {
              if (answerer != owner) {
                int at = position(owner, answerer) * dropouts.length + index;
                put(shares, answerer, answer.pairShares().get(at));
              }
            });
    return rebuild(
        owner,
        shares,
        seed -> Commitment.ofPairSeed(context(), owner, gone, seed).equals(commitment));
  }

  private static void put(Map<Integer, Bytes> shares, int answerer, Bytes share) {
    if (!share.isEmpty()) {
      shares.put(answerer, share);
    }
  }

  /** Position of an owner among U without the answerer. */
  private int position(int owner, int answerer) {
    int at = Arrays.binarySearch(contributors, owner);
    return owner > answerer ? at - 1 : at;
  }

  /** Whether a candidate is the seed committed to. */
  private interface Check {
    boolean holds(Secret32 seed);
  }

  /** From the k lowest indices; if that misses, from other subsets, at most 64. */
  private Optional<Secret32> rebuild(int owner, Map<Integer, Bytes> shares, Check check) {
    int k = from.round().roster().strength().shares();
    if (shares.size() < k) {
      return Optional.empty();
    }
    List<Integer> holders = new ArrayList<>(shares.keySet());
    int[] chosen = new int[k];
    Arrays.setAll(chosen, i -> i);
    for (int tried = 0; tried < MAX_SUBSETS; tried++) {
      List<Integer> indices = Arrays.stream(chosen).mapToObj(holders::get).toList();
      Optional<Secret32> seed = rebuild(indices, shares).filter(check::holds);
      if (seed.isPresent()) {
        if (tried > 0) {
          noteMisfits(owner, indices, shares, check);
        }
        return seed;
      }
      if (!nextSubset(chosen, holders.size())) {
        break;
      }
    }
    contradicted = true;
    Set<SiteId> suspects = new TreeSet<>();
    suspects.add(id(owner));
    holders.forEach(holder -> suspects.add(id(holder)));
    findings.add(suspects);
    return Optional.empty();
  }

  private Optional<Secret32> rebuild(List<Integer> indices, Map<Integer, Bytes> shares) {
    byte[][] parts =
        indices.stream().map(index -> shares.get(index).shared()).toArray(byte[][]::new);
    return bases
        .computeIfAbsent(
            indices, list -> Shamir.basis(list.stream().mapToInt(Integer::intValue).toArray()))
        .rebuild(parts);
  }

  /**
   * Who outside a fitting subset has a share that does not fit: it lies, or the dealer framed it.
   */
  private void noteMisfits(
      int owner, List<Integer> fitting, Map<Integer, Bytes> shares, Check check) {
    Set<SiteId> suspects = new TreeSet<>();
    for (int holder : shares.keySet()) {
      if (!fitting.contains(holder)) {
        List<Integer> other = new ArrayList<>(fitting.subList(1, fitting.size()));
        other.add(holder);
        other.sort(null);
        if (rebuild(other, shares).filter(check::holds).isEmpty()) {
          suspects.add(id(holder));
        }
      }
    }
    suspects.add(id(owner));
    findings.add(suspects);
  }

  /** The next k-subset of 0 .. n-1 in lexicographic order; false after the last. */
  private static boolean nextSubset(int[] chosen, int n) {
    int k = chosen.length;
    int at = k - 1;
    while (at >= 0 && chosen[at] == n - k + at) {
      at--;
    }
    if (at < 0) {
      return false;
    }
    chosen[at]++;
    for (int i = at + 1; i < k; i++) {
      chosen[i] = chosen[i - 1] + 1;
    }
    return true;
  }

  /** H(opened/v1, seeds). */
  Digest hash() {
    return RoundContext.openedHash(seeds);
  }

  /** Released seeds, 32 bytes each, in the order of {@link #subtract}; not secret any more. */
  public byte[][] seeds() {
    return Arrays.stream(seeds).map(byte[]::clone).toArray(byte[][]::new);
  }

  /** Sign of each seed's mask, {@link Unmasker#releasedSigns}. */
  public boolean[] subtract() {
    return Unmasker.releasedSigns(contributors, dropouts);
  }

  /** U, ascending. */
  public int[] contributors() {
    return contributors.clone();
  }

  @Override
  public String toString() {
    return "OpenedSeeds[" + seeds.length + "]";
  }
}
