package io.tributary.cohort;

import io.tributary.cohort.CohortDefinition.Comparison;
import io.tributary.cohort.CohortDefinition.Item;
import io.tributary.cohort.SqlTokens.Kind;
import io.tributary.cohort.SqlTokens.Token;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Parses a definition in SQL by recursive descent. The grammar, in which words may have any case:
 *
 * <pre>
 * query      = ["with" name "as" "(" set ")" ("," name "as" "(" set ")")*] (select | numbered) [";"]
 * numbered   = "select" name "," name "," name "from" "(" select ")" [["as"] name] "where" name "=" 1
 * select     = "select" ["distinct"] item ("," item)* "from" table ("join" table "on" or)* ["where" or]
 * table      = name [["as"] name]
 * item       = or [["as"] name] | "*"
 *            | "row_number" "(" ")" "over" "(" "partition" "by" column
 *              "order" "by" column ["asc" | "desc"] ("," column)* ")" ["as"] name
 * set        = concepts ("union" ["all"] concepts)* ("except" concepts)*
 * concepts   = "select" name "from" name ["where" name ("=" number | "in" "(" number ("," number)* ")")]
 * or         = and ("or" and)*
 * and        = not ("and" not)*
 * not        = "not" not | comparison
 * comparison = sum [("=" | "&lt;&gt;" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=") sum
 *            | ["not"] "between" sum "and" sum
 *            | ["not"] "in" "(" (set | literal ("," literal)*) ")"
 *            | ["not"] "like" 'text']
 * sum        = primary (("+" | "-") primary)*
 * primary    = number | "-" number | 'text' | "date" 'yyyy-mm-dd' | column | "(" or ")"
 *            | "year" "(" or ")" | "extract" "(" "year" "from" or ")" | "least" "(" or "," or ")"
 *            | "exists" "(" select ")" | "(" select of "count" ")"
 * </pre>
 */
final class SqlSyntax {
  private static final Set<String> RESERVED =
      Set.of(
          "on", "join", "inner", "left", "right", "full", "cross", "where", "as", "from", "group");

  /** A value or a condition. */
  sealed interface Node {
    int line();
  }

  record Name(int line, String table, String column) implements Node {}

  record Numeric(int line, double value) implements Node {}

  record Text(int line, String text) implements Node {}

  /** Days since 1970-01-01. */
  record Day(int line, long day) implements Node {}

  record Sum(int line, Node left, Node right, boolean minus) implements Node {}

  record Year(int line, Node of) implements Node {}

  record Least(int line, Node left, Node right) implements Node {}

  record Compare(int line, Comparison comparison, Node left, Node right) implements Node {}

  record Among(int line, Node left, List<Node> values, boolean not) implements Node {}

  /** In a concept set; {@code name} is that of a WITH, or empty. */
  record InConcepts(int line, Node left, String name, List<Item> items, boolean not)
      implements Node {}

  record Like(int line, Node left, String pattern, boolean not) implements Node {}

  record And(int line, List<Node> parts) implements Node {}

  record Or(int line, List<Node> parts) implements Node {}

  record Not(int line, Node of) implements Node {}

  record Exists(int line, Select rows) implements Node {}

  /** How many rows, or how many different values of a column. */
  record Count(int line, Select rows, Optional<Name> distinct) implements Node {}

  /** A table by the name that the query gives it. */
  record Table(int line, String table, String alias) {}

  /** A column of the answer; {@code name} is empty if it has none. */
  record Output(Node value, String name) {}

  /** Rows of a person are numbered from 1 in the order of columns. */
  record Numbering(int line, Name person, List<Name> by, boolean descending, String name) {}

  /** One SELECT; conditions of joins stand among the others. */
  record Select(
      int line,
      List<Output> outputs,
      Optional<Numbering> numbering,
      Table from,
      List<Table> joined,
      List<Node> conditions) {}

  /** A text that was understood. */
  record Query(Select select, boolean firstOnly) {}

  private record Concepts(String column, List<Item> items) {}

  private final List<Token> tokens;
  private final Map<String, Concepts> named = new LinkedHashMap<>();
  private int at;
  private int depth;

  private SqlSyntax(List<Token> tokens) {
    this.tokens = tokens;
  }

  /** Throws {@link SqlFault} at the first word that does not belong there. */
  static Query parse(String text) {
    SqlSyntax syntax = new SqlSyntax(SqlTokens.of(text));
    Query query = syntax.query();
    syntax.take(";");
    if (syntax.next().kind() != Kind.END) {
      throw syntax.unexpected();
    }
    return query;
  }

  // ---- tokens ----------------------------------------------------------------------------------

  private Token next() {
    return tokens.get(at);
  }

  private boolean isNext(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (at + i >= tokens.size() || !tokens.get(at + i).is(words[i])) {
        return false;
      }
    }
    return true;
  }

  private boolean take(String... words) {
    boolean there = isNext(words);
    at += there ? words.length : 0;
    return there;
  }

  private void require(String... words) {
    for (String word : words) {
      if (!take(word)) {
        throw new SqlFault(
            next().line(), "expected '" + word + "' and found '" + shown(next().text()) + "'.");
      }
    }
  }

  private static String shown(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  private SqlFault unexpected() {
    Token token = next();
    return new SqlFault(
        token.line(),
        "'" + shown(token.text()) + "' is not understood here; COHORTS.md has the grammar.");
  }

  private String name() {
    Token token = next();
    if (token.kind() != Kind.NAME && token.kind() != Kind.WORD) {
      throw new SqlFault(token.line(), "expected a name and found '" + shown(token.text()) + "'.");
    }
    at++;
    return token.text();
  }

  private void deeper() {
    if (++depth > DefinitionReader.MAX_DEPTH) {
      throw new SqlFault(next().line(), "nested too deeply.");
    }
  }

  // ---- queries ---------------------------------------------------------------------------------

  private Query query() {
    if (take("with")) {
      do {
        int line = next().line();
        String name = name();
        require("as", "(");
        if (named.put(name, set()) != null) {
          throw new SqlFault(line, "'" + name + "' stands twice after WITH.");
        }
        require(")");
      } while (take(","));
    }
    int start = at;
    require("select");
    List<String> outer = new ArrayList<>();
    while (next().kind() == Kind.WORD && !isNext("from") && tokens.get(at + 1).is(",")) {
      outer.add(name());
      at++;
    }
    if (outer.size() == 2 && next().kind() == Kind.WORD && tokens.get(at + 1).is("from")) {
      outer.add(name());
      at++;
      if (take("(")) {
        return numbered(outer);
      }
    }
    at = start;
    Select select = select();
    if (select.numbering().isPresent()) {
      throw new SqlFault(
          select.numbering().get().line(),
          "row_number() stands in the inner one of two: SELECT person_id, start_date, end_date FROM"
              + " (SELECT ..., row_number() OVER (...) AS n FROM ...) WHERE n = 1.");
    }
    return new Query(select, false);
  }

  private Query numbered(List<String> outer) {
    Select select = select();
    require(")");
    take("as");
    if (!isNext("where")) {
      name();
    }
    int line = next().line();
    require("where");
    String number = name();
    require("=");
    boolean one = next().text().equals("1");
    at++;
    boolean same =
        select.numbering().isPresent()
            && select.numbering().get().name().equals(number)
            && outer.equals(select.outputs().stream().map(Output::name).toList());
    if (!one || !same) {
      throw new SqlFault(
          line,
          "expected the inner query's three columns by their names, and its row_number() = 1.");
    }
    return new Query(select, true);
  }

  private Select select() {
    deeper();
    int line = next().line();
    require("select");
    take("distinct");
    List<Output> outputs = new ArrayList<>();
    Optional<Numbering> numbering = Optional.empty();
    do {
      if (isNext("row_number")) {
        if (numbering.isPresent()) {
          throw unexpected();
        }
        numbering = Optional.of(numbering());
      } else {
        outputs.add(output());
      }
    } while (take(","));
    require("from");
    Table from = table();
    List<Table> joined = new ArrayList<>();
    List<Node> conditions = new ArrayList<>();
    while (isNext("join") || isNext("inner", "join")) {
      take("inner");
      require("join");
      joined.add(table());
      require("on");
      conditions.add(or());
    }
    if (take("where")) {
      conditions.add(or());
    }
    depth--;
    return new Select(line, outputs, numbering, from, joined, conditions);
  }

  private Output output() {
    int line = next().line();
    if (take("*")) {
      return new Output(new Numeric(line, 1), "");
    }
    Node value = or();
    String own = value instanceof Name name ? name.column() : "";
    if (take("as")) {
      return new Output(value, name());
    }
    boolean named = next().kind() == Kind.NAME || (next().kind() == Kind.WORD && !isNext("from"));
    return new Output(value, named ? name() : own);
  }

  private Numbering numbering() {
    int line = next().line();
    require("row_number", "(", ")", "over", "(", "partition", "by");
    Name person = column();
    require("order", "by");
    List<Name> by = new ArrayList<>(List.of(column()));
    boolean descending = take("desc");
    if (!descending) {
      take("asc");
    }
    while (take(",")) {
      by.add(column());
    }
    require(")");
    take("as");
    return new Numbering(line, person, by, descending, name());
  }

  private Table table() {
    int line = next().line();
    String table = name();
    if (take("as")) {
      return new Table(line, table, name());
    }
    boolean named =
        next().kind() == Kind.NAME
            || (next().kind() == Kind.WORD && !RESERVED.contains(next().text()));
    return new Table(line, table, named ? name() : table);
  }

  // ---- concept sets ----------------------------------------------------------------------------

  private Concepts set() {
    Concepts first = concepts();
    List<Item> items = new ArrayList<>(first.items());
    while (take("union")) {
      int line = next().line();
      take("all");
      items.addAll(concepts().items());
      if (items.stream().anyMatch(Item::excluded)) {
        throw new SqlFault(line, "a UNION with what has an EXCEPT: write EXCEPT last.");
      }
    }
    while (take("except")) {
      for (Item item : concepts().items()) {
        if (item.excluded()) {
          throw new SqlFault(next().line(), "an EXCEPT inside another one.");
        }
        items.add(new Item(item.concept(), true, item.descendants(), false));
      }
    }
    return new Concepts(first.column(), items);
  }

  private Concepts concepts() {
    int line = next().line();
    require("select");
    String column = name();
    require("from");
    String table = name();
    if (named.containsKey(table)) {
      if (!named.get(table).column().equals(column)) {
        throw new SqlFault(line, "'" + table + "' has no column '" + column + "'.");
      }
      return named.get(table);
    }
    boolean tree = table.equals("concept_ancestor") && column.equals("descendant_concept_id");
    boolean plain = table.equals("concept") && column.equals("concept_id");
    if (!tree && !plain) {
      throw new SqlFault(
          line,
          "a concept set is a SELECT descendant_concept_id FROM concept_ancestor WHERE"
              + " ancestor_concept_id IN (...), a SELECT concept_id FROM concept WHERE concept_id IN"
              + " (...), or a name after WITH.");
    }
    require("where", tree ? "ancestor_concept_id" : "concept_id");
    List<Item> items = new ArrayList<>();
    boolean many = take("in");
    if (many) {
      require("(");
    } else {
      require("=");
    }
    do {
      items.add(new Item(whole(primary()), false, tree, false));
    } while (many && take(","));
    if (many) {
      require(")");
    }
    return new Concepts(column, items);
  }

  /** A whole number that a double holds. */
  static long whole(Node node) {
    if (node instanceof Numeric number
        && number.value() == Math.rint(number.value())
        && Math.abs(number.value()) <= 1L << 53) {
      return (long) number.value();
    }
    throw new SqlFault(node.line(), "expected a whole number.");
  }

  // ---- expressions -----------------------------------------------------------------------------

  private Node or() {
    deeper();
    int line = next().line();
    List<Node> parts = new ArrayList<>(List.of(and()));
    while (take("or")) {
      parts.add(and());
    }
    depth--;
    return parts.size() == 1 ? parts.get(0) : new Or(line, parts);
  }

  private Node and() {
    int line = next().line();
    List<Node> parts = new ArrayList<>(List.of(not()));
    while (take("and")) {
      parts.add(not());
    }
    return parts.size() == 1 ? parts.get(0) : new And(line, parts);
  }

  private Node not() {
    int line = next().line();
    if (!take("not")) {
      return comparison();
    }
    deeper();
    Node of = not();
    depth--;
    return new Not(line, of);
  }

  private Node comparison() {
    Node left = sum();
    int line = next().line();
    Optional<Comparison> comparison = comparisonSign();
    if (comparison.isPresent()) {
      at++;
      return new Compare(line, comparison.get(), left, sum());
    }
    boolean not = take("not");
    if (take("between")) {
      Node low = sum();
      require("and");
      Node high = sum();
      List<Node> both =
          List.of(
              new Compare(line, Comparison.AT_LEAST, left, low),
              new Compare(line, Comparison.AT_MOST, left, high));
      return not ? new Not(line, new And(line, both)) : new And(line, both);
    }
    if (take("in")) {
      require("(");
      Node among = isNext("select") ? inConcepts(line, left, not) : among(line, left, not);
      require(")");
      return among;
    }
    if (take("like")) {
      if (!(primary() instanceof Text pattern)) {
        throw new SqlFault(line, "LIKE takes a text.");
      }
      return new Like(line, left, pattern.text(), not);
    }
    if (not) {
      throw unexpected();
    }
    return left;
  }

  private Optional<Comparison> comparisonSign() {
    if (next().kind() != Kind.SYMBOL) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        switch (next().text()) {
          case "=" -> Comparison.EQUAL;
          case "<>", "!=" -> Comparison.NOT_EQUAL;
          case "<" -> Comparison.LESS;
          case "<=" -> Comparison.AT_MOST;
          case ">" -> Comparison.GREATER;
          case ">=" -> Comparison.AT_LEAST;
          default -> null;
        });
  }

  private Node inConcepts(int line, Node left, boolean not) {
    Token table = tokens.get(Math.min(at + 3, tokens.size() - 1));
    List<Item> items = set().items();
    return new InConcepts(
        line, left, named.containsKey(table.text()) ? table.text() : "", items, not);
  }

  private Node among(int line, Node left, boolean not) {
    List<Node> values = new ArrayList<>();
    do {
      values.add(primary());
    } while (take(","));
    return new Among(line, left, values, not);
  }

  private Node sum() {
    Node sum = primary();
    while (isNext("+") || isNext("-")) {
      int line = next().line();
      boolean minus = take("-");
      if (!minus) {
        at++;
      }
      sum = new Sum(line, sum, primary(), minus);
    }
    return sum;
  }

  private Node primary() {
    Token token = next();
    int line = token.line();
    if (token.kind() == Kind.TEXT) {
      at++;
      return new Text(line, token.text());
    }
    if (take("-")) {
      return new Numeric(line, -number());
    }
    if (token.kind() == Kind.NUMBER) {
      return new Numeric(line, number());
    }
    if (isNext("(", "select")) {
      at++;
      Node count = count(line);
      require(")");
      return count;
    }
    if (take("(")) {
      Node inner = or();
      require(")");
      return inner;
    }
    if (take("exists", "(")) {
      Select rows = select();
      require(")");
      return new Exists(line, rows);
    }
    if (take("year", "(")) {
      Node of = or();
      require(")");
      return new Year(line, of);
    }
    if (take("extract", "(")) {
      require("year", "from");
      Node of = or();
      require(")");
      return new Year(line, of);
    }
    if (take("least", "(")) {
      Node left = or();
      require(",");
      Node right = or();
      require(")");
      return new Least(line, left, right);
    }
    if (token.is("date") && tokens.get(at + 1).kind() == Kind.TEXT) {
      at++;
      return day(line, tokens.get(at++).text());
    }
    if (token.kind() == Kind.WORD || token.kind() == Kind.NAME) {
      return column();
    }
    throw unexpected();
  }

  static Day day(int line, String text) {
    try {
      return new Day(line, LocalDate.parse(text).toEpochDay());
    } catch (DateTimeException none) {
      throw new SqlFault(line, "expected a date such as DATE '2020-12-31'.");
    }
  }

  private double number() {
    Token token = next();
    try {
      double value = Double.parseDouble(token.text());
      at++;
      return value;
    } catch (NumberFormatException none) {
      throw unexpected();
    }
  }

  private Node count(int line) {
    deeper();
    require("select");
    if (!take("count", "(")) {
      throw new SqlFault(
          line, "a query in the place of a value counts: (SELECT count(*) FROM ...).");
    }
    Optional<Name> distinct = Optional.empty();
    if (take("distinct")) {
      distinct = Optional.of(column());
    } else {
      require("*");
    }
    require(")", "from");
    Table from = table();
    List<Node> conditions = take("where") ? List.of(or()) : List.of();
    depth--;
    return new Count(
        line, new Select(line, List.of(), Optional.empty(), from, List.of(), conditions), distinct);
  }

  private Name column() {
    int line = next().line();
    String first = name();
    return take(".") ? new Name(line, first, name()) : new Name(line, "", first);
  }
}
