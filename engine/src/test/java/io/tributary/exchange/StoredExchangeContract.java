package io.tributary.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.study.ErrorCode;
import org.junit.jupiter.api.Test;

/** What an {@link Exchange} must do besides when its objects rest on a medium that can rot. */
public abstract class StoredExchangeContract extends ExchangeContract {
  /**
   * Damages the stored form of an object behind the exchange's back: the byte at a relative
   * position 0 to 1 is flipped, or, if {@code truncate}, it and everything after it is cut off.
   */
  protected abstract void damage(String name, double position, boolean truncate) throws Exception;

  /** Puts the stored form of one object in the place of another's. */
  protected abstract void swap(String from, String onto) throws Exception;

  @Test
  void damagedObjectIsFoundOnReading() throws Exception {
    Exchange exchange = open();
    byte[] bytes = randomBytes(3, 200_000);
    int damaged = 0;
    for (double position : new double[] {0, 0.0001, 0.3, 0.999_999}) {
      for (boolean truncate : new boolean[] {false, true}) {
        String name = "a/" + damaged++;
        exchange.put(name, bytes);
        damage(name, position, truncate);
        assertRefused(ErrorCode.BAD_FRAME, () -> open().get(name));
      }
    }
  }

  /** A damaged object stays as evidence: a second put neither mends nor accepts it. */
  @Test
  void damagedObjectIsNotOverwritten() throws Exception {
    Exchange exchange = open();
    byte[] bytes = randomBytes(4, 10_000);
    exchange.put("a/1", bytes);
    damage("a/1", 0.5, false);
    assertRefused(ErrorCode.BAD_FRAME, () -> exchange.put("a/1", bytes));
    assertRefused(ErrorCode.BAD_FRAME, () -> open().get("a/1"));
  }

  @Test
  void swappedObjectIsFoundOnReading() throws Exception {
    Exchange exchange = open();
    exchange.put("a/north", bytes("north's"));
    exchange.put("a/south", bytes("south's"));
    swap("a/north", "a/south");
    assertThat(exchange.get("a/north")).hasValue(bytes("north's"));
    assertRefused(ErrorCode.BAD_FRAME, () -> open().get("a/south"));
  }
}
