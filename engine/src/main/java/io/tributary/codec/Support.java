package io.tributary.codec;

import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Slot;
import io.tributary.analysis.Width;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The support round (PROTOCOL.md 2.11): how many sites have anything at each place of a sum, asked
 * before the sum itself, so that places which too few sites fill stay empty. A place is one element
 * of one slot; places are numbered slot after slot, in the layout's order. Layouts of one block.
 */
public final class Support {
  private Support() {}

  /** Places of a layout. */
  public static int places(Layout layout) {
    if (layout.blocks() != 1) {
      throw new IllegalArgumentException(layout + " has several blocks");
    }
    int places = 0;
    for (Slot slot : layout.slots()) {
      places = Math.addExact(places, slot.size() * layout.rowsIn(0));
    }
    return places;
  }

  /** Shape of the round that asks: one indicator a place, 0 or 1 a site. */
  public static Layout layout(Layout asked) {
    Layout.Builder layout = Layout.of(asked.sites());
    for (Slot slot : asked.slots()) {
      layout.count(slot.name(), slot.size() * asked.rowsIn(0), "site", 1, 1);
    }
    return layout.build();
  }

  /** 1 at every place where the site's part is not zero. */
  public static Partial indicators(Partial part) {
    Layout layout = part.layout();
    long[] words = FixedPoint.encode(part, 0).wordsInTheClear();
    long[] indicators = new long[places(layout)];
    int place = 0;
    for (int index = 0; index < layout.slots().size(); index++) {
      Slot slot = layout.slots().get(index);
      int at = layout.offset(index, 0);
      int elements = slot.size() * layout.rowsIn(0);
      for (int element = 0; element < elements; element++) {
        long bits =
            slot.width() == Width.NARROW
                ? words[at + element]
                : words[at + 2 * element] | words[at + 2 * element + 1];
        indicators[place++] = bits == 0 ? 0 : 1;
      }
    }
    return Partial.of(layout(layout), indicators);
  }

  /**
   * The site's part with nothing at some places.
   *
   * @param left places that stay empty
   */
  public static Partial without(Partial part, BitSet left) {
    Layout layout = part.layout();
    // The vector is a copy: the part itself stays as it is.
    long[] words = FixedPoint.encode(part, 0).wordsInTheClear();
    int place = 0;
    for (int index = 0; index < layout.slots().size(); index++) {
      Slot slot = layout.slots().get(index);
      int at = layout.offset(index, 0);
      int elements = slot.size() * layout.rowsIn(0);
      for (int element = 0; element < elements; element++) {
        if (left.get(place++)) {
          if (slot.width() == Width.NARROW) {
            words[at + element] = 0;
          } else {
            words[at + 2 * element] = 0;
            words[at + 2 * element + 1] = 0;
          }
        }
      }
    }
    return Partial.of(layout, Arrays.copyOf(words, layout.words(0)));
  }
}
