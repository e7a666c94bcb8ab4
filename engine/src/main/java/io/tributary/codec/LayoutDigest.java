package io.tributary.codec;

import io.tributary.analysis.Layout;
import io.tributary.analysis.Slot;
import io.tributary.analysis.Width;
import java.util.ArrayList;
import java.util.List;

/**
 * layout_digest: everything about a partial's shape that two parties must agree on (PROTOCOL.md
 * 2.3): slots in order with name, size, unit, bounds, scale and width; sites, rows, rows per block,
 * mode.
 */
public final class LayoutDigest {
  private LayoutDigest() {}

  public static Digest of(Layout layout) {
    List<byte[]> slots = new ArrayList<>();
    for (Slot slot : layout.slots()) {
      slots.add(
          Canonical.enc(
              "slot/v1",
              Canonical.utf8(slot.name()),
              Canonical.u32(slot.size()),
              Canonical.utf8(slot.unit()),
              Canonical.u64(Double.doubleToLongBits(slot.boundPerPerson())),
              Canonical.u64(Double.doubleToLongBits(slot.boundPerSite())),
              Canonical.u64(slot.scaleBits()),
              Canonical.u8(slot.width() == Width.WIDE ? 2 : 1)));
    }
    return Canonical.hash(
        "layout/v1",
        Canonical.list(slots),
        Canonical.u32(layout.sites()),
        Canonical.u64(layout.rows()),
        Canonical.u32(layout.rowsPerBlock()),
        Canonical.u8(layout.mode() == Layout.Mode.EXACT ? 1 : 2));
  }

  /** The shape of the frame that carries a block. */
  public static FrameShape frame(Layout layout, int block) {
    return new FrameShape(layout.wideElements(block), layout.narrowElements(block));
  }
}
