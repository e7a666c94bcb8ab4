package io.tributary.simulation;

import io.tributary.exchange.Exchange;
import io.tributary.identity.SigningIdentity;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What one site is shown in place of what everybody else sees: messages of a kind, changed. */
final class ShownExchange extends ForwardingExchange {
  private final Exchange exchange;
  private final SigningIdentity coordinator;
  private final String kind;
  private final UnaryOperator<Message> change;
  private final Map<String, byte[]> shown = new HashMap<>();

  ShownExchange(
      Exchange exchange, SigningIdentity coordinator, String kind, UnaryOperator<Message> change) {
    super(exchange);
    this.exchange = exchange;
    this.coordinator = coordinator;
    this.kind = kind;
    this.change = change;
  }

  private String shown(String name) {
    if (!name.contains(kind)) {
      return name;
    }
    Message message = SignedObject.decode(exchange.get(name).orElseThrow()).message(5);
    Message other = change.apply(message);
    if (other.equals(message)) {
      return name;
    }
    SignedObject object = SignedObject.sign("coordinator", other, coordinator);
    String place = name.substring(0, name.length() - 16) + object.digest().shortHex();
    shown.put(place, object.encoded().toArray());
    return place;
  }

  @Override
  public Optional<byte[]> get(String name) {
    return shown.containsKey(name) ? Optional.of(shown.get(name).clone()) : exchange.get(name);
  }

  @Override
  public List<String> list(String prefix) {
    List<String> names = new ArrayList<>();
    exchange.list(prefix).forEach(name -> names.add(shown(name)));
    return names;
  }
}
