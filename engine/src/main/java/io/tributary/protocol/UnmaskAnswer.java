package io.tributary.protocol;

import io.tributary.codec.Canonical;
import io.tributary.codec.SiteSet;
import io.tributary.masking.Secret32;
import io.tributary.masking.Shamir;
import io.tributary.study.Errors;
import java.util.ArrayList;
import java.util.List;

/**
 * What site w releases under a certificate for U (PROTOCOL.md 2.5, R3), the plaintext of Unmask.
 * Never a share of a pair with both ends inside or both outside U: the form has no place for one.
 *
 * @param ownSelfSeed b_w
 * @param selfShares shares of b_u, u in U without w ascending; empty where the dealer's box failed
 * @param ownPairSeeds s_wz, z in P without U ascending
 * @param pairShares shares of s_uz by (u, z), u in U without w; empty where the box failed
 */
public record UnmaskAnswer(
    Bytes ownSelfSeed, List<Bytes> selfShares, List<Bytes> ownPairSeeds, List<Bytes> pairShares) {
  private static final String LABEL = "unmask-answer/v1";

  public UnmaskAnswer {
    selfShares = List.copyOf(selfShares);
    ownPairSeeds = List.copyOf(ownPairSeeds);
    pairShares = List.copyOf(pairShares);
    if (ownSelfSeed.size() != Secret32.BYTES) {
      throw Errors.badMessage("A seed has " + ownSelfSeed.size() + " bytes.");
    }
    for (Bytes seed : ownPairSeeds) {
      if (seed.size() != Secret32.BYTES) {
        throw Errors.badMessage("A seed has " + seed.size() + " bytes.");
      }
    }
    checkShares(selfShares);
    checkShares(pairShares);
  }

  private static void checkShares(List<Bytes> shares) {
    for (Bytes share : shares) {
      if (!share.isEmpty() && !Shamir.isShare(share.shared())) {
        throw Errors.badMessage("An answer holds a share that is not below p.");
      }
    }
  }

  public byte[] encode() {
    return Canonical.enc(
        LABEL, ownSelfSeed.shared(), list(selfShares), list(ownPairSeeds), list(pairShares));
  }

  /** Reads an answer for U inside P; BAD_MESSAGE if its counts are not those of U and P. */
  public static UnmaskAnswer decode(byte[] plaintext, SiteSet participants, SiteSet contributors) {
    int others = contributors.size() - 1;
    int dropouts = participants.minus(contributors).size();
    Canonical.Reader in = Canonical.read(plaintext, LABEL, 4);
    UnmaskAnswer answer =
        new UnmaskAnswer(
            Bytes.take(in.exactly(Secret32.BYTES)),
            read(in, others, Shamir.SHARE_BYTES),
            read(in, dropouts, Secret32.BYTES),
            read(in, others * dropouts, Shamir.SHARE_BYTES));
    in.end();
    return answer;
  }

  private static byte[] list(List<Bytes> items) {
    return Canonical.list(items.stream().map(Bytes::shared).toList());
  }

  private static List<Bytes> read(Canonical.Reader in, int count, int maxBytes) {
    List<Bytes> items = new ArrayList<>();
    for (byte[] item : in.list(count, maxBytes)) {
      items.add(Bytes.take(item));
    }
    if (items.size() != count) {
      throw Errors.badMessage("An answer has " + items.size() + " items, not " + count + ".");
    }
    return items;
  }

  @Override
  public String toString() {
    return "UnmaskAnswer[withheld]";
  }
}
