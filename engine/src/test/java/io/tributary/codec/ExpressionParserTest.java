package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.codec.ExpressionTypes.Checked;
import io.tributary.codec.ExpressionTypes.Facts;
import io.tributary.study.ErrorCode;
import io.tributary.study.Expression;
import io.tributary.study.Expression.Binary;
import io.tributary.study.Expression.ColumnName;
import io.tributary.study.Expression.Numeric;
import io.tributary.study.Expression.Operator;
import io.tributary.study.Expression.Text;
import io.tributary.study.Study.ColumnType;
import io.tributary.study.TributaryException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionParserTest {
  private static final Map<String, Facts> COLUMNS =
      Map.of(
          "sex", new Facts(ColumnType.TEXT, List.of("male", "female")),
          "stage", new Facts(ColumnType.TEXT, List.of("1", "2", "3")),
          "site", new Facts(ColumnType.TEXT, List.of()),
          "visit", new Facts(ColumnType.DATE, List.of()),
          "smoker", new Facts(ColumnType.BOOLEAN, List.of()));

  private static Checked check(String text) {
    return ExpressionTypes.check(
        ExpressionParser.parse(text),
        column -> COLUMNS.getOrDefault(column.name(), new Facts(ColumnType.NUMBER, List.of())));
  }

  @Test
  void precedenceIsThatOfArithmeticAndLogic() {
    Expression expression = ExpressionParser.parse("a + b * -2 >= 3 or not x = 1 and y < 2");
    Binary or = (Binary) expression;
    assertThat(or.operator()).isEqualTo(Operator.OR);
    Binary comparison = (Binary) or.left();
    assertThat(comparison.operator()).isEqualTo(Operator.AT_LEAST);
    Binary plus = (Binary) comparison.left();
    assertThat(plus.operator()).isEqualTo(Operator.PLUS);
    assertThat(plus.left()).isEqualTo(new ColumnName("a", 1));
    assertThat(((Binary) plus.right()).right()).isEqualTo(new Numeric(-2, 9));
    Binary and = (Binary) or.right();
    assertThat(and.operator()).isEqualTo(Operator.AND);
    assertThat(and.left()).isInstanceOf(Expression.Not.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "age >= 40",
        "sex = 'female' and age between 40 and 69.5",
        "sex in ('male', 'female') or stage not in (1, 2)",
        "ph.ecog is not null and `wt loss %` is null",
        "NOT smoker AND visit >= '2020-01-31'",
        "visit between date '2020-01-01' and date '2020-12-31'",
        "stage != 3",
        "lower(trim(site)) = 'a''b'",
        "case when age < 40 then 1 when age < 60 then 2 else 3 end = 2",
        "if(sex = \"male\", age, null) > 1e2",
        "substring(site, 1, 2) <> 'XX' and length(site) <= 8",
        "year(visit) == 2020 and month(visit) in (1, 12) and datediff(visit, '2019-12-31') < 30",
        "round(log(age) * 10, 1) % 2 > .5",
        "smoker",
        "smoker = true and coalesce(a, b, 0) > least(c, d) - -1",
      })
  void wellFormedConditionsAreTrueOrFalse(String text) {
    assertThat(check(text).type()).isEqualTo(ColumnType.BOOLEAN);
  }

  @Test
  void columnsAreThoseRead() {
    assertThat(check("a.b + if(smoker, `x y`, 1) > length(site)").columns())
        .containsExactly("a.b", "smoker", "x y", "site");
  }

  @Test
  void aNumberBecomesTheLevelOfACategoryOfCodes() {
    Binary equal = (Binary) check("stage = 2.0").expression();
    assertThat(equal.right()).isEqualTo(new Text("2", 9));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          age > rand() | at character 7 the function 'rand' is not allowed.
          current_date() > visit | at character 1 the function 'current_date' is not allowed.
          age > (select 1) | at character 15 expected ')', found '1'.
          age in (select age from t) | at character 9 'in' lists values only.
          exists(select 1) | at character 1 the function 'exists' is not allowed.
          java_method('java.lang.Runtime', 'exec') | at character 1 the function 'java_method' is not allowed.
          reflect('a', 'b') = 'c' | at character 1 the function 'reflect' is not allowed.
          site rlike '.*' | at character 6 expected an operator or the end, found 'rlike'.
          site like '%a' | at character 6 expected an operator or the end, found 'like'.
          regexp_replace(site, 'a', 'b') = 'c' | at character 1 the function 'regexp_replace' is not allowed.
          age > 1; drop table t | at character 8 the character ';' is not allowed.
          age > 1 /* c */ | at character 10 expected a value, found '*'.
          cast(age as int) > 1 | at character 1 the function 'cast' is not allowed.
          age::int > 1 | at character 4 the character ':' is not allowed.
          a[0] > 1 | at character 2 the character '[' is not allowed.
          transform(a, x -> x) > 1 | at character 1 the function 'transform' is not allowed.
          ${spark.home} = 'a' | at character 1 the character '$' is not allowed.
          input_file_name() = 'a' | at character 1 the function 'input_file_name' is not allowed.
          raise_error(site) | at character 1 the function 'raise_error' is not allowed.
          age > | at character 6 expected a value, found the end.
          age > 40) | at character 9 expected an operator or the end, found ')'.
          1 < age < 3 | at character 9 a comparison follows a comparison.
          age > 1 && age < 3 | at character 9 '&&' is not known.
          age > 1.2.3 | at character 7 '1.2.3' is not a number.
          age > 1e999 | at character 7 '1e999' is not a number.
          site = 'open | at character 8 the quote ' is not closed.
          log(age, 2) > 1 | at character 1 'log' has 2 arguments.
          age = 'old' | at character 7 expected a number, found a text.
          sex = 'woman' | at character 7 'woman' is none of the levels of this column.
          stage = 4 | at character 9 '4.0' is none of the levels of this column.
          site > 'a' | at character 1 a text has no order.
          visit > '2020-13-01' | at character 9 '2020-13-01' is not a date.
          visit > 5 | at character 9 expected a date, found a number.
          age and smoker | at character 1 expected true or false, found a number.
          age = null | at character 7 a comparison with null is never true.
          site + 1 > 2 | at character 1 expected a number, found a text.
          if(smoker, 1, 'a') = 1 | at character 15 expected a number, found a text.
          round(age, age) = 1 | at character 12 a whole number from -9 to 9 must stand here.
          substring(site, 1, age) = 'a' | at character 20 a whole number from 1 to 1000000 must stand here.
          null | at character 1 the expression is always null.
          """)
  void whatIsNotOnTheListIsRefusedWithItsPosition(String text, String problem) {
    TributaryException refused = catchThrowableOfType(TributaryException.class, () -> check(text));
    assertThat(refused).isNotNull();
    assertThat(refused.code()).isEqualTo(ErrorCode.EXPRESSION_INVALID);
    assertThat(refused.problem()).isEqualTo(problem);
    assertThat(refused.remedy()).isNotBlank();
  }

  @Test
  void lengthDepthAndPartsAreLimited() {
    assertThatThrownBy(() -> check("a" + " ".repeat(ExpressionParser.MAX_CHARACTERS)))
        .hasMessageContaining("characters");
    assertThatThrownBy(() -> check("(".repeat(40) + "a" + ")".repeat(40) + " > 1"))
        .hasMessageContaining("more than 32 parts inside each other");
    assertThatThrownBy(() -> check("not ".repeat(40) + "smoker"))
        .hasMessageContaining("more than 32 parts inside each other");
    assertThatThrownBy(() -> check("- ".repeat(1000) + "a > 1"))
        .hasMessageContaining("more than 32 parts inside each other");
    assertThatThrownBy(() -> check("a" + "+a".repeat(600) + " > 1"))
        .hasMessageContaining("more than 500 parts");
    assertThatThrownBy(() -> check("a in (" + "1,".repeat(600) + "1)"))
        .hasMessageContaining("more than 500 parts");
  }
}
