package io.tributary.simulation;

import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.ObjectNames;
import io.tributary.identity.SigningIdentity;
import io.tributary.protocol.Message;
import io.tributary.protocol.Place;
import io.tributary.protocol.SignedObject;
import java.util.List;

/**
 * A party that lies: everything it says passes through here, is changed, and is signed again with
 * the party's own key. Its states never know, so they go on speaking the protocol.
 */
final class LyingExchange extends ForwardingExchange {
  private final Exchange exchange;
  private final String sender;
  private final SigningIdentity identity;
  private final int rosterSize;
  private final Lie lie;

  /** What is said in place of a message: nothing, itself, another one, or several. */
  interface Lie {
    List<Message> of(String name, Message message);
  }

  LyingExchange(
      Exchange exchange, String sender, SigningIdentity identity, int rosterSize, Lie lie) {
    super(exchange);
    this.exchange = exchange;
    this.sender = sender;
    this.identity = identity;
    this.rosterSize = rosterSize;
    this.lie = lie;
  }

  @Override
  public void put(String name, byte[] bytes) {
    if (name.contains("/f/")) {
      exchange.put(name, bytes);
      return;
    }
    Message message = SignedObject.decode(bytes).message(rosterSize);
    for (Message said : lie.of(name, message)) {
      SignedObject object =
          said.equals(message)
              ? SignedObject.decode(bytes)
              : SignedObject.sign(sender, said, identity);
      exchange.put(
          name.substring(0, name.length() - 16) + object.digest().shortHex(),
          object.encoded().toArray());
    }
  }

  /** Signs and writes a message of the coordinator that nobody asked for. */
  static void say(
      Exchange exchange, Digest study, SigningIdentity coordinator, Place place, Message message) {
    SignedObject object = SignedObject.sign("coordinator", message, coordinator);
    exchange.put(new ObjectNames(study).ofCoordinator(place, object), object.encoded().toArray());
  }
}
