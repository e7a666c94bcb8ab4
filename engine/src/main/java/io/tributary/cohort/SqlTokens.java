package io.tributary.cohort;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words of a text in SQL. Names are in lower case, quoted or not, as the tables of the model
 * are; comments are passed over.
 */
final class SqlTokens {
  private static final String SYMBOLS = "(),.;+-*=<>!/|%";

  /** What a token is. */
  enum Kind {
    WORD,
    NAME,
    NUMBER,
    TEXT,
    SYMBOL,
    END
  }

  /**
   * One token.
   *
   * @param kind a WORD can be a keyword, a NAME was quoted
   * @param line from 1
   */
  record Token(Kind kind, String text, int line) {
    boolean is(String word) {
      return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equals(word);
    }
  }

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  private SqlTokens(String text) {
    this.text = text;
  }

  /** Whether a text begins as a query does, after blanks and comments. */
  static boolean isSql(String text) {
    SqlTokens tokens = new SqlTokens(text);
    try {
      tokens.skip();
    } catch (SqlFault unclosed) {
      return true;
    }
    String word = tokens.word();
    return word.equals("select") || word.equals("with");
  }

  /** All tokens, the last one END. Throws {@link SqlFault}. */
  static List<Token> of(String text) {
    return new SqlTokens(text).all();
  }

  private List<Token> all() {
    skip();
    while (at < text.length()) {
      token();
      skip();
    }
    tokens.add(new Token(Kind.END, "the end", line));
    return tokens;
  }

  private void skip() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n') {
        line++;
        at++;
      } else if (Character.isWhitespace(c)) {
        at++;
      } else if (text.startsWith("--", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
          throw new SqlFault(line, "a comment does not end.");
        }
        line += (int) text.substring(at, end).chars().filter(each -> each == '\n').count();
        at = end + 2;
      } else {
        return;
      }
    }
  }

  private void token() {
    char c = text.charAt(at);
    if (c == '\'' || c == '"' || c == '`') {
      tokens.add(new Token(c == '\'' ? Kind.TEXT : Kind.NAME, quoted(c), line));
    } else if (isDigit(c)) {
      tokens.add(new Token(Kind.NUMBER, number(), line));
    } else if (isLetter(c)) {
      tokens.add(new Token(Kind.WORD, word(), line));
    } else if (SYMBOLS.indexOf(c) >= 0) {
      String two = text.substring(at, Math.min(at + 2, text.length()));
      boolean pair = List.of("<=", ">=", "<>", "!=").contains(two);
      tokens.add(new Token(Kind.SYMBOL, pair ? two : String.valueOf(c), line));
      at += pair ? 2 : 1;
    } else {
      throw new SqlFault(line, "a character that no definition has.");
    }
  }

  private String quoted(char quote) {
    StringBuilder inside = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == quote && at + 1 < text.length() && text.charAt(at + 1) == quote) {
        at++;
      } else if (c == quote) {
        at++;
        return quote == '\'' ? inside.toString() : inside.toString().toLowerCase(Locale.ROOT);
      }
      line += c == '\n' ? 1 : 0;
      inside.append(c);
    }
    throw new SqlFault(line, "a quote does not end.");
  }

  private String number() {
    int from = at;
    while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    return text.substring(from, at);
  }

  private String word() {
    int from = at;
    while (at < text.length() && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)))) {
      at++;
    }
    return text.substring(from, at).toLowerCase(Locale.ROOT);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
