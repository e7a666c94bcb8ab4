package io.tributary.connectors.genomics;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Lines of a text file, plain or gzip, one after another, with their numbers for errors. A line has
 * a bound, so that a binary file that is read as text ends with an error and not without memory.
 */
final class TextLines implements AutoCloseable {
  /** Characters of one line, at most. */
  private static final int MAX_LINE = 1 << 20;

  private final String place;
  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;
  private byte[] line = new byte[256];
  private long number;

  TextLines(String place, InputStream raw) {
    this.place = place;
    this.in = plain(place, raw);
  }

  private static InputStream plain(String place, InputStream raw) {
    try {
      PushbackInputStream in = new PushbackInputStream(raw, 2);
      int first = in.read();
      int second = first < 0 ? -1 : in.read();
      if (second >= 0) {
        in.unread(second);
      }
      if (first >= 0) {
        in.unread(first);
      }
      return first == 0x1f && second == 0x8b ? new GZIPInputStream(in, 1 << 16) : in;
    } catch (IOException e) {
      throw broken(place, 0);
    }
  }

  /** The next line without its end; null after the last. */
  String next() {
    int length = 0;
    boolean some = false;
    while (true) {
      if (at == end) {
        fill();
        if (end < 0) {
          end = 0;
          at = 0;
          return some ? finish(length) : null;
        }
      }
      some = true;
      byte b = buffer[at++];
      if (b == '\n') {
        return finish(length);
      }
      if (length == MAX_LINE) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            place + ", line " + (number + 1),
            "the line has more than " + MAX_LINE + " characters.",
            "This is a text file: look whether another file was named.");
      }
      if (length == line.length) {
        line = java.util.Arrays.copyOf(line, 2 * length);
      }
      line[length++] = b;
    }
  }

  private void fill() {
    try {
      at = 0;
      end = in.read(buffer, 0, buffer.length);
    } catch (IOException e) {
      throw broken(place, number);
    }
  }

  private static TributaryException broken(String place, long number) {
    return Errors.data(
        ErrorCode.DATA_INVALID,
        place + ", after line " + number,
        "the rest cannot be read.",
        "The file is cut off or damaged: copy it again.");
  }

  private String finish(int length) {
    number++;
    int used = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    return new String(line, 0, used, StandardCharsets.UTF_8);
  }

  /** Number of the line that was read last, from 1. */
  long number() {
    return number;
  }

  /** Fields between runs of spaces and tabs. */
  static List<String> fields(String line) {
    List<String> fields = new ArrayList<>(8);
    int length = line.length();
    int from = 0;
    while (from < length) {
      while (from < length && isBlank(line.charAt(from))) {
        from++;
      }
      int to = from;
      while (to < length && !isBlank(line.charAt(to))) {
        to++;
      }
      if (to > from) {
        fields.add(line.substring(from, to));
      }
      from = to;
    }
    return fields;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** A refusal of the line that was read last. */
  TributaryException refuse(String problem, String remedy) {
    return Errors.data(ErrorCode.DATA_INVALID, place + ", line " + number, problem, remedy);
  }

  /** A position: a whole number from 0 to 2^31 - 2. */
  int position(String text) {
    boolean digits = !text.isEmpty() && text.length() <= 10;
    long value = 0;
    for (int i = 0; i < text.length() && digits; i++) {
      char c = text.charAt(i);
      digits = c >= '0' && c <= '9';
      value = 10 * value + (c - '0');
    }
    if (digits && value < Integer.MAX_VALUE) {
      return (int) value;
    }
    throw refuse(
        "the position is not a whole number.",
        "Look whether columns are shifted; positions are counted from 1.");
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      // It was only read: nothing is lost.
      return;
    }
  }
}
