package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.exchange.Exchange;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stored object that is damaged costs its sender the round, and nobody else anything. */
class DamagedObjectsTest {
  private static final int SITES = 4;
  private static final SiteId UNLUCKY = Federation.id(1);

  /** An exchange one of whose objects is no longer what was put. */
  private static final class DamagedExchange extends ForwardingExchange {
    private final Exchange exchange;
    private final Predicate<String> damaged;
    private final List<String> asked = new ArrayList<>();

    private DamagedExchange(Exchange exchange, Predicate<String> damaged) {
      super(exchange);
      this.exchange = exchange;
      this.damaged = damaged;
    }

    @Override
    public Optional<byte[]> get(String name) {
      if (asked.isEmpty() && damaged.test(name)) {
        asked.add(name);
      }
      if (asked.contains(name)) {
        throw Errors.badFrame("Stored object '" + name + "' is damaged.");
      }
      return exchange.get(name);
    }
  }

  /** Kinds of a site's messages, and F for its frames. A lost ack costs the epoch only. */
  @ParameterizedTest
  @ValueSource(strings = {"key", "ack", "upload", "F"})
  void theStudyGoesOn(String kind) {
    try (Federation federation = new Federation(SITES, 7)) {
      List<DamagedExchange> damaged = new ArrayList<>();
      federation.wrapExchange(
          exchange -> {
            damaged.add(new DamagedExchange(exchange, name -> isOfUnlucky(kind, name)));
            return damaged.get(0);
          });
      Map<SiteId, long[]> data = federation.data(5);
      Study study = federation.study("damage", SITES, Optional.empty(), 3, 1);
      Federation.Run run = federation.run(study, List.of(StepSums.of(SITES, 5, 2)), data);
      run.startAll();

      run.finish();

      assertThat(damaged.get(0).asked).as(() -> names(federation)).isNotEmpty();
      assertThat(run.coordinator().gaveUp()).isEmpty();
      assertThat(run.coordinator().failures()).isEmpty();
      List<SiteId> others = new ArrayList<>(data.keySet());
      if (!kind.equals("ack")) {
        others.remove(UNLUCKY);
      }
      assertThat(run.coordinator().results().get(0))
          .isEqualTo(
              List.of(Federation.expected(data, others, 0), Federation.expected(data, others, 1)));
    }
  }

  private static boolean isOfUnlucky(String kind, String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    return kind.equals("F")
        ? name.contains("/f/") && name.contains("/" + UNLUCKY + "/")
        : file.startsWith(kind + "-" + UNLUCKY + "-");
  }

  private static String names(Federation federation) {
    return String.join("\n", federation.exchange().list(""));
  }
}
