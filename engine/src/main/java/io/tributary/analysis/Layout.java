package io.tributary.analysis;

import io.tributary.study.Errors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The shape of one partial: named slots, repeated for {@code rows} list positions (one for ordinary
 * analyses, variants for genome-wide ones), cut into blocks of {@code rowsPerBlock}. It depends on
 * the analysis's public state, never on data (DESIGN.md 4).
 *
 * <p>Word order inside a block: all wide slots first in declared order, then the narrow ones; a
 * slot's elements stand together, row-major [rowsInBlock x size]. A wide element is two words, low
 * then high, so it always starts at an even offset (PROTOCOL.md 2.5, Frames). A block is one frame:
 * at most {@link #MAX_BLOCK_WORDS} words.
 *
 * <p>Public, and serializable so that Spark closures can hold it.
 */
public final class Layout implements Serializable {
  /** PROTOCOL.md 2.5: 2^20 words less the padding word and the check element. */
  public static final int MAX_BLOCK_WORDS = (1 << 20) - 3;

  /** 2^16 blocks of 8 MiB are half a tebibyte; a layout beyond that is a mistake. */
  public static final int MAX_BLOCKS = 1 << 16;

  private final List<Slot> slots;
  private final int sites;
  private final long rows;
  private final int rowsPerBlock;
  private final Mode mode;
  private final Noise noise;
  private final int wideOfRow;
  private final int narrowOfRow;
  private final int[] wordsBefore;

  private Layout(Builder builder) {
    this.slots = List.copyOf(builder.slots);
    this.sites = builder.sites;
    this.rows = builder.rows;
    this.rowsPerBlock = builder.rowsPerBlock;
    this.mode = builder.mode;
    this.noise = builder.noise;
    if (noise != null && (noise.costs().size() != slots.size() || rows != 1)) {
      throw new IllegalArgumentException("noise for " + noise.costs().size() + " slots");
    }
    Set<String> names = new HashSet<>();
    long words = 0;
    for (Slot slot : slots) {
      if (!names.add(slot.name())) {
        throw new IllegalArgumentException("slot named twice: " + slot.name());
      }
      words += (long) slot.width().words() * slot.size() * rowsPerBlock;
    }
    if (slots.isEmpty()) {
      throw new IllegalArgumentException("a layout needs a slot");
    }
    if (words > MAX_BLOCK_WORDS) {
      throw Errors.layoutWouldWrap(
          slots.get(0).name(),
          "One block has " + words + " words, the most is " + MAX_BLOCK_WORDS + ".",
          "Ask for fewer cells, bins or parameters.");
    }
    if ((rows + rowsPerBlock - 1) / rowsPerBlock > MAX_BLOCKS) {
      throw Errors.layoutWouldWrap(
          slots.get(0).name(), "It has more than " + MAX_BLOCKS + " blocks.", "Split the study.");
    }
    this.wideOfRow = elementsOfRow(Width.WIDE);
    this.narrowOfRow = elementsOfRow(Width.NARROW);
    this.wordsBefore = new int[slots.size()];
    int wide = 0;
    int narrow = 2 * wideOfRow;
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      if (slot.width() == Width.WIDE) {
        wordsBefore[i] = wide;
        wide += 2 * slot.size();
      } else {
        wordsBefore[i] = narrow;
        narrow += slot.size();
      }
    }
  }

  private int elementsOfRow(Width width) {
    int elements = 0;
    for (Slot slot : slots) {
      elements += slot.width() == width ? slot.size() : 0;
    }
    return elements;
  }

  /** Exact: every record goes on the grid. Tolerance: the site's partial does (PROTOCOL.md 2.9). */
  public enum Mode {
    EXACT,
    TOLERANCE
  }

  /** Starts a layout for sums over {@code sites} roster members. */
  public static Builder of(int sites) {
    return new Builder(sites);
  }

  public List<Slot> slots() {
    return slots;
  }

  /** Roster size the scales were chosen for. */
  public int sites() {
    return sites;
  }

  public long rows() {
    return rows;
  }

  public int rowsPerBlock() {
    return rowsPerBlock;
  }

  public Mode mode() {
    return mode;
  }

  /** The noise in its sums; empty if they are exact. */
  public Optional<Noise> noise() {
    return Optional.ofNullable(noise);
  }

  public int blocks() {
    return (int) ((rows + rowsPerBlock - 1) / rowsPerBlock);
  }

  /** Rows in block {@code block}; the last one may be short. */
  public int rowsIn(int block) {
    checkBlock(block);
    return (int) Math.min(rowsPerBlock, rows - (long) block * rowsPerBlock);
  }

  /** Wide elements of a block. */
  public int wideElements(int block) {
    return wideOfRow * rowsIn(block);
  }

  /** Narrow elements of a block. */
  public int narrowElements(int block) {
    return narrowOfRow * rowsIn(block);
  }

  /** Data words of a block, without padding and check element. */
  public int words(int block) {
    return 2 * wideElements(block) + narrowElements(block);
  }

  /** Data words of all blocks. */
  public long words() {
    long total = 0;
    for (int block = 0; block < blocks(); block++) {
      total += words(block);
    }
    return total;
  }

  public int slotIndex(String name) {
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no slot named " + name);
  }

  public boolean hasSlot(String name) {
    return slots.stream().anyMatch(slot -> slot.name().equals(name));
  }

  /** Word offset of the slot's first element inside a block. */
  public int offset(int slotIndex, int block) {
    return wordsBefore[slotIndex] * rowsIn(block);
  }

  private void checkBlock(int block) {
    if (block < 0 || block >= blocks()) {
      throw new IllegalArgumentException("block " + block + " of " + blocks());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Layout that
        && slots.equals(that.slots)
        && sites == that.sites
        && rows == that.rows
        && rowsPerBlock == that.rowsPerBlock
        && mode == that.mode
        && Objects.equals(noise, that.noise);
  }

  @Override
  public int hashCode() {
    return slots.hashCode() * 31 + Long.hashCode(rows);
  }

  @Override
  public String toString() {
    return "Layout[slots=" + slots.size() + ", rows=" + rows + ", words=" + words() + "]";
  }

  /** Collects slots; chooses each scale from public bounds (PROTOCOL.md 2.9). */
  public static final class Builder {
    private final List<Slot> slots = new ArrayList<>();
    private final int sites;
    private long rows = 1;
    private int rowsPerBlock = 1;
    private Mode mode = Mode.EXACT;
    private Noise noise;

    private Builder(int sites) {
      if (sites < 1) {
        throw new IllegalArgumentException("sites=" + sites);
      }
      this.sites = sites;
    }

    public Builder mode(Mode mode) {
      this.mode = mode;
      return this;
    }

    /** Every site adds this noise to its part. */
    public Builder noise(Noise noise) {
      this.noise = noise;
      return this;
    }

    /** Repeats all slots for {@code rows} positions, {@code rowsPerBlock} to a block. */
    public Builder rows(long rows, int rowsPerBlock) {
      if (rows < 1 || rowsPerBlock < 1) {
        throw new IllegalArgumentException("rows=" + rows + " rowsPerBlock=" + rowsPerBlock);
      }
      this.rows = rows;
      this.rowsPerBlock = rowsPerBlock;
      return this;
    }

    /** Whole numbers: each person adds at most {@code perPerson}; scale 0, exact. */
    public Builder count(String name, int size, String unit, long perPerson, long perSite) {
      return add(new Slot(name, size, unit, perPerson, perSite, 0, Width.NARROW));
    }

    /**
     * Real numbers in one word: s = 62 - ceil(log2(sites x perSite)).
     *
     * @param perPerson bound on one person's contribution to one element
     * @param perSite bound on a site's sum of one element
     */
    public Builder narrow(String name, int size, String unit, double perPerson, double perSite) {
      int scale = 62 - ceilLog2(name, perSite * sites);
      return add(new Slot(name, size, unit, perPerson, perSite, scale, Width.NARROW));
    }

    /** Real numbers in two words: s = 126 - ceil(log2(sites x perSite)). */
    public Builder wide(String name, int size, String unit, double perPerson, double perSite) {
      int scale = 126 - ceilLog2(name, perSite * sites);
      return add(new Slot(name, size, unit, perPerson, perSite, scale, Width.WIDE));
    }

    /**
     * Sums of doubles whose range nobody declared: two wide slots, {@code name.high} on the grid
     * 2^-40 and {@code name.low} for what that grid leaves, on 2^-120. Holds |x| below 2^56 for up
     * to 2^30 / sites persons a site; every double of at least 2^-68 is held without error.
     */
    public Builder unbounded(String name, int size, String unit) {
      double persons = Math.scalb(1.0, 30) / sites;
      double high = Math.scalb(1.0, 56);
      double low = Math.scalb(1.0, -41);
      add(new Slot(name + ".high", size, unit, high, high * persons, 40, Width.WIDE));
      return add(new Slot(name + ".low", size, unit, low, low * persons, 120, Width.WIDE));
    }

    /** A slot whose scale is given; refused if its sum over all sites could wrap. */
    public Builder add(Slot slot) {
      int room = slot.width() == Width.NARROW ? 63 : 127;
      int used = ceilLog2(slot.name(), slot.boundPerSite() * sites) + slot.scaleBits();
      // A bound that is itself a power of two may touch 2^room only from below.
      if (used >= room) {
        throw Errors.layoutWouldWrap(
            slot.name(),
            "It needs " + used + " bits beside the sign, its words have " + (room - 1) + ".",
            "Declare a smaller range or fewer persons per site, or let the slot be wide.");
      }
      slots.add(slot);
      return this;
    }

    public Layout build() {
      return new Layout(this);
    }

    /** Least k with 2^k at least {@code value}. */
    static int ceilLog2(String slot, double value) {
      if (!(value > 0) || Double.isInfinite(value)) {
        throw Errors.layoutWouldWrap(
            slot, "Its bound is not a positive finite number.", "Declare a range for the column.");
      }
      int exponent = Math.getExponent(value);
      return Math.scalb(1.0, exponent) == value ? exponent : exponent + 1;
    }
  }
}
