package io.tributary.simulation;

import io.tributary.exchange.Exchange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An exchange before another one; who extends it changes what it is about. */
public abstract class ForwardingExchange implements Exchange {
  private final Exchange below;

  protected ForwardingExchange(Exchange below) {
    this.below = below;
  }

  @Override
  public void put(String name, byte[] bytes) {
    below.put(name, bytes);
  }

  @Override
  public Optional<byte[]> get(String name) {
    return below.get(name);
  }

  @Override
  public List<String> list(String prefix) {
    return below.list(prefix);
  }

  @Override
  public List<String> await(String prefix, List<String> known, Duration patience) {
    return below.await(prefix, known, patience);
  }

  @Override
  public void remove(String prefix) {
    below.remove(prefix);
  }

  @Override
  public void close() {
    below.close();
  }
}
