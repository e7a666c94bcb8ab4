package io.tributary.jobs.analysis.pathways;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * All sequences of disjoint combinations of treatments, each with a number, a step's beginning
 * before what it goes on to. A combination is a set of bits.
 */
final class Pathways implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int treatments;
  private final int depth;
  private final ArrayList<List<Integer>> all = new ArrayList<>();
  private final HashMap<List<Integer>, Integer> numbers = new HashMap<>();

  /**
   * Enumerates them.
   *
   * @param most stops there: {@link #size} is then greater
   */
  Pathways(int treatments, int depth, int most) {
    this.treatments = treatments;
    this.depth = depth;
    add(List.of(), 0, most);
  }

  private void add(List<Integer> steps, int taken, int most) {
    numbers.put(steps, all.size());
    all.add(steps);
    if (steps.size() == depth) {
      return;
    }
    for (int step = 1; step < 1 << treatments && all.size() <= most; step++) {
      if ((step & taken) == 0) {
        List<Integer> longer = new ArrayList<>(steps);
        longer.add(step);
        add(List.copyOf(longer), taken | step, most);
      }
    }
  }

  int size() {
    return all.size();
  }

  /** Steps of a pathway. */
  List<Integer> steps(int number) {
    return all.get(number);
  }

  /** Pathways with one step more, in order. */
  List<Integer> next(int number) {
    List<Integer> steps = all.get(number);
    int taken = steps.stream().mapToInt(Integer::intValue).sum();
    List<Integer> next = new ArrayList<>();
    for (int step = 1; step < 1 << treatments && steps.size() < depth; step++) {
      if ((step & taken) == 0) {
        List<Integer> longer = new ArrayList<>(steps);
        longer.add(step);
        next.add(numbers.get(longer));
      }
    }
    return next;
  }

  /** A pathway and all that begin with it: they stand together. */
  int end(int number) {
    int steps = all.get(number).size();
    int end = number + 1;
    while (end < all.size() && all.get(end).size() > steps) {
      end++;
    }
    return end;
  }

  /**
   * Number of a person's pathway.
   *
   * @param days of each treatment, NaN for never
   * @param combine days within which treatments are one step
   */
  int of(double[] days, int combine) {
    List<Integer> steps = new ArrayList<>();
    int taken = 0;
    while (steps.size() < depth) {
      double first = Double.POSITIVE_INFINITY;
      for (int t = 0; t < treatments; t++) {
        if ((taken >> t & 1) == 0 && days[t] < first) {
          first = days[t];
        }
      }
      int step = 0;
      for (int t = 0; t < treatments; t++) {
        if ((taken >> t & 1) == 0 && days[t] <= first + combine) {
          step |= 1 << t;
        }
      }
      if (step == 0 || first == Double.POSITIVE_INFINITY) {
        break;
      }
      steps.add(step);
      taken |= step;
    }
    return numbers.get(steps);
  }

  /** In words: "a+b-c". */
  String name(int number, List<String> names) {
    return all.get(number).stream()
        .map(
            step ->
                java.util.stream.IntStream.range(0, treatments)
                    .filter(t -> (step >> t & 1) == 1)
                    .mapToObj(names::get)
                    .collect(Collectors.joining("+")))
        .collect(Collectors.joining("-"));
  }
}
