package io.tributary.jobs.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.ExpressionParser;
import io.tributary.jobs.query.SelectQuery.Aggregate;
import io.tributary.jobs.query.SelectQuery.GroupKey;
import io.tributary.jobs.query.SelectQuery.Kind;
import io.tributary.jobs.query.SelectQuery.Order;
import io.tributary.jobs.query.SelectQuery.Output;
import io.tributary.study.ErrorCode;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a SELECT is understood, and what is said of the rest. */
class SelectReaderTest {
  @Test
  void aWholeQueryIsTakenApart() {
    SelectQuery query =
        SelectReader.read(
            "SELECT sex, floor(age / 10) * 10 AS decade, count(*), avg(bmi) AS m, COUNT(*) AS n"
                + " FROM cohort c WHERE c.age BETWEEN 40 AND 60 AND sex IN ('m', 'it''s') OR x IS NULL"
                + " GROUP BY sex, floor(age/10)*10 HAVING count(*) > 10 AND sum(w) < -3"
                + " ORDER BY m DESC, decade, 1 LIMIT 5");
    assertThat(query.from()).isEqualTo("cohort");
    assertThat(query.where())
        .contains("(((`age` between 40 and 60) and (`sex` in ('m', 'it''s'))) or (`x` is null))");
    assertThat(query.keys())
        .containsExactly(
            new GroupKey("sex", Optional.empty()),
            new GroupKey("decade", Optional.of("(floor((`age` / 10)) * 10)")));
    assertThat(query.aggregates())
        .containsExactly(
            new Aggregate(Kind.ROWS, ""),
            new Aggregate(Kind.AVG, "`bmi`"),
            new Aggregate(Kind.SUM, "`w`"));
    assertThat(query.outputs())
        .containsExactly(
            new Output("sex", true, 0),
            new Output("decade", true, 1),
            new Output("count(*)", false, 0),
            new Output("m", false, 1),
            new Output("n", false, 0));
    assertThat(query.having())
        .contains(ExpressionParser.parse("((`aggregate 0` > 10) and (`aggregate 2` < -3))"));
    assertThat(query.order())
        .containsExactly(
            new Order(false, 1, true), new Order(true, 1, false), new Order(true, 0, false));
    assertThat(query.limit()).isEqualTo(OptionalInt.of(5));
  }

