package io.tributary.bench;

import java.util.function.Consumer;

/** One benchmark. Its data is a function of a fixed seed, its run time is bounded. */
public interface Bench {
  /** What the command line selects it by. */
  String name();

  /** One line for {@code --list}. */
  String about();

  /** Measures; a result that is wrong ends in an exception, not in a fast figure. */
  void run(Consumer<Measurement> out) throws Exception;
}
