package io.tributary.jobs.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * The numbers between two cuts of the number line.
 *
 * @param from where it begins; before minus infinity if it has no beginning
 * @param to where it ends; after infinity if it has no end
 */
public record NumberRange(Cut from, Cut to) {
  private static final Cut BEGINNING = Cut.before(Double.NEGATIVE_INFINITY);
  private static final Cut END = Cut.after(Double.POSITIVE_INFINITY);

  /** A place on the number line between two numbers: just before or just after one. */
  public record Cut(double at, boolean after) implements Comparable<Cut> {
    static Cut before(double at) {
      return new Cut(at, false);
    }

    static Cut after(double at) {
      return new Cut(at, true);
    }

    @Override
    public int compareTo(Cut other) {
      return at != other.at ? Double.compare(at, other.at) : Boolean.compare(after, other.after);
    }
  }

  public NumberRange {
    if (from.compareTo(to) >= 0) {
      throw new IllegalArgumentException("a range ends after it begins");
    }
  }

  /** From a number, itself included, to below another one. */
  public static NumberRange fromBelow(double from, double below) {
    return new NumberRange(Cut.before(from), Cut.before(below));
  }

  /** From a number to another one, both included. */
  public static NumberRange fromTo(double from, double to) {
    return new NumberRange(Cut.before(from), Cut.after(to));
  }

  public static NumberRange below(double end) {
    return new NumberRange(BEGINNING, Cut.before(end));
  }

  public static NumberRange from(double begin) {
    return new NumberRange(Cut.before(begin), END);
  }

  public static NumberRange above(double begin) {
    return new NumberRange(Cut.after(begin), END);
  }

  /** The same with all numbers below it. */
  public NumberRange withAllBelow() {
    return new NumberRange(BEGINNING, to);
  }

  /** The same with all numbers above it. */
  public NumberRange withAllAbove() {
    return new NumberRange(from, END);
  }

  /** All ranges that these cuts make of the number line, ascending: one more than cuts inside. */
  static List<NumberRange> between(SortedSet<Cut> cuts) {
    List<NumberRange> ranges = new ArrayList<>();
    Cut last = BEGINNING;
    for (Cut cut : cuts) {
      if (cut.compareTo(BEGINNING) > 0 && cut.compareTo(END) < 0) {
        ranges.add(new NumberRange(last, cut));
        last = cut;
      }
    }
    ranges.add(new NumberRange(last, END));
    return List.copyOf(ranges);
  }

  boolean contains(NumberRange other) {
    return from.compareTo(other.from) <= 0 && other.to.compareTo(to) <= 0;
  }

  boolean contains(double number) {
    return from.compareTo(Cut.before(number)) <= 0 && Cut.after(number).compareTo(to) <= 0;
  }

  /** Whether all of it is less than a number. */
  boolean isBelow(double number) {
    return to.compareTo(Cut.before(number)) <= 0;
  }

  boolean isAtMost(double number) {
    return to.compareTo(Cut.after(number)) <= 0;
  }

  /** Whether all of it is greater than a number. */
  boolean isAbove(double number) {
    return from.compareTo(Cut.after(number)) >= 0;
  }

  boolean isAtLeast(double number) {
    return from.compareTo(Cut.before(number)) >= 0;
  }

  /** As a person writes it, {@code "from 20.0 below 40.0"}. */
  @Override
  public String toString() {
    String begin = from.equals(BEGINNING) ? "" : (from.after() ? "above " : "from ") + from.at();
    String end = to.equals(END) ? "" : (to.after() ? " up to " : " below ") + to.at();
    return (begin + end).strip();
  }
}
