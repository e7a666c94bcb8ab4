package io.tributary.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.exchange.Exchange;
import io.tributary.simulation.ForwardingExchange;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** An exchange that holds whoever first fetches something of a study, and gives nothing. */
public final class Turnstile extends ForwardingExchange {
  private final Set<String> studies = ConcurrentHashMap.newKeySet();
  private final Semaphore entered = new Semaphore(0);
  private final Semaphore open = new Semaphore(0);

  public Turnstile(Exchange below) {
    super(below);
  }

  /** Waits until so many more studies stand here. */
  public void await(int more) throws InterruptedException {
    assertThat(entered.tryAcquire(more, 60, TimeUnit.SECONDS)).isTrue();
  }

  /** Nobody else comes. */
  public void requireNoMore() throws InterruptedException {
    assertThat(entered.tryAcquire(300, TimeUnit.MILLISECONDS)).isFalse();
  }

  public void letPass(int more) {
    open.release(more);
  }

  @Override
  public Optional<byte[]> get(String name) {
    if (studies.add(name.split("/")[1])) {
      entered.release();
      open.acquireUninterruptibly();
    }
    return Optional.empty();
  }
}
