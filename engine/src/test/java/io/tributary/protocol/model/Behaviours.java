package io.tributary.protocol.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything that one honest site can be brought to send, over all orders of messages.
 *
 * <p>A behaviour is a bit set: bit a for an upload in attempt a, then two bits for each survivor
 * set, signed and answered. Only the largest behaviours are kept, since what is sent is never
 * unsent.
 */
final class Behaviours {
  private final SiteRules.Maker maker;
  private final Map<String, int[]> known = new HashMap<>();
  private long statesSeen;

  Behaviours(SiteRules.Maker maker) {
    this.maker = maker;
  }

  static int uploadBit(int attempt) {
    return 1 << attempt;
  }

  static int signBit(Situation situation, int set) {
    return 1 << (situation.world().attempts().size() + 2 * set);
  }

  static int answerBit(Situation situation, int set) {
    return 2 << (situation.world().attempts().size() + 2 * set);
  }

  /** States of sites visited so far. */
  long statesSeen() {
    return statesSeen;
  }

  /** The largest behaviours of a site. */
  int[] of(Situation situation, int site) {
    String pattern = situation.pattern(site);
    int[] found = known.get(pattern);
    if (found == null) {
      found = largest(explore(situation, site));
      known.put(pattern, found);
    }
    return found;
  }

  private record Reached(SiteRules rules, int sent) {}

  private Set<Integer> explore(Situation situation, int site) {
    List<Integer> attempts = new ArrayList<>();
    for (int a = 0; a < situation.world().attempts().size(); a++) {
      if ((situation.rosterOf(a) >> site & 1) != 0) {
        attempts.add(a);
      }
    }
    Set<Object> visited = new HashSet<>();
    Set<Integer> sent = new HashSet<>();
    Deque<Reached> open = new ArrayDeque<>();
    open.push(new Reached(maker.site(situation, site), 0));
    while (!open.isEmpty()) {
      Reached at = open.pop();
      if (!visited.add(List.of(at.rules().state(), at.sent()))) {
        continue;
      }
      statesSeen++;
      sent.add(at.sent());
      for (int attempt : attempts) {
        step(open, at, 0, rules -> rules.open(attempt));
        step(open, at, uploadBit(attempt), rules -> rules.upload(attempt));
        for (int set : situation.setsFor(attempt, site)) {
          step(open, at, signBit(situation, set), rules -> rules.sign(attempt, set));
          step(open, at, answerBit(situation, set), rules -> rules.answer(attempt, set));
        }
      }
    }
    return sent;
  }

  private interface Decision {
    boolean taken(SiteRules rules);
  }

  private static void step(Deque<Reached> open, Reached at, int bit, Decision decision) {
    if ((at.sent() & bit) != 0) {
      return;
    }
    SiteRules next = at.rules().copy();
    if (decision.taken(next)) {
      open.push(new Reached(next, at.sent() | bit));
    } else if (next.refusalsLeaveTraces()) {
      open.push(new Reached(next, at.sent()));
    }
  }

  private static int[] largest(Set<Integer> sent) {
    List<Integer> kept = new ArrayList<>();
    for (int one : sent) {
      boolean dominated = false;
      for (int other : sent) {
        dominated |= other != one && (one & ~other) == 0;
      }
      if (!dominated) {
        kept.add(one);
      }
    }
    return kept.stream().mapToInt(Integer::intValue).sorted().toArray();
  }
}
