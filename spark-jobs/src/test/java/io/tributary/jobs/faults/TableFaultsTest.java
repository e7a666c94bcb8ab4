package io.tributary.jobs.faults;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tributary.jobs.Outcome;
import io.tributary.study.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a table can have wrong, as {@code site check} tells the site's engineer. */
class TableFaultsTest {
  @TempDir Path folder;
  private Trial trial;

  @BeforeEach
  void prepare() throws IOException {
    trial = Trial.in(folder);
    trial.prepare("--transport", "files");
  }

  static Stream<Arguments> values() {
    return Stream.of(
        arguments("p0,fifty,male,20,0", ErrorCode.DATA_INVALID, "'age'", "text is found"),
        arguments("p0,50,other,20,0", ErrorCode.DATA_INVALID, "'sex'", "none of the levels"),
        arguments("p0,NaN,male,20,0", ErrorCode.NOT_A_NUMBER, "'age'", "NaN or infinite"),
        arguments("p0,50,male,-Inf,0", ErrorCode.NOT_A_NUMBER, "'bmi'", "NaN or infinite"),
        arguments("p0,50,male,1e308,0", ErrorCode.VALUE_OUT_OF_BOUNDS, "'bmi'", "beyond 1e150"),
        arguments("p0,130,male,20,0", ErrorCode.VALUE_OUT_OF_BOUNDS, "'age'", "beyond the range"),
        arguments("p0,50,male,20", ErrorCode.DATA_INVALID, "visits.csv", "cannot be split"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aBadValueIsNamedByItsPlace(String row, ErrorCode code, String where, String problem)
      throws IOException {
    trial.firstRow("east", row);

    check().refused(code, where, problem, "in 1 row (first: row 1)").withoutStackTrace();
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(trial.table("east"));

    check()
        .refused(ErrorCode.DATA_MISSING, "visits.csv", "there is no such file", "catalogue")
        .withoutStackTrace();
  }

  @Test
  void anEmptyFileAndOneWithoutRowsAreToldApart() throws IOException {
    Files.writeString(trial.table("east"), "");
    check().refused(ErrorCode.DATA_MISSING, "the file is empty").withoutStackTrace();

    Files.writeString(trial.table("east"), Trial.HEADER + "\n");
    check().refused(ErrorCode.DATA_MISSING, "the table has no rows").withoutStackTrace();
  }

  @Test
  void aWrongHeaderIsNamedWithTheColumnsThatAreThere() throws IOException {
    Files.writeString(trial.table("east"), "id,years,sex,bmi,dead\np0,50,male,20,0\n");
    check()
        .refused(ErrorCode.UNKNOWN_COLUMN, "no column 'age'", "id, years, sex, bmi, dead")
        .withoutStackTrace();

    Files.writeString(trial.table("east"), "id;age;sex;bmi;dead\np0;50;male;20;0\n");
    check()
        .refused(ErrorCode.UNKNOWN_COLUMN, "no column 'age'", "holds ';'", "delimiter")
        .withoutStackTrace();
  }

  @Test
  void aColumnThatStandsThereTwiceIsNamed() throws IOException {
    Files.writeString(trial.table("east"), "id,age,sex,bmi,age\np0,50,male,20,0\n");

    check()
        .refused(ErrorCode.DATA_INVALID, "'age' stands there twice", "Rename")
        .withoutStackTrace();
  }

  @Test
  void aColumnThatTheTableLacksIsNamed() throws IOException {
    trial.study(Trial.STUDY.replace("[age, bmi]", "[age, height]"));

    check().refused(ErrorCode.UNKNOWN_COLUMN, "no column 'height'", "Map the name");
  }

  @Test
  void whereTheErrorAroseIsShownIfAskedFor() throws IOException {
    Files.delete(trial.table("east"));

    Outcome outcome = check("--stacktrace").refused(ErrorCode.DATA_MISSING, "visits.csv");

    org.assertj.core.api.Assertions.assertThat(outcome.err()).contains("\tat io.tributary");
  }

  private Outcome check(String... more) {
    return Trial.command(
        Stream.concat(
                Stream.of(
                    "site",
                    "check",
                    "--config",
                    trial.at("home/sites/east/site.yaml"),
                    "--analyst",
                    "analyst",
                    trial.at("study.yaml")),
                Stream.of(more))
            .toArray(String[]::new));
  }
}
