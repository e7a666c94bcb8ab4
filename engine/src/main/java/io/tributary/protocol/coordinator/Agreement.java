package io.tributary.protocol.coordinator;

import io.tributary.protocol.Message;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * U must be a clique of agreement: both ends of every pair commit to the same seed (PROTOCOL.md 2.5
 * R2, 2.6). The site with most disagreements goes first; a tie names the pair.
 */
final class Agreement {
  private Agreement() {}

  /** The candidates without those that disagree. CONTEXT_MISMATCH if it cannot tell who lies. */
  static Set<Integer> clique(Round round, Uploads uploads, NavigableSet<Integer> candidates) {
    Map<Integer, Message.Upload> read = new HashMap<>();
    candidates.forEach(site -> read.put(site, uploads.upload(site)));
    TreeSet<Integer> left = new TreeSet<>(candidates);
    // Every turn removes a site, so there are at most n of them.
    while (true) {
      Map<Integer, Integer> disagreements = disagreements(left, read);
      if (disagreements.isEmpty()) {
        return left;
      }
      int most = disagreements.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
      Integer[] worst =
          disagreements.entrySet().stream()
              .filter(entry -> entry.getValue() == most)
              .map(Map.Entry::getKey)
              .toArray(Integer[]::new);
      if (worst.length > 1) {
        throw Errors.protocol(
            ErrorCode.CONTEXT_MISMATCH,
            "Sites '"
                + round.roster().id(worst[0])
                + "' and '"
                + round.roster().id(worst[1])
                + "' commit to different seeds of their pair.",
            "One of the two is faulty or lies; it cannot be told which.",
            "Compare versions and journals of the two sites.");
      }
      left.remove(worst[0]);
    }
  }

  private static Map<Integer, Integer> disagreements(
      Set<Integer> sites, Map<Integer, Message.Upload> uploads) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (int u : sites) {
      for (int v : sites) {
        if (u < v
            && !uploads.get(u).pairCommitment(u, v).equals(uploads.get(v).pairCommitment(v, u))) {
          counts.merge(u, 1, Integer::sum);
          counts.merge(v, 1, Integer::sum);
        }
      }
    }
    return counts;
  }
}
