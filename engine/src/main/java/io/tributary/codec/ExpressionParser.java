package io.tributary.codec;

import io.tributary.study.Errors;
import io.tributary.study.Expression;
import io.tributary.study.Expression.Between;
import io.tributary.study.Expression.Binary;
import io.tributary.study.Expression.Branch;
import io.tributary.study.Expression.Call;
import io.tributary.study.Expression.Case;
import io.tributary.study.Expression.ColumnName;
import io.tributary.study.Expression.Flag;
import io.tributary.study.Expression.Function;
import io.tributary.study.Expression.In;
import io.tributary.study.Expression.IsMissing;
import io.tributary.study.Expression.Missing;
import io.tributary.study.Expression.Negative;
import io.tributary.study.Expression.Not;
import io.tributary.study.Expression.Numeric;
import io.tributary.study.Expression.Operator;
import io.tributary.study.Expression.Text;
import io.tributary.study.TributaryException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Parses {@code where} and {@code derive} by recursive descent. The grammar, loosest first:
 *
 * <pre>
 * or         = and ("or" and)*
 * and        = not ("and" not)*
 * not        = "not" not | comparison
 * comparison = sum [("=" | "==" | "!=" | "&lt;&gt;" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=") sum
 *            | ["not"] "in" "(" literal ("," literal)* ")"
 *            | ["not"] "between" sum "and" sum
 *            | "is" ["not"] "null"]
 * sum        = product (("+" | "-") product)*
 * product    = unary (("*" | "/" | "%") unary)*
 * unary      = "-" unary | "+" unary | primary
 * primary    = number | 'text' | "text" | "true" | "false" | "null" | "date" 'yyyy-mm-dd'
 *            | "case" ("when" or "then" or)+ ["else" or] "end"
 *            | function "(" or ("," or)* ")" | column | `column` | "(" or ")"
 * column     = letter or "_", then letters, digits, "_" and "."
 * </pre>
 *
 * Words are case-insensitive, names of columns are not. A quote inside a text is doubled. Errors
 * are EXPRESSION_INVALID and name the position.
 */
public final class ExpressionParser {
  public static final int MAX_CHARACTERS = 4000;

  /** Parentheses, functions, signs and negations inside each other. */
  public static final int MAX_DEPTH = 32;

  /** Operands and operations together. */
  public static final int MAX_NODES = 500;

  private static final Set<String> WORDS =
      Set.of(
          "and", "or", "not", "in", "between", "is", "null", "case", "when", "then", "else", "end",
          "true", "false");

  private static final Map<String, Function> FUNCTIONS =
      Arrays.stream(Function.values()).collect(Collectors.toMap(Function::word, f -> f));

  private static final Map<String, Operator> COMPARISONS =
      Map.of(
          "=", Operator.EQUAL,
          "==", Operator.EQUAL,
          "!=", Operator.NOT_EQUAL,
          "<>", Operator.NOT_EQUAL,
          "<", Operator.LESS,
          "<=", Operator.AT_MOST,
          ">", Operator.GREATER,
          ">=", Operator.AT_LEAST);

  private final List<Token> tokens;
  private int next;
  private int depth;
  private int nodes;

  private ExpressionParser(List<Token> tokens) {
    this.tokens = tokens;
  }

  /** The expression as a tree; types are judged by {@link ExpressionTypes}. */
  public static Expression parse(String text) {
    requireVisible(text);
    if (text.length() > MAX_CHARACTERS) {
      throw Errors.expressionInvalid(
          1,
          "the expression has " + text.length() + " characters.",
          "Use at most " + MAX_CHARACTERS + "; split it into derived columns.");
    }
    ExpressionParser parser = new ExpressionParser(tokens(text));
    Expression expression = parser.or();
    Token rest = parser.peek();
    if (rest.kind() != Kind.END) {
      throw unexpected(rest, "an operator or the end");
    }
    return expression;
  }

  /**
   * A steward reads the expression: what turns text around, hides in it or has no form at all is
   * refused, also inside quotes. Joiners, which some scripts need inside words, are let through.
   */
  private static void requireVisible(String text) {
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      int c = text.codePointAt(at);
      boolean space = c == '\t' || c == '\n' || c == '\r';
      boolean joiner = c == 0x200c || c == 0x200d;
      boolean visible =
          switch (Character.getType(c)) {
            case Character.CONTROL -> space;
            case Character.FORMAT -> joiner;
            case Character.LINE_SEPARATOR,
                Character.PARAGRAPH_SEPARATOR,
                Character.SURROGATE,
                Character.PRIVATE_USE,
                Character.UNASSIGNED ->
                false;
            default -> true;
          };
      if (!visible) {
        throw Errors.expressionInvalid(
            at + 1,
            String.format("the character U+%04X cannot be seen.", c),
            "Remove it: who decides on a study has to see what it says.");
      }
    }
  }

  // ---- tokens
  // ------------------------------------------------------------------------------------

  private enum Kind {
    NUMBER,
    TEXT,
    NAME,
    QUOTED_NAME,
    SIGN,
    END
  }

  private record Token(Kind kind, String text, int position) {
    boolean is(String wordOrSign) {
      return switch (kind) {
        case NAME -> text.toLowerCase(Locale.ROOT).equals(wordOrSign);
        case SIGN -> text.equals(wordOrSign);
        case NUMBER, TEXT, QUOTED_NAME, END -> false;
      };
    }

    String shown() {
      return kind == Kind.END ? "the end" : "'" + text + "'";
    }
  }

  private static List<Token> tokens(String text) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        at++;
        continue;
      }
      int end;
      if (Character.isLetter(c) || c == '_') {
        end = at + 1;
        while (end < text.length() && isNamePart(text.charAt(end))) {
          end++;
        }
        tokens.add(new Token(Kind.NAME, text.substring(at, end), at + 1));
      } else if (isDigit(c)
          || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
        end = numberEnd(text, at);
        tokens.add(new Token(Kind.NUMBER, text.substring(at, end), at + 1));
      } else if (c == '\'' || c == '"' || c == '`') {
        end = quotedEnd(text, at, c);
        String inside = text.substring(at + 1, end - 1).replace("" + c + c, "" + c);
        tokens.add(new Token(c == '`' ? Kind.QUOTED_NAME : Kind.TEXT, inside, at + 1));
      } else {
        end = at + signLength(text, at);
        tokens.add(new Token(Kind.SIGN, text.substring(at, end), at + 1));
      }
      at = end;
    }
    tokens.add(new Token(Kind.END, "", text.length() + 1));
    return tokens;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.';
  }

  private static int numberEnd(String text, int start) {
    int end = start;
    while (end < text.length() && (isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
      end++;
    }
    if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
      int exponent = end + 1;
      if (exponent < text.length()
          && (text.charAt(exponent) == '+' || text.charAt(exponent) == '-')) {
        exponent++;
      }
      int digits = exponent;
      while (digits < text.length() && isDigit(text.charAt(digits))) {
        digits++;
      }
      if (digits > exponent) {
        end = digits;
      }
    }
    return end;
  }

  private static int quotedEnd(String text, int start, char quote) {
    int end = start + 1;
    while (end < text.length()) {
      if (text.charAt(end) == quote) {
        if (end + 1 < text.length() && text.charAt(end + 1) == quote) {
          end++;
        } else {
          return end + 1;
        }
      }
      end++;
    }
    throw Errors.expressionInvalid(
        start + 1, "the quote " + quote + " is not closed.", "Close it; inside, double it.");
  }

  private static int signLength(String text, int at) {
    String two = text.substring(at, Math.min(at + 2, text.length()));
    if (COMPARISONS.containsKey(two)) {
      return two.length();
    }
    if (two.equals("&&") || two.equals("||")) {
      throw Errors.expressionInvalid(at + 1, "'" + two + "' is not known.", "Write 'and' or 'or'.");
    }
    char c = text.charAt(at);
    if ("+-*/%()=<>,".indexOf(c) >= 0) {
      return 1;
    }
    throw Errors.expressionInvalid(
        at + 1,
        "the character '" + c + "' is not allowed.",
        "Put unusual column names in backquotes and texts in quotes.");
  }

  // ---- grammar
  // -----------------------------------------------------------------------------------

  private Expression or() {
    Expression left = and();
    while (peek().is("or")) {
      Token sign = take();
      left = node(new Binary(Operator.OR, left, and(), sign.position()));
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (peek().is("and")) {
      Token sign = take();
      left = node(new Binary(Operator.AND, left, not(), sign.position()));
    }
    return left;
  }

  private Expression not() {
    if (!peek().is("not")) {
      return comparison();
    }
    Token sign = take();
    enter(sign);
    Expression operand = not();
    depth--;
    return node(new Not(operand, sign.position()));
  }

  private Expression comparison() {
    Expression left = sum();
    Token token = peek();
    Operator operator = token.kind() == Kind.SIGN ? COMPARISONS.get(token.text()) : null;
    if (operator != null) {
      take();
      Expression comparison = node(new Binary(operator, left, sum(), token.position()));
      if (peek().kind() == Kind.SIGN && COMPARISONS.containsKey(peek().text())) {
        throw Errors.expressionInvalid(
            peek().position(),
            "a comparison follows a comparison.",
            "Write between, or join two comparisons with 'and'.");
      }
      return comparison;
    }
    if (token.is("is")) {
      take();
      boolean negated = takeIf("not");
      expect("null");
      return negatedIf(negated, node(new IsMissing(left, token.position())));
    }
    boolean negated = token.is("not");
    if (negated) {
      take();
    }
    if (peek().is("in")) {
      return negatedIf(negated, in(left, take()));
    }
    if (peek().is("between")) {
      Token sign = take();
      Expression low = sum();
      expect("and");
      return negatedIf(negated, node(new Between(left, low, sum(), sign.position())));
    }
    if (negated) {
      throw unexpected(peek(), "'in' or 'between' after 'not'");
    }
    return left;
  }

  private Expression negatedIf(boolean negated, Expression expression) {
    return negated ? node(new Not(expression, expression.position())) : expression;
  }

  private Expression in(Expression operand, Token sign) {
    expect("(");
    List<Expression> choices = new ArrayList<>();
    do {
      choices.add(literal());
    } while (takeIf(","));
    expect(")");
    return node(new In(operand, choices, sign.position()));
  }

  private Expression literal() {
    Token token = peek();
    boolean sign = token.is("-");
    if (sign) {
      take();
    }
    Expression value = primary();
    if (value instanceof Numeric number) {
      return sign ? node(new Numeric(-number.value(), token.position())) : number;
    }
    if (!sign
        && (value instanceof Text || value instanceof Flag || value instanceof Expression.Date)) {
      return value;
    }
    throw Errors.expressionInvalid(
        token.position(), "'in' lists values only.", "Write numbers, texts or dates.");
  }

  private Expression sum() {
    Expression left = product();
    while (peek().is("+") || peek().is("-")) {
      Token sign = take();
      Operator operator = sign.is("+") ? Operator.PLUS : Operator.MINUS;
      left = node(new Binary(operator, left, product(), sign.position()));
    }
    return left;
  }

  private Expression product() {
    Expression left = unary();
    while (peek().is("*") || peek().is("/") || peek().is("%")) {
      Token sign = take();
      Operator operator =
          sign.is("*") ? Operator.TIMES : sign.is("/") ? Operator.DIVIDED_BY : Operator.MODULO;
      left = node(new Binary(operator, left, unary(), sign.position()));
    }
    return left;
  }

  private Expression unary() {
    Token sign = peek();
    if (!sign.is("-") && !sign.is("+")) {
      return primary();
    }
    take();
    enter(sign);
    Expression operand = unary();
    depth--;
    if (sign.is("+")) {
      return operand;
    }
    return operand instanceof Numeric number
        ? new Numeric(-number.value(), sign.position())
        : node(new Negative(operand, sign.position()));
  }

  private Expression primary() {
    Token token = take();
    enter(token);
    Expression result =
        switch (token.kind()) {
          case NUMBER -> node(new Numeric(number(token), token.position()));
          case TEXT -> node(new Text(token.text(), token.position()));
          case QUOTED_NAME -> node(new ColumnName(token.text(), token.position()));
          case NAME -> named(token);
          case SIGN -> {
            if (!token.is("(")) {
              throw unexpected(token, "a value");
            }
            Expression inside = or();
            expect(")");
            yield inside;
          }
          case END -> throw unexpected(token, "a value");
        };
    depth--;
    return result;
  }

  private Expression named(Token token) {
    String word = token.text().toLowerCase(Locale.ROOT);
    if (word.equals("true") || word.equals("false")) {
      return node(new Flag(word.equals("true"), token.position()));
    }
    if (word.equals("null")) {
      return node(new Missing(token.position()));
    }
    if (word.equals("case")) {
      return cases(token);
    }
    if (word.equals("date") && peek().kind() == Kind.TEXT) {
      return node(new Expression.Date(date(take()), token.position()));
    }
    if (WORDS.contains(word)) {
      throw unexpected(token, "a value");
    }
    if (peek().is("(")) {
      return call(token, word);
    }
    return node(new ColumnName(token.text(), token.position()));
  }

  private Expression cases(Token start) {
    List<Branch> branches = new ArrayList<>();
    while (takeIf("when")) {
      Expression condition = or();
      expect("then");
      branches.add(new Branch(condition, or()));
    }
    if (branches.isEmpty()) {
      throw unexpected(peek(), "'when'");
    }
    Optional<Expression> otherwise = takeIf("else") ? Optional.of(or()) : Optional.empty();
    expect("end");
    return node(new Case(branches, otherwise, start.position()));
  }

  private Expression call(Token name, String word) {
    Function function = FUNCTIONS.get(word);
    if (function == null) {
      throw Errors.expressionInvalid(
          name.position(),
          "the function '" + name.text() + "' is not allowed.",
          "Allowed are: "
              + FUNCTIONS.keySet().stream().sorted().collect(Collectors.joining(", "))
              + ".");
    }
    expect("(");
    List<Expression> arguments = new ArrayList<>();
    if (!peek().is(")")) {
      do {
        arguments.add(or());
      } while (takeIf(","));
    }
    expect(")");
    if (arguments.size() < function.least() || arguments.size() > function.most()) {
      throw Errors.expressionInvalid(
          name.position(),
          "'" + word + "' has " + arguments.size() + " arguments.",
          function.least() == function.most()
              ? "Give it " + function.least() + "."
              : "Give it " + function.least() + " to " + function.most() + ".");
    }
    return node(new Call(function, arguments, name.position()));
  }

  private static double number(Token token) {
    try {
      double value = Double.parseDouble(token.text());
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException twoDots) {
      // said below
    }
    throw Errors.expressionInvalid(
        token.position(),
        "'" + token.text() + "' is not a number.",
        "Write it as 12, 1.5 or 1e-3.");
  }

  private static LocalDate date(Token token) {
    try {
      return LocalDate.parse(token.text());
    } catch (DateTimeException notADate) {
      throw Errors.expressionInvalid(
          token.position(), "'" + token.text() + "' is not a date.", "Write '2026-12-31'.");
    }
  }

  // ---- reading
  // -----------------------------------------------------------------------------------

  private Token peek() {
    return tokens.get(next);
  }

  private Token take() {
    Token token = tokens.get(next);
    if (token.kind() != Kind.END) {
      next++;
    }
    return token;
  }

  private boolean takeIf(String wordOrSign) {
    boolean there = peek().is(wordOrSign);
    if (there) {
      take();
    }
    return there;
  }

  private void expect(String wordOrSign) {
    if (!takeIf(wordOrSign)) {
      throw unexpected(peek(), "'" + wordOrSign + "'");
    }
  }

  private void enter(Token token) {
    if (++depth > MAX_DEPTH) {
      throw Errors.expressionInvalid(
          token.position(),
          "more than " + MAX_DEPTH + " parts inside each other.",
          "Split it into derived columns.");
    }
  }

  private <E extends Expression> E node(E expression) {
    if (++nodes > MAX_NODES) {
      throw Errors.expressionInvalid(
          expression.position(),
          "the expression has more than " + MAX_NODES + " parts.",
          "Split it into derived columns.");
    }
    return expression;
  }

  private static TributaryException unexpected(Token found, String expected) {
    return Errors.expressionInvalid(
        found.position(),
        "expected " + expected + ", found " + found.shown() + ".",
        "Look at the text before this place; conf/study.yaml shows the grammar.");
  }
}