  /** Columns of a joined table are known by its name, whatever the query calls it. */
  @Test
  void joinsAreEqualColumnsAndConditions() {
    SelectQuery query =
        SelectReader.read(
            "SELECT v.kind, avg(l.value) FROM cohort c JOIN visits v ON v.patient = c.id AND v.cost > 3"
                + " LEFT JOIN labs l ON v.nr = l.visit AND c.id = l.patient JOIN w USING (site)"
                + " WHERE age > 9 AND labs.unit = 'l' GROUP BY v.kind");
    assertThat(query.from()).isEqualTo("cohort");
    assertThat(query.joins())
        .containsExactly(
            new Study.Join("visits", false, Map.of("id", "patient"), false),
            new Study.Join("labs", false, Map.of("visits.nr", "visit", "id", "patient"), true),
            new Study.Join("w", false, Map.of("site", "site"), false));
    assertThat(query.where())
        .contains("((`visits.cost` > 3) and ((`age` > 9) and (`labs.unit` = 'l')))");
    assertThat(query.keys()).containsExactly(new GroupKey("visits.kind", Optional.empty()));
    assertThat(query.aggregates()).containsExactly(new Aggregate(Kind.AVG, "`labs.value`"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "sum(x) filter (where y > 1) | SUM | (case when (`y` > 1) then `x` end)",
        "count(*) filter (where y > 1) | COUNT | (case when (`y` > 1) then 1 end)",
        "stddev(case when a = 1 then b else -1.5e0 end) | STDDEV | (case when (`a` = 1) then `b` else -1.5 end)",
        "var_samp(weight / pow(height, 2)) | VARIANCE | (`weight` / pow(`height`, 2))",
        "mean(datediff(`end date`, date '2020-02-29')) | AVG | datediff(`end date`, date '2020-02-29')",
        "count(x.y) | COUNT | `x.y`",
        "count_if(x > 1) filter (where y = 2) | COUNT | (case when (`y` = 2) then (case when (`x` > 1) then 1 end) end)",
        "sum(if(not a or b <> 2, 1, coalesce(c, null))) | SUM | if(((not `a`) or (not (`b` = 2))), 1, coalesce(`c`, null))",
      })
  void argumentsAreExpressionsOfAStudy(String aggregate, Kind kind, String argument) {
    SelectQuery query = SelectReader.read("SELECT " + aggregate + " AS a FROM cohort");
    assertThat(query.aggregates()).containsExactly(new Aggregate(kind, argument));
    assertThat(ExpressionParser.parse(argument)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT sex s, count(*) FROM cohort GROUP BY 1",
        "SELECT sex s, count(*) FROM cohort GROUP BY s",
        "SELECT sex s, count(*) FROM cohort GROUP BY sex"
      })
  void keysHaveSeveralNames(String sql) {
    SelectQuery query = SelectReader.read(sql);
    assertThat(query.keys()).containsExactly(new GroupKey("sex", Optional.empty()));
    assertThat(query.outputs().get(0)).isEqualTo(new Output("s", true, 0));
  }

  /** Each with the reason, and what to do instead. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "DROP TABLE cohort | a part that is not answered | one SELECT",
        "SELECT * FROM cohort | all columns of a row | Rows never leave their site",
        "SELECT age FROM cohort | neither a key nor an aggregate | GROUP BY",
        "SELECT sex, age FROM cohort GROUP BY sex | neither a key nor an aggregate | GROUP BY",
        "SELECT DISTINCT sex FROM cohort | (Distinct) | GROUP BY",
        "SELECT count(*) FROM cohort c RIGHT JOIN d ON c.a = d.a | joined by RIGHT OUTER | LEFT JOIN",
        "SELECT count(*) FROM cohort c CROSS JOIN d | joined by CROSS | JOIN or LEFT JOIN",
        "SELECT count(*) FROM cohort c NATURAL JOIN d | joined by NATURAL INNER | JOIN or LEFT JOIN",
        "SELECT count(*) FROM cohort c, d WHERE c.a = d.a | which rows of 'd' belong | ON cohort.person_id",
        "SELECT count(*) FROM cohort c JOIN d ON c.a > d.a | which rows of 'd' belong | ON cohort.person_id",
        "SELECT count(*) FROM cohort c LEFT JOIN d ON c.a = d.a AND d.x > 3 | by equal columns only | FILTER",
        "SELECT count(*) FROM cohort c JOIN d ON c.a = d.a JOIN d e ON c.b = e.b | 'd' stands there twice | once",
        "SELECT count(*) FROM cohort c JOIN d ON c.a = d.a AND c.a = d.b | equal two of a table | WHERE",
        "SELECT count(*) FROM cohort JOIN (SELECT a FROM d) e ON cohort.a = e.a | (SubqueryAlias) | derived column",
        "SELECT count(*) FROM (SELECT * FROM cohort) | (SubqueryAlias) | derived column",
        "WITH q AS (SELECT 1) SELECT * FROM q | (UnresolvedWith) | derived column",
        "SELECT count(*) FROM cohort UNION SELECT 1 | (Distinct) | GROUP BY",
        "SELECT count(*) FROM cohort WHERE age > (SELECT 1) | sites cannot evaluate | Expressions know",
        "SELECT count(*) FROM cohort LIMIT 3 OFFSET 2 | (Offset) | LIMIT",
        "SELECT count(*) FROM cohort LIMIT 1 + 1 | LIMIT is no whole number | LIMIT 10",
        "SELECT 1 | (OneRowRelation) | FROM cohort",
        "SELECT sum(DISTINCT x) FROM cohort | only count(distinct PERSON) | count(distinct person_id)",
        "SELECT count(DISTINCT p) FILTER (WHERE x > 1) FROM cohort | only count(distinct | filter",
        "SELECT sex, count(*) FROM cohort GROUP BY CUBE(sex) | sites cannot evaluate | Expressions",
        "SELECT sum(x) OVER (PARTITION BY y) FROM cohort | sites cannot evaluate | Expressions know",
        "SELECT min(x) FROM cohort | 'min' is not answered here | one person's",
        "SELECT percentile(x, 0) FROM cohort | above 0 and below 1 | percentile(x, 0.25)",
        "SELECT percentile(x, array(0.1, 0.2)) FROM cohort | above 0 and below 1 | median(x)",
        "SELECT corr(x) FROM cohort | it takes two columns | corr(x, y)",
        "SELECT regr_count(y, x) FROM cohort | 'regr_count' is not answered | filter (where",
        "SELECT count(NULL) FROM cohort | counts a constant | Write count(*)",
        "SELECT count_if(false) FROM cohort | counts a constant | count_if(x > 1)",
        "SELECT count_if(true) FILTER (WHERE x > 1) FROM cohort | counts a constant | count_if(x > 1)",
        "SELECT sum(x) + 1 FROM cohort | aggregate stands where one row | HAVING",
        "SELECT count(*) FROM cohort WHERE count(*) > 1 | aggregate stands where one row | HAVING",
        "SELECT avg(CAST(x AS INT)) FROM cohort | sites cannot evaluate | Expressions know",
        "SELECT count(*) FROM cohort WHERE name LIKE 'a%' | sites cannot evaluate | Expressions know",
        "SELECT count(*) FROM cohort WHERE rand() > 0.5 | function 'rand' is not known | functions abs",
        "SELECT count(*) FROM cohort WHERE reflect('java.lang.System', 'exit', 0) = 1 | 'reflect' is not | Expr",
        "SELECT count(*) FROM cohort WHERE a.b.abs(x) > 0 | 'abs' is not known | Expressions know",
        "SELECT floor(age), count(*) FROM cohort GROUP BY floor(age) | a computed key has no name | AS",
        "SELECT sex, sex, count(*) FROM cohort GROUP BY sex | two columns of the answer | AS",
        "SELECT sex, count(*) FROM cohort GROUP BY sex, sex | a key stands there twice | once",
        "SELECT sex, count(*) FROM cohort GROUP BY 3 | no such column of the answer | Count from 1",
        "SELECT count(*) FROM cohort ORDER BY 0 | no such column of the answer | Count from 1",
        "SELECT count(*) FROM cohort; DROP TABLE x | no SQL query | one SELECT",
        "SELECT count(* FROM | no SQL query | one SELECT",
        "SELECT sum(x, y) FROM cohort | takes one argument | sum(x)",
        "SELECT avg(x) FILTER (WHERE y = 1), avg(x) FILTER (WHERE y = 1 AND z < 9) FROM cohort | 2 different | one condition",
        "SELECT avg(x) FILTER (WHERE y = 1), count_if(z < 9) FROM cohort | 2 different | one condition",
        "SELECT corr(x, y), avg(x) FROM cohort | over other rows | one pair",
        "SELECT corr(x, y), corr(x, z) FROM cohort | over other rows | one pair",
        "SELECT corr(x, y), corr(x, y) FILTER (WHERE z < 9) FROM cohort | over other rows | one pair",
        "SELECT corr(x, y) FROM cohort HAVING count(*) > 9 | over other rows | one pair",
        "SELECT sum(`a``b`) FROM cohort | holds a backquote | Rename",
      })
  void theRestIsRefused(String sql, String problem, String remedy) {
    assertThatThrownBy(() -> SelectReader.read(sql))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.USAGE);
              assertThat(e.problem()).contains(problem);
              assertThat(e.remedy()).contains(remedy);
            });
  }
}
