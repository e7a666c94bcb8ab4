package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.ExpressionTypes.Facts;
import io.tributary.study.ErrorCode;
import io.tributary.study.Study.ColumnType;
import io.tributary.study.TributaryException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attempts to get more out of {@code where} and {@code derive} than the grammar gives: other
 * syntax, other names for functions, characters that nobody sees, texts that take for ever. That no
 * function of Spark's gets through is tested beside Spark (ExpressionFunctionsTest).
 */
class ExpressionEscapesTest {
  private static void check(String text) {
    ExpressionTypes.check(
        ExpressionParser.parse(text), column -> new Facts(ColumnType.NUMBER, List.of()));
  }

  private static void refused(String text) {
    assertThatThrownBy(() -> check(text))
        .as(text)
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.EXPRESSION_INVALID);
              assertThat(e.problem()).startsWith("at character ");
              assertThat(e.remedy()).isNotBlank();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // subqueries
        "age > (select max(age) from other)",
        "(select 1) = 1",
        "age in (select age from t)",
        "exists (select 1)",
        "age > all (select 1)",
        "age = any (array(1, 2))",
        "(table t) = 1",
        "(values (1)) = 1",
        "(from t select 1) = 1",
        "(with x as (select 1) select * from x) = 1",
        // several statements, comments
        "age > 1; select 1",
        "age > 1 -- or true",
        "age > 1 -- \n or age < 1 --",
        "age > 1 /* or */ or age < 1",
        "age > 1 #",
        "age > 1 union select 1",
        // qualified functions, casts, types, hex, intervals, times
        "system.builtin.rand() > 1",
        "spark_catalog.default.f(age) > 1",
        "`rand`() > 1",
        "`system`.`rand`() > 1",
        "cast(age as string) = 'a'",
        "try_cast(age as int) > 1",
        "age::string = 'a'",
        "x'1F' = 1",
        "timestamp '2020-01-01 00:00:00' > date '2020-01-01'",
        "timestamp_ntz '2020-01-01' > date '2020-01-01'",
        "interval '1' day > 1",
        "interval 1 day > 1",
        "age > 1L",
        "age > 0x10",
        "age > 1_000",
        "b'1' = 1",
        "r'a' = 'a'",
        "u&'a' = 'a'",
        "$$a$$ = 'a'",
        // stars, aliases, windows, filters, lateral references
        "* > 1",
        "count(*) > 1",
        "struct(*) is null",
        "t.* > 1",
        "age as b > 1",
        "(age as b) > b",
        "sum(age) over () > 1",
        "rank() over (order by age) > 1",
        "max(age) filter (where age > 1) > 1",
        "count(distinct age) > 1",
        "age > 1 order by age",
        "age > 1 limit 1",
        "age > 1 group by age having true",
        "lateral view explode(age) t as x",
        "(a, b) = (1, 2)",
        "(a, b) in ((1, 2))",
        // arrays, maps, fields, lambdas
        "a[0] > 1",
        "a['x'] > 1",
        "map('a', 1)['a'] > 1",
        "named_struct('a', 1).a > 1",
        "log(a).b > 1",
        "filter(a, x -> x > 1) is null",
        "exists(a, x -> x > 1)",
        "transform(a, (x, i) -> x + i) is null",
        "aggregate(a, 0, (s, x) -> s + x) > 1",
        "(x -> x) is null",
        // variables, parameters, substitution
        "${env:HOME} = 'a'",
        "${spark.app.name} = 'a'",
        "@age > 1",
        "@@version > 1",
        ":age > 1",
        "? > 1",
        "age > {x}",
        "age > %(x)s",
        "identifier('rand')() > 1",
        // matching
        "site like '%a%'",
        "site ilike 'a'",
        "site rlike '(a+)+$'",
        "site regexp '(a|a)*b'",
        "site similar to 'a'",
        "site not like 'a'",
        "site like all ('a', 'b')",
        "site ~ 'a'",
        "site || 'a' = 'ab'",
        // other operators
        "a & 1 = 1",
        "a | 1 = 1",
        "a ^ 1 = 1",
        "~a = 1",
        "!true",
        "a <=> 1",
        "a div 2 = 1",
        "a << 1 = 2",
        "a is true",
        "a is distinct from 1",
        "a is not unknown",
        "a = 1 is null",
        "1 < a < 3",
        "not not",
        // names of functions in other letters: wide, long s, dotless i, accented, with a soft
        // hyphen
        "ｌｏｇ(age) > 1",
        "rаnd() > 1",
        "uuıd() = 'a'",
        "lo\u0301g(age) > 1",
        "ra\u00adnd() > 1",
        // words in other letters are no words
        "age i\u017f null",
        "age \u0130S null",
        "age \uff1e 1",
        "age\u00a0> 1",
        "age > \u0661",
        "age > ⅷ",
        "age \u2265 1",
        "‘a’ = 'a'",
      })
  void otherSyntaxIsRefused(String text) {
    refused(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "site = 'a\u202eb'",
        "site = 'a\u2066b\u2069'",
        "site = 'a\u200bb'",
        "site = 'a\ufeffb'",
        "site = 'a\u0000b'",
        "site = 'a\u001b[2Jb'",
        "site = 'a\u0085b'",
        "site = 'a\u2028b'",
        "site = 'a\ud800b'",
        "site = 'a\ue000b'",
        "site = 'a\u061cb'",
        "`a\u202eb` > 1",
        "`a\u200e` > 1",
        "\u202eage > 1",
        "\u200bage > 1",
        "age\ufeff > 1",
      })
  void whatAStewardCannotSeeIsRefusedInsideQuotesToo(String text) {
    assertThatThrownBy(() -> check(text))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("cannot be seen");
  }

  @Test
  void whatPeopleWriteIsNot() {
    for (String text :
        List.of(
            "`größe` > 1",
            "größe > 1",
            "`возраст` > 1",
            "`年龄` >= 18",
            "`می\u200cشود` = 1",
            "age > 1\n\tand age < 3\r\n")) {
      assertThatCode(() -> check(text)).as(text).doesNotThrowAnyException();
    }
  }

  @Test
  void textsAreTextsWhateverStandsInThem() {
    for (String text :
        List.of("${env:HOME}", "a'' or 1=1 --", "%", "\\", "\\'", "`rand()`", "*/ select 1")) {
      assertThatCode(
              () ->
                  ExpressionTypes.check(
                      ExpressionParser.parse("site = '" + text.replace("'", "''") + "'"),
                      column -> new Facts(ColumnType.TEXT, List.of())))
          .as(text)
          .doesNotThrowAnyException();
    }
    // A backslash does not escape the quote.
    refused("site = 'a\\' or site = 'b'");
    refused("`a``` rand() > 1");
    refused("`a` ` > 1");
  }

  @Test
  void largestTextsAreJudgedAtOnce() {
    int most = ExpressionParser.MAX_CHARACTERS;
    for (String part :
        List.of(
            "(",
            "not ",
            "- ",
            "-+",
            "case when ",
            "log(",
            "if(a,",
            "a+",
            "a and ",
            "a in (",
            "a between ",
            "' ' ",
            "'a",
            "`a",
            "` ` ",
            "1e",
            ".",
            "1.",
            "a. ",
            "_ ",
            "case when a then ",
            "coalesce(a,(",
            "greatest(")) {
      String text = part.repeat(most / part.length());
      Assertions.assertTimeout(Duration.ofSeconds(1), () -> refused(text), part);
    }
    refused("1" + "0".repeat(most) + " > a");
    // At the limits, and no further.
    assertThatCode(() -> check("(".repeat(31) + "a" + ")".repeat(31) + " > 1"))
        .doesNotThrowAnyException();
    refused("(".repeat(32) + "a" + ")".repeat(32) + " > 1");
    assertThatCode(() -> check("a" + "+a".repeat(240) + " > 1")).doesNotThrowAnyException();
    refused("a" + "+a".repeat(260) + " > 1");
  }
}
