package io.tributary.protocol.model;

import java.util.ArrayList;
import java.util.List;

/**
 * What the coordinator and its helpers can compute from what honest sites sent (PROTOCOL.md 2.5).
 *
 * <p>In one attempt the unknowns are x_u, b_u and s_uv of honest sites. A combination of uploads
 * with factors f_u is free of masks exactly if f_u is zero where b_u is unknown, and f_u = f_v
 * where s_uv is unknown (y_u holds it with +, y_v with -, or not at all if v never uploaded). So
 * the sums that can be computed are spanned by the connected components of the graph whose vertices
 * are the uploads with known b_u and whose edges are the unknown pair seeds, less every component
 * with an unknown seed that leads outside the vertices. {@code KnowledgeTest} compares this with
 * Gaussian elimination.
 */
final class Knowledge {
  private Knowledge() {}

  /**
   * The honest parts of all sums that can be computed in one attempt, as masks.
   *
   * @param sent behaviour of each honest site, by site
   * @param supported for each set whether enough signatures make a certificate
   */
  static List<Integer> sums(Situation situation, int attempt, int[] sent, boolean[] supported) {
    Seeds seeds = Seeds.opened(situation, attempt, sent, supported);
    List<Integer> sums = new ArrayList<>();
    int left = seeds.vertices();
    while (left != 0) {
      int first = Integer.numberOfTrailingZeros(left);
      int component = 1 << first;
      int frontier = component;
      boolean closed = true;
      while (frontier != 0) {
        int u = Integer.numberOfTrailingZeros(frontier);
        frontier &= frontier - 1;
        int unknown = seeds.unknownPairs(u);
        closed &= (unknown & ~seeds.vertices()) == 0;
        int fresh = unknown & seeds.vertices() & ~component;
        component |= fresh;
        frontier |= fresh;
      }
      left &= ~component;
      if (closed) {
        sums.add(component);
      }
    }
    return sums;
  }

  /** Which seeds of honest sites have been opened in one attempt. */
  static final class Seeds {
    private final int uploaded;
    private final int selfKnown;
    private final int[] pairUnknown;

    private Seeds(int uploaded, int selfKnown, int[] pairUnknown) {
      this.uploaded = uploaded;
      this.selfKnown = selfKnown;
      this.pairUnknown = pairUnknown;
    }

    static Seeds opened(Situation situation, int attempt, int[] sent, boolean[] supported) {
      int honest = situation.honest();
      int members = situation.rosterOf(attempt) & honest;
      int helpers = Integer.bitCount(situation.rosterOf(attempt) & ~honest);
      int k = situation.thresholdsOf(attempt).k();
      int[] answered = answers(situation, attempt, sent, supported);
      int uploaded = 0;
      int selfKnown = 0;
      int[] pairUnknown = new int[situation.sites()];
      for (int u = 0; u < situation.sites(); u++) {
        if ((members >> u & 1) == 0) {
          continue;
        }
        if ((sent[u] & Behaviours.uploadBit(attempt)) != 0) {
          uploaded |= 1 << u;
        }
        if (!situation.has(Rule.SELF_MASK)
            || answered[u] != 0
            || helpers + sharers(situation, attempt, answered, u, -1) >= k) {
          selfKnown |= 1 << u;
        }
        for (int v = 0; v < situation.sites(); v++) {
          if (v == u || (members >> v & 1) == 0) {
            continue;
          }
          boolean known =
              acrossBorder(situation, answered[u], u, v)
                  || acrossBorder(situation, answered[v], v, u)
                  || helpers + sharers(situation, attempt, answered, u, v) >= k
                  || helpers + sharers(situation, attempt, answered, v, u) >= k;
          if (!known) {
            pairUnknown[u] |= 1 << v;
          }
        }
      }
      return new Seeds(uploaded, selfKnown, pairUnknown);
    }

    /** For each site the sets it answered for, as bits over the sets. */
    private static int[] answers(
        Situation situation, int attempt, int[] sent, boolean[] supported) {
      int[] answered = new int[situation.sites()];
      for (int s = 0; s < supported.length; s++) {
        if (situation.world().sets().get(s) != attempt || !supported[s]) {
          continue;
        }
        for (int w = 0; w < sent.length; w++) {
          if ((sent[w] & Behaviours.answerBit(situation, s)) != 0) {
            answered[w] |= 1 << s;
          }
        }
      }
      return answered;
    }

    /** Whether the answers of u give s_uz in full: some answered set holds u and not z. */
    private static boolean acrossBorder(Situation situation, int answeredSets, int u, int z) {
      for (int sets = answeredSets; sets != 0; sets &= sets - 1) {
        int members = situation.set(Integer.numberOfTrailingZeros(sets));
        if ((members >> u & 1) != 0 && (members >> z & 1) == 0) {
          return true;
        }
      }
      return false;
    }

    /**
     * Honest sites that gave their share of what u dealt: of b_u if {@code z} is negative, else of
     * s_uz. A dealer has no box of its own, so u itself does not count.
     */
    private static int sharers(Situation situation, int attempt, int[] answered, int u, int z) {
      int count = 0;
      for (int w = 0; w < answered.length; w++) {
        if (w == u || (situation.rosterOf(attempt) >> w & 1) == 0) {
          continue;
        }
        boolean gives = false;
        for (int sets = answered[w]; sets != 0; sets &= sets - 1) {
          int members = situation.set(Integer.numberOfTrailingZeros(sets));
          gives |= (members >> u & 1) != 0 && (z < 0 || (members >> z & 1) == 0);
        }
        count += gives ? 1 : 0;
      }
      return count;
    }

    /** Uploads whose self mask is known. */
    int vertices() {
      return uploaded & selfKnown;
    }

    int uploaded() {
      return uploaded;
    }

    int selfKnown() {
      return selfKnown;
    }

    /** Honest sites whose pair seed with u is unknown. */
    int unknownPairs(int u) {
      return pairUnknown[u];
    }
  }
}
