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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

  /** Empty if owners and shares answered so far are too few. */
  static Optional<OpenedSeeds> of(Unmasking from) {
    OpenedSeeds opened = new OpenedSeeds(from);
    int at = 0;
    for (int u : opened.contributors) {
      Optional<Secret32> seed = opened.selfSeed(u);
      if (seed.isEmpty()) {
        return Optional.empty();
      }
      opened.seeds[at++] = seed.get().reveal();
    }
    for (int u : opened.contributors) {
      for (int z : opened.dropouts) {
        Optional<Secret32> seed = opened.pairSeed(u, z);
        if (seed.isEmpty()) {
          return Optional.empty();
        }
        opened.seeds[at++] = seed.get().reveal();
      }
    }
    return Optional.of(opened);
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
        owner,
        shares,
        own != null,
        seed -> Commitment.ofSelfSeed(context(), owner, seed).equals(commitment));
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
        own != null,
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
  private Optional<Secret32> rebuild(
      int owner, Map<Integer, Bytes> shares, boolean ownerAnswered, Check check) {
    int k = from.round().roster().strength().shares();
    if (shares.size() < k) {
      return Optional.empty();
    }
    List<Integer> holders = new ArrayList<>(shares.keySet());
    int[] chosen = new int[k];
    Arrays.setAll(chosen, i -> i);
    for (int tried = 0; tried < MAX_SUBSETS; tried++) {
      List<Integer> indices = Arrays.stream(chosen).mapToObj(holders::get).toList();
      byte[][] parts =
          indices.stream().map(index -> shares.get(index).shared()).toArray(byte[][]::new);
      Optional<Secret32> seed =
          bases
              .computeIfAbsent(
                  indices,
                  list -> Shamir.basis(list.stream().mapToInt(Integer::intValue).toArray()))
              .rebuild(parts);
      if (seed.isPresent() && check.holds(seed.get())) {
        return seed;
      }
      if (!nextSubset(chosen, holders.size())) {
        break;
      }
    }
    throw Errors.protocol(
        ErrorCode.SHARE_MISMATCH,
        "A seed of '"
            + from.round().roster().id(owner)
            + "' cannot be rebuilt"
            + (ownerAnswered ? ", and what it answered itself is wrong" : "")
            + ".",
        "It dealt wrong shares, or one of the sites that answered did: "
            + from.round()
                .roster()
                .ids(
                    SiteSet.of(
                        from.round().roster().size(),
                        holders.stream().mapToInt(Integer::intValue).toArray()))
            + ".",
        "Wait for further answers, or compare the sites' versions.");
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
