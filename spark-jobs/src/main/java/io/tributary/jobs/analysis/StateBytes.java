package io.tributary.jobs.analysis;

import io.tributary.study.Errors;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Public states as bytes; equal states give equal bytes. Everything is big-endian.
 *
 * <pre>
 *   u8  length of the form's name, then the name in ASCII: a state of another analysis is refused
 *   then the fields in the order the analysis writes them:
 *     whole     8 bytes
 *     real      8 bytes, raw bits; NaN is never written and never read
 *     text      u32 length, UTF-8
 *     decimal   u32 scale, u32 length, two's complement of the unscaled value, scale least
 *     list      u32 count, then the items
 * </pre>
 */
public final class StateBytes {
  /** Items a list may have; a state that claims more is refused before anything is allocated. */
  public static final int MAX_ITEMS = 1 << 22;

  private StateBytes() {}

  public static Writer write(String form) {
    return new Writer(form);
  }

  /** Begins to read; BAD_MESSAGE if the bytes are of another form. */
  public static Reader read(String form, byte[] bytes) {
    return new Reader(form, bytes);
  }

  /** Collects fields. */
  public static final class Writer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Writer(String form) {
      byte[] name = form.getBytes(StandardCharsets.US_ASCII);
      out.write(name.length);
      out.writeBytes(name);
    }

    public Writer whole(long value) {
      out.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
      return this;
    }

    public Writer real(double value) {
      if (Double.isNaN(value)) {
        throw new IllegalArgumentException("NaN in a state");
      }
      return whole(Double.doubleToRawLongBits(value));
    }

    public Writer text(String value) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      length(utf8.length);
      out.writeBytes(utf8);
      return this;
    }

    public Writer decimal(BigDecimal value) {
      BigDecimal least = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
      byte[] unscaled = least.unscaledValue().toByteArray();
      length(least.scale());
      length(unscaled.length);
      out.writeBytes(unscaled);
      return this;
    }

    public Writer wholes(long[] values) {
      length(values.length);
      for (long value : values) {
        whole(value);
      }
      return this;
    }

    public Writer reals(double[] values) {
      length(values.length);
      for (double value : values) {
        real(value);
      }
      return this;
    }

    /** Another state inside this one. */
    public Writer state(byte[] bytes) {
      length(bytes.length);
      out.writeBytes(bytes);
      return this;
    }

    public Writer texts(List<String> values) {
      length(values.size());
      values.forEach(this::text);
      return this;
    }

    public Writer decimals(List<BigDecimal> values) {
      length(values.size());
      values.forEach(this::decimal);
      return this;
    }

    public byte[] bytes() {
      return out.toByteArray();
    }

    private void length(int value) {
      out.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
    }
  }

  /** Takes fields in order; trusts nothing. */
  public static final class Reader {
    private final String form;
    private final ByteBuffer in;

    private Reader(String form, byte[] bytes) {
      this.form = form;
      this.in = ByteBuffer.wrap(bytes);
      byte[] name = form.getBytes(StandardCharsets.US_ASCII);
      if (bytes.length <= name.length || (in.get() & 0xff) != name.length) {
        throw refuse();
      }
      byte[] found = new byte[name.length];
      in.get(found);
      if (!java.util.Arrays.equals(name, found)) {
        throw refuse();
      }
    }

    public long whole() {
      need(8);
      return in.getLong();
    }

    /** A whole number from {@code low} to {@code high}. */
    public int whole(int low, int high) {
      long value = whole();
      if (value < low || value > high) {
        throw refuse();
      }
      return (int) value;
    }

    /** A number that is not NaN; it may be infinite. */
    public double real() {
      double value = Double.longBitsToDouble(whole());
      if (Double.isNaN(value)) {
        throw refuse();
      }
      return value;
    }

    public String text() {
      byte[] utf8 = bytes();
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      } catch (CharacterCodingException e) {
        throw refuse();
      }
    }

    public BigDecimal decimal() {
      need(4);
      int scale = in.getInt();
      byte[] unscaled = bytes();
      // Sums on the grids used here have at most some hundred digits.
      if (unscaled.length == 0 || unscaled.length > 512 || Math.abs((long) scale) > 4096) {
        throw refuse();
      }
      BigDecimal value = new BigDecimal(new BigInteger(unscaled), scale);
      BigDecimal least = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
      if (least.scale() != scale || least.unscaledValue().toByteArray().length != unscaled.length) {
        throw refuse();
      }
      return least;
    }

    public long[] wholes() {
      long[] values = new long[count(8)];
      for (int i = 0; i < values.length; i++) {
        values[i] = whole();
      }
      return values;
    }

    public double[] reals() {
      double[] values = new double[count(8)];
      for (int i = 0; i < values.length; i++) {
        values[i] = real();
      }
      return values;
    }

    /** As many numbers as {@code size}. */
    public double[] reals(int size) {
      double[] values = reals();
      if (values.length != size) {
        throw refuse();
      }
      return values;
    }

    /** As many whole numbers as {@code size}. */
    public long[] wholes(int size) {
      long[] values = wholes();
      if (values.length != size) {
        throw refuse();
      }
      return values;
    }

    /** Bytes of a state inside this one. */
    public byte[] state() {
      return bytes();
    }

    public List<String> texts() {
      int count = count(4);
      List<String> values = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        values.add(text());
      }
      return values;
    }

    public List<BigDecimal> decimals(int size) {
      int count = count(8);
      if (count != size) {
        throw refuse();
      }
      List<BigDecimal> values = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        values.add(decimal());
      }
      return values;
    }

    /** Items that follow, each of at least {@code bytesEach} bytes. */
    public int count(int bytesEach) {
      need(4);
      int count = in.getInt();
      if (count < 0 || count > MAX_ITEMS || (long) count * bytesEach > in.remaining()) {
        throw refuse();
      }
      return count;
    }

    /** Ends reading: nothing may be left. */
    public void end() {
      if (in.hasRemaining()) {
        throw refuse();
      }
    }

    /** What a state that makes no sense gets. */
    public RuntimeException refuse() {
      return Errors.badMessage("A state of '" + form + "' is not in its form.");
    }

    private byte[] bytes() {
      byte[] part = new byte[count(1)];
      in.get(part);
      return part;
    }

    private void need(int bytes) {
      if (in.remaining() < bytes) {
        throw refuse();
      }
    }
  }
}
