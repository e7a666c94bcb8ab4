package io.tributary.report.text;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes markup that is HTML5 and well-formed XML at once. All text and all attribute values pass
 * through {@link #escape}; there is no way to write a raw string, so a level named like a script
 * stays a name.
 */
public final class Markup {
  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** Starts an element; attributes are name, value, name, value. A null value omits its name. */
  public Markup open(String tag, String... attributes) {
    start(tag, attributes);
    out.append('>');
    open.push(tag);
    return this;
  }

  /** Ends the innermost open element, which must be {@code tag}. */
  public Markup close(String tag) {
    String innermost = open.pop();
    if (!innermost.equals(tag)) {
      throw new IllegalStateException("closing " + tag + " inside " + innermost);
    }
    out.append("</").append(tag).append('>');
    return this;
  }

  /** An element with nothing inside, e.g. {@code meta} or an SVG {@code rect}. */
  public Markup empty(String tag, String... attributes) {
    start(tag, attributes);
    out.append("/>");
    return this;
  }

  /** An element that holds text only. */
  public Markup element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close(tag);
  }

  public Markup text(String text) {
    out.append(escape(text));
    return this;
  }

  /** Line break in the source, for people who read it. */
  public Markup line() {
    out.append('\n');
    return this;
  }

  /** Style sheet of this project; must not hold anything that ends the element. */
  public Markup style(String css) {
    if (css.indexOf('<') >= 0 || css.indexOf('&') >= 0) {
      throw new IllegalArgumentException("style sheet with markup characters");
    }
    out.append("<style>").append(css).append("</style>");
    return this;
  }

  /** Takes over another piece of complete markup. */
  public Markup add(Markup piece) {
    out.append(piece.finished());
    return this;
  }

  /** The markup; every element must be closed. */
  public String finished() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("still open: " + open);
    }
    return out.toString();
  }

  private void start(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      if (attributes[i + 1] != null) {
        out.append(' ').append(attributes[i]).append("=\"");
        out.append(escape(attributes[i + 1])).append('"');
      }
    }
  }

  /**
   * Text that is safe as content and inside quoted attributes. What XML cannot hold (control
   * characters, lone surrogates) and what reorders the text around it (bidirectional overrides)
   * becomes U+FFFD.
   */
  public static String escape(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> appendSafe(safe, c));
    return safe.toString();
  }

  private static void appendSafe(StringBuilder safe, int c) {
    switch (c) {
      case '&' -> safe.append("&amp;");
      case '<' -> safe.append("&lt;");
      case '>' -> safe.append("&gt;");
      case '"' -> safe.append("&quot;");
      case '\'' -> safe.append("&#39;");
      default -> safe.appendCodePoint(isPlain(c) ? c : 0xfffd);
    }
  }

  /** Whether a code point may be shown as it is: no control, no override, nothing XML refuses. */
  public static boolean isPlain(int c) {
    if (c == '\n' || c == '\t') {
      return true;
    }
    boolean control = Character.isISOControl(c);
    boolean surrogate = c >= 0xd800 && c <= 0xdfff;
    boolean noCharacter = (c & 0xfffe) == 0xfffe;
    boolean override = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    return !control && !surrogate && !noCharacter && !override;
  }
}
