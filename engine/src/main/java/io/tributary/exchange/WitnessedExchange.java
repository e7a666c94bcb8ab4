package io.tributary.exchange;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An exchange of which a witness sees every object that goes out or comes in: whatever leaves a
 * party leaves through here, so the party's evidence is complete without any state knowing of it.
 * Closing it closes nothing; the exchange below has its own owner.
 */
public final class WitnessedExchange implements Exchange {
  private final Exchange below;
  private final Witness witness;

  /** Sees what passes. Called on many threads. */
  public interface Witness {
    /** The object is about to leave; it does not if this throws. */
    void leaving(String name, byte[] bytes);

    /** The object was read. */
    void came(String name, byte[] bytes);
  }

  public WitnessedExchange(Exchange below, Witness witness) {
    this.below = below;
    this.witness = witness;
  }

  @Override
  public void put(String name, byte[] bytes) {
    witness.leaving(name, bytes);
    below.put(name, bytes);
  }

  @Override
  public Optional<byte[]> get(String name) {
    Optional<byte[]> found = below.get(name);
    found.ifPresent(bytes -> witness.came(name, bytes));
    return found;
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
    // The exchange below belongs to whoever opened it.
  }

  @Override
  public String toString() {
    return "WitnessedExchange[" + below + "]";
  }
}
