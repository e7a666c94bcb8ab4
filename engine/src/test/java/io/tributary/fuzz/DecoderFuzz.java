package io.tributary.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The long run of {@code scripts/fuzz}: every decoder for some minutes, from a seed that grows. */
public final class DecoderFuzz {
  private static final int STACK_LINES = 4;

  private DecoderFuzz() {}

  /**
   * Runs the targets and prints what got out, with the seeds.
   *
   * @param args seconds for each decoder, first seed, folder for what got out, then names of
   *     decoders, none for all
   * @return exit code: 1 if anything got out, 2 if a name is unknown
   */
  public static int run(List<Decoders.Target> targets, String[] args) throws IOException {
    Duration each = Duration.ofSeconds(Long.parseLong(args[0]));
    long firstSeed = Long.parseLong(args[1]);
    Path out = Files.createDirectories(Path.of(args[2]));
    List<String> wanted = List.of(args).subList(3, args.length);
    List<String> names = targets.stream().map(Decoders.Target::name).toList();
    if (!names.containsAll(wanted)) {
      System.err.println("fuzz: the decoders are " + names);
      return 2;
    }
    boolean escaped = false;
    for (Decoders.Target target : targets) {
      if (wanted.isEmpty() || wanted.contains(target.name())) {
        escaped |= run(target, each, firstSeed, out);
      }
    }
    return escaped ? 1 : 0;
  }

  /** Whether anything got out. Two escapes from the same place are one. */
  private static boolean run(Decoders.Target target, Duration time, long firstSeed, Path out)
      throws IOException {
    Set<String> places = new HashSet<>();
    long slowestNanos = 0;
    long seed = firstSeed;
    long end = System.nanoTime() + time.toNanos();
    for (; System.nanoTime() < end; seed++) {
      byte[] bytes = new Mutator(seed).next(target.corpus());
      long begun = System.nanoTime();
      Optional<Throwable> escape = target.escape(bytes);
      slowestNanos = Math.max(slowestNanos, System.nanoTime() - begun);
      if (escape.isPresent() && places.add(place(escape.get()))) {
        Files.write(out.resolve(target.name() + "-" + seed), bytes);
        System.out.printf("%s seed %d: %s%n", target.name(), seed, place(escape.get()));
      }
    }
    System.out.printf(
        "{\"decoder\":\"%s\",\"inputs\":%d,\"escapes\":%d,\"slowestMs\":%d}%n",
        target.name(), seed - firstSeed, places.size(), slowestNanos / 1_000_000);
    return !places.isEmpty();
  }

  private static String place(Throwable escape) {
    StringBuilder place = new StringBuilder(escape.getClass().getName());
    StackTraceElement[] stack = escape.getStackTrace();
    for (int i = 0; i < Math.min(STACK_LINES, stack.length); i++) {
      place.append(" < ").append(stack[i]);
    }
    return place.toString();
  }
}
