package io.tributary.simulation;

import io.tributary.exchange.Exchange;

/** A party whose messages of one kind are lost on the way. */
final class Silence extends ForwardingExchange {
  private final String kind;

  Silence(Exchange exchange, String kind) {
    super(exchange);
    this.kind = kind;
  }

  @Override
  public void put(String name, byte[] bytes) {
    if (!name.contains(kind)) {
      super.put(name, bytes);
    }
  }
}
