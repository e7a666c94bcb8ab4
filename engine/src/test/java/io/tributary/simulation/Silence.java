package io.tributary.simulation;

import io.tributary.exchange.Exchange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A party whose messages of one kind are lost on the way. */
record Silence(Exchange exchange, String kind) implements Exchange {
  @Override
  public void put(String name, byte[] bytes) {
    if (!name.contains(kind)) {
      exchange.put(name, bytes);
    }
  }

  @Override
  public Optional<byte[]> get(String name) {
    return exchange.get(name);
  }

  @Override
  public List<String> list(String prefix) {
    return exchange.list(prefix);
  }

  @Override
  public List<String> await(String prefix, List<String> known, Duration patience) {
    return exchange.await(prefix, known, patience);
  }

  @Override
  public void remove(String prefix) {
    exchange.remove(prefix);
  }

  @Override
  public void close() {
    exchange.close();
  }
}
