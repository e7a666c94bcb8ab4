package io.tributary.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A small run of what {@code scripts/bench load} does with 200 sites. */
class ManySitesTest {
  @Test
  void twentySitesOverFlightGetTheirSum() throws InterruptedException {
    ManySites.Taken taken = new ManySites(20, 2_000, Duration.ofSeconds(100)).run();
    assertThat(taken.contributors()).isEqualTo(20);
    assertThat(taken.seconds()).isLessThan(100);
  }
}
