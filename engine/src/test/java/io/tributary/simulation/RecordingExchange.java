package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.exchange.Exchange;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Remembers every name that was ever written, also of objects that were removed since. */
final class RecordingExchange extends ForwardingExchange {
  private final Set<String> written = new TreeSet<>();

  RecordingExchange(Exchange exchange) {
    super(exchange);
  }

  Set<String> written() {
    return written;
  }

  /**
   * One context never masks two vectors: whoever has frames, an Upload, a signature or an answer in
   * a place has one (PROTOCOL.md 2.5; a name ends in the hash of the object).
   */
  void requireOneObjectInAPlace() {
    Map<String, String> places = new HashMap<>();
    for (String name : written) {
      boolean single =
          name.contains("/f/")
              || name.contains("/upload-")
              || name.contains("/signature-")
              || name.contains("/unmask-")
              || name.contains("/boxes-site")
              || name.contains("/key-")
              || name.contains("/ack-");
      if (single) {
        String place = name.substring(0, name.length() - 16);
        assertThat(places.put(place, name)).as("two objects at %s", place).isNull();
      }
    }
  }

  @Override
  public void put(String name, byte[] bytes) {
    written.add(name);
    super.put(name, bytes);
  }
}
