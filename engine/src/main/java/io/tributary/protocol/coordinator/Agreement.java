package io.tributary.protocol.coordinator;

import io.tributary.protocol.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * U must be a clique of agreement: both ends of every pair commit to the same seed (PROTOCOL.md 2.5
 * R2, 2.6). The site with most disagreements goes first, repeatedly; where several have as many, it
 * cannot be told who lies, and the attempt ends.
 *
 * @param agreeing candidates of which every pair agrees; empty after a tie
 * @param leftOut sites that disagreed with most others
 * @param tied sites of which one at least lies; empty if there was no tie
 */
public record Agreement(Set<Integer> agreeing, Set<Integer> leftOut, Set<Integer> tied) {
  public Agreement {
    agreeing = Set.copyOf(agreeing);
    leftOut = Set.copyOf(leftOut);
    tied = Set.copyOf(tied);
  }

  static Agreement of(Uploads uploads, NavigableSet<Integer> candidates) {
    Map<Integer, Message.Upload> read = new HashMap<>();
    candidates.forEach(site -> read.put(site, uploads.upload(site)));
    TreeSet<Integer> left = new TreeSet<>(candidates);
    TreeSet<Integer> out = new TreeSet<>();
    // Every turn removes a site, so there are at most n of them.
    while (true) {
      Map<Integer, Integer> disagreements = disagreements(left, read);
      if (disagreements.isEmpty()) {
        return new Agreement(left, out, Set.of());
      }
      int most = disagreements.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
      TreeSet<Integer> worst = new TreeSet<>(disagreements.keySet());
      worst.removeIf(site -> disagreements.get(site) < most);
      if (worst.size() > 1) {
        return new Agreement(Set.of(), out, worst);
      }
      left.removeAll(worst);
      out.addAll(worst);
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
