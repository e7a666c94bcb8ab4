package io.tributary.connectors.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.codec.ExpressionParser;
import io.tributary.codec.SiteConfigParser;
import io.tributary.connectors.SharedSpark;
import io.tributary.study.ErrorCode;
import io.tributary.study.Expression;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteConfig.Csv;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Every function that Spark knows, and every column that Spark adds, is tried in {@code where}: of
 * the functions those of the list get through, of the columns none that the table does not have.
 */
class ExpressionFunctionsTest {
  private static final SparkSession SPARK = SharedSpark.session();

  @TempDir Path folder;

  private static Set<String> functionsOfSpark() {
    return CollectionConverters.asJava(
            org.apache.spark.sql.catalyst.analysis.FunctionRegistry.builtin().listFunction())
        .stream()
        .map(FunctionIdentifier::funcName)
        // Operators are functions there too; 'not' is one of ours.
        .filter(name -> name.matches("[a-z_][a-z0-9_]*") && !name.equals("not"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void noFunctionOfSparksButThoseOfTheListIsCalled() {
    Set<String> allowed =
        Arrays.stream(Expression.Function.values())
            .map(Expression.Function::word)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> functions = functionsOfSpark();
    // The list is of Spark's own; what would be worst is in it, so it is looked for in vain.
    assertThat(functions)
        .hasSizeGreaterThan(400)
        .contains(
            "java_method",
            "reflect",
            "input_file_name",
            "current_timestamp",
            "now",
            "rand",
            "uuid",
            "regexp_replace",
            "rlike",
            "parse_url",
            "transform",
            "raise_error",
            "current_user",
            "version",
            "spark_partition_id",
            "monotonically_increasing_id",
            "from_json",
            "xpath",
            "aes_decrypt",
            "session_user",
            "assert_true",
            "explode",
            "count",
            "sum");
    for (String function : functions) {
      for (String arguments : new String[] {"()", "(a)", "(a, b)", "('a', 'b', 'c')"}) {
        String text = function + arguments + " = 1";
        TributaryException refused =
            catchThrowableOfType(TributaryException.class, () -> ExpressionParser.parse(text));
        if (!allowed.contains(function)) {
          assertThat(refused).as(text).isNotNull();
          assertThat(refused.code()).as(text).isEqualTo(ErrorCode.EXPRESSION_INVALID);
        }
      }
    }
    // None of the allowed ones is a matter of time, place, chance or state.
    assertThat(allowed)
        .containsExactlyInAnyOrder(
            "abs",
            "round",
            "floor",
            "ceil",
            "log",
            "exp",
            "sqrt",
            "pow",
            "least",
            "greatest",
            "coalesce",
            "lower",
            "upper",
            "trim",
            "substring",
            "length",
            "year",
            "month",
            "datediff",
            "if");
  }

  @Test
  void aFunctionThatTheSiteHasRegisteredIsNotCalledEither() {
    SPARK.udf().register("leak", (Double x) -> x, org.apache.spark.sql.types.DataTypes.DoubleType);
    assertThatThrownBy(() -> ExpressionParser.parse("leak(a) > 1"))
        .hasMessageContaining("the function 'leak' is not allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_metadata",
        "_metadata.file_path",
        "_metadata.file_name",
        "current_date",
        "current_timestamp",
        "current_user",
        "session_user",
        "localtimestamp",
        "grouping__id",
        "spark_catalog.default.t.age",
        "table.age",
        "__tributary_row",
        "__tributary_file",
        "__tributary_person",
        "__tributary_trace",
        "__tributary_fault",
        "__tributary_malformed",
        "value:0",
        "fault:0",
        "kept:",
        "derived:m",
        "age`.`x",
        "*",
        "age ",
        "AGE",
      })
  void noColumnIsReadThatTheTableDoesNotHave(String name) throws IOException {
    Path file = Files.writeString(folder.resolve("table.csv"), "id,age\n1,40\n2,50\n");
    SiteConfig.Dataset source =
        SiteTableTest.dataset(Csv.of(file.toString()), SiteConfigParser.DEFAULT_MISSING);
    for (String cohort :
        new String[] {
          "where: \"`" + name.replace("`", "``") + "` is not null\"",
          "derive: {m: \"`" + name.replace("`", "``") + "`\"}, where: m is not null"
        }) {
      assertThatThrownBy(
              () ->
                  SiteTable.open(SPARK, source, SiteTableTest.study(cohort, "{}", "[age]")).close())
          .as(cohort)
          .isInstanceOfSatisfying(
              TributaryException.class,
              e ->
                  assertThat(e.code())
                      .isIn(ErrorCode.UNKNOWN_COLUMN, ErrorCode.EXPRESSION_INVALID));
    }
  }
}
