package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.exchange.Exchange;
import io.tributary.protocol.coordinator.Published;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole studies under seeded faults: parties are polled in any order or not at all, see old
 * listings, lose the answer to a write or the write itself, and are killed and started again. Never
 * two objects in one place, and the right answer, or a named error, before the study's end.
 */
class SimulationTest {
  private static final int SITES = 5;

  /** A medium that fails, forgets and delays, for one party. */
  private static final class Weather extends ForwardingExchange {
    private final Exchange exchange;
    private final Random random;
    private boolean calm;

    Weather(Exchange exchange, Random random) {
      super(exchange);
      this.exchange = exchange;
      this.random = random;
    }

    private TributaryException failure(String name) {
      return Errors.exchangeFailed(name, "Try again.", new IOException("seeded"));
    }

    @Override
    public void put(String name, byte[] bytes) {
      int fate = calm ? 9 : random.nextInt(10);
      if (fate == 0) {
        // Lost: the writer sends it again.
        throw failure(name);
      }
      exchange.put(name, bytes);
      if (fate == 1) {
        // Written, but the writer does not hear of it: it writes it twice.
        throw failure(name);
      }
    }

    @Override
    public List<String> list(String prefix) {
      List<String> names = exchange.list(prefix);
      if (calm || random.nextInt(4) != 0) {
        return names;
      }
      // Absence in a listing proves nothing: some names are late.
      List<String> some = new ArrayList<>(names);
      some.removeIf(name -> random.nextInt(3) == 0);
      return some;
    }

    @Override
    public List<String> await(String prefix, List<String> known, Duration patience) {
      return list(prefix);
    }
  }

  private static void pollOne(Federation.Run run, Runnable poll) {
    try {
      poll.run();
    } catch (TributaryException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.EXCHANGE_FAILED);
    }
    assertThat(run.refused).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void delayDuplicationLossReorderingAndRestartsChangeNoAnswer(int seed) {
    Random random = new Random(seed);
    try (Federation federation = new Federation(SITES, seed)) {
      RecordingExchange record = new RecordingExchange(federation.exchange());
      federation.wrapExchange(exchange -> record);
      List<Weather> weathers = new ArrayList<>();
      for (int site = 0; site < SITES; site++) {
        federation.wrapExchange(Federation.id(site), exchange -> under(exchange, random, weathers));
      }
      federation.wrapCoordinatorExchange(exchange -> under(exchange, random, weathers));
      Map<SiteId, long[]> data = federation.data(4);
      Study study = federation.study("weather", SITES, Optional.empty(), 3, 1);
      Federation.Run run = federation.run(study, List.of(new StepSums(SITES, 4, 2, 3)), data);
      start(run, new ArrayList<>(data.keySet()));
      for (int turn = 0; turn < 2000 && !run.coordinator().isOver(); turn++) {
        turn(federation, run, random, new ArrayList<>(data.keySet()));
      }
      weathers.forEach(weather -> weather.calm = true);
      run.finish();
      record.requireOneObjectInAPlace();
      requireRightOrNamed(run, data);
    }
  }

  private static Exchange under(Exchange exchange, Random random, List<Weather> weathers) {
    Weather weather = new Weather(exchange, random);
    weathers.add(weather);
    return weather;
  }

  /** A start may fail too, and is repeated. */
  private static void start(Federation.Run run, List<SiteId> sites) {
    for (SiteId site : sites) {
      for (int i = 0; run.site(site) == null && i < 1000; i++) {
        pollOne(run, () -> run.start(site));
      }
    }
  }

  private static void turn(
      Federation federation, Federation.Run run, Random random, List<SiteId> sites) {
    Collections.shuffle(sites, random);
    if (random.nextInt(3) != 0) {
      pollOne(run, run.coordinator()::poll);
    }
    for (SiteId site : sites) {
      if (random.nextInt(3) != 0) {
        pollOne(run, run.site(site)::poll);
      }
      if (random.nextInt(60) == 0) {
        run.stop(site);
        run.forget(site);
        start(run, List.of(site));
      }
    }
    if (random.nextInt(60) == 0) {
      run.restartCoordinator();
    }
    if (random.nextInt(10) == 0) {
      federation.clock().pass(Duration.ofMinutes(1 + random.nextInt(20)));
    }
  }

