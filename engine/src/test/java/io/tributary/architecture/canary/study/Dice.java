package io.tributary.architecture.canary.study;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Takes randomness and time from the surroundings. */
final class Dice {
  private Dice() {}

  static int random() {
    return new Random(7).nextInt(6);
  }

  static double mathRandom() {
    return Math.random();
  }

  static int threadLocal() {
    return ThreadLocalRandom.current().nextInt(6);
  }

  static List<String> shuffled(List<String> names) {
    Collections.shuffle(names);
    return names;
  }

  static long millis() {
    return System.currentTimeMillis();
  }

  static Instant instant() {
    return Instant.now();
  }

  @SuppressWarnings("JavaUtilDate") // the rule under test forbids it as well
  static long date() {
    return new Date().getTime();
  }

  static Supplier<Instant> reference() {
    return Instant::now;
  }

  static SecureRandom secure() {
    return new SecureRandom();
  }

  static Clock clock() {
    return Clock.systemUTC();
  }

  static Instant passedIn(Clock clock) {
    return Instant.now(clock);
  }
}