  private static void requireRightOrNamed(Federation.Run run, Map<SiteId, long[]> data) {
    assertThat(run.coordinator().isOver()).isTrue();
    Object result = run.coordinator().results().get(0);
    if (result == null) {
      assertThat(run.coordinator().failures().get(0).code())
          .isIn(ErrorCode.THRESHOLD_LOST, ErrorCode.STEP_INPUT_CHANGED);
      return;
    }
    List<?> sums = (List<?>) result;
    Published last = run.coordinator().study().lastPublished(0).orElseThrow();
    Set<SiteId> contributors = last.round().roster().ids(last.certificate().contributors());
    assertThat(contributors).hasSizeGreaterThanOrEqualTo(4);
    assertThat(sums)
        .isEqualTo(
            List.of(
                Federation.expected(data, contributors, 0),
                Federation.expected(data, contributors, 1)));
  }

  /** An exchange that kills its process before or after its n-th write. */
  private static final class Deadly extends ForwardingExchange {
    private final Exchange exchange;
    private final CrashingStore.When when;
    private int left;

    Deadly(Exchange exchange, int write, CrashingStore.When when) {
      super(exchange);
      this.exchange = exchange;
      this.left = write;
      this.when = when;
    }

    @Override
    public void put(String name, byte[] bytes) {
      left--;
      if (left == 0 && when == CrashingStore.When.BEFORE) {
        throw new CrashingStore.Killed();
      }
      exchange.put(name, bytes);
      if (left == 0) {
        throw new CrashingStore.Killed();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(CrashingStore.When.class)
  void siteKilledAtEveryWriteToTheExchangeGivesTheSameAnswer(CrashingStore.When when) {
    SiteId killed = Federation.id(1);
    int kills = 0;
    for (int write = 1; write < 60; write++) {
      try (Federation federation = new Federation(3, write)) {
        int at = write;
        boolean[] alive = {true};
        RecordingExchange record = new RecordingExchange(federation.exchange());
        federation.wrapExchange(exchange -> record);
        federation.wrapExchange(
            killed, exchange -> alive[0] ? new Deadly(exchange, at, when) : exchange);
        if (!killedOnce(federation, killed, alive, record)) {
          break;
        }
        kills++;
      }
    }
    assertThat(kills).isGreaterThan(8);
  }

  private static boolean killedOnce(
      Federation federation, SiteId killed, boolean[] alive, RecordingExchange record) {
    Map<SiteId, long[]> data = federation.data(4);
    Study study = federation.study("killed", 3, Optional.empty(), 3, 1);
    Federation.Run run = federation.run(study, List.of(new StepSums(3, 4, 2, 3)), data);
    run.startAll();
    boolean died = false;
    try {
      run.settle();
    } catch (CrashingStore.Killed expected) {
      died = true;
      alive[0] = false;
      run.restart(killed);
    }
    run.finish();
    record.requireOneObjectInAPlace();
    assertThat(run.refused).isEmpty();
    assertThat(run.coordinator().results())
        .isEqualTo(
            Map.of(
                0,
                List.of(
                    Federation.expected(data, data.keySet(), 0),
                    Federation.expected(data, data.keySet(), 1))));
    return died;
  }

  @Test
  void coordinatorKilledAtEveryWriteToTheExchangeGivesTheSameAnswer() {
    int kills = 0;
    for (int write = 1; write < 60; write++) {
      try (Federation federation = new Federation(3, write)) {
        int at = write;
        boolean[] alive = {true};
        federation.wrapCoordinatorExchange(
            exchange -> alive[0] ? new Deadly(exchange, at, CrashingStore.When.AFTER) : exchange);
        Map<SiteId, long[]> data = federation.data(4);
        Study study = federation.study("killed", 3, Optional.empty(), 3, 1);
        Federation.Run run = federation.run(study, List.of(StepSums.of(3, 4, 2)), data);
        run.startAll();
        boolean died = false;
        try {
          run.settle();
        } catch (CrashingStore.Killed expected) {
          died = true;
          alive[0] = false;
          run.restartCoordinator();
        }
        run.finish();
        assertThat(run.refused).isEmpty();
        assertThat(run.coordinator().results()).hasSize(1);
        assertThat(run.coordinator().failures()).isEmpty();
        if (!died) {
          break;
        }
        kills++;
      }
    }
    assertThat(kills).isGreaterThan(8);
  }
}
