package io.tributary.jobs.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.jobs.formula.Variable.Form;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormulaTest {
  private static List<String> labels(String text) {
    Formula formula = Formula.parse(text);
    return formula.terms().stream().map(formula::label).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "y ~ a + b | a b",
        "y ~ a * b | a b a:b",
        "y ~ a:b + a | a a:b",
        "y ~ b + a + a:b | b a b:a",
        "y ~ a + a + a:a | a",
        "y ~ (a + b) * c | a b c a:c b:c",
        "y ~ a * b * c | a b c a:b a:c b:c a:b:c",
        "y ~ a * b - a:b | a b",
        "y ~ factor(cp) + cp | factor(cp) cp",
        "y ~ log(time):sex | log(time):sex",
        "y ~ `a b` + ph.ecog | a b ph.ecog",
        "y~a+b | a b",
        "y ~ a + offset(z) | a",
      })
  void termsAreThoseOfR(String text, String expected) {
    assertThat(String.join(" ", labels(text))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "y ~ a,true",
    "y ~ 1,true",
    "y ~ a - 1,false",
    "y ~ 0 + a,false",
    "y ~ -1 + a,false",
    "y ~ a + 0,false",
    "y ~ a - 1 + 1,true"
  })
  void interceptIsThereUnlessTakenAway(String text, boolean intercept) {
    assertThat(Formula.parse(text).intercept()).isEqualTo(intercept);
  }

  @Test
  void survivalFormulaNamesTimesAndStrata() {
    SurvivalFormula read =
        SurvivalFormula.parse("Surv(from, `to day`, dead)~a*b+strata(site)+offset(z)+strata(c, d)");
    assertThat(read.entry()).contains("from");
    assertThat(read.time()).isEqualTo("to day");
    assertThat(read.event()).isEqualTo("dead");
    assertThat(read.strata()).containsExactly("site", "c", "d");
    Formula model = read.model();
    assertThat(model.terms().stream().map(model::label)).containsExactly("a", "b", "a:b");
    assertThat(model.offsets()).containsExactly(new Variable("z", Form.PLAIN));
    assertThat(SurvivalFormula.parse(" Surv (t,d) ~ 1").entry()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "y ~ a | 1 | not Surv()",
        "~ a | 1 | not Surv()",
        "Surv ~ a | 6 | not Surv()",
        "Surv(t) ~ a | 1 | has 1 columns",
        "Surv(a, b, c, d) ~ a | 1 | has 4 columns",
        "Surv(t, d == 1) ~ a | 11 | one column",
        "Surv(t, d ~ a | 11 | one column",
        "Surv(t, d | 1 | is not closed",
        "Surv(t, d) | 11 | '~' is missing",
        "Surv(t, d) ~ a - 1 | 13 | no intercept",
        "Surv(t, d) ~ 0 + a | 13 | no intercept",
        "Surv(t, d) ~ a:strata(b) | 15 | strata() cannot interact",
        "Surv(t, d) ~ a - strata(b) | 27 | strata() cannot be taken",
        "Surv(t, d) ~ a + d | 18 | 'd' is the outcome",
        "Surv(s, t, d) ~ log(s) | 17 | 's' is the outcome",
        "Surv(t, d) ~ a + strata() | 25 | a column",
        "Surv(t, d) ~ a + cluster(b) | 18 | cluster() is not",
      })
  void survivalFormulaThatIsNoneSaysWhere(String text, int position, String problem) {
    assertThatThrownBy(() -> SurvivalFormula.parse(text))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.FORMULA_INVALID);
              assertThat(e.problem()).contains("character " + position).contains(problem);
            });
  }

  @Test
  void strataAreNoTermOfOtherModels() {
    assertThatThrownBy(() -> Formula.parse("y ~ a + strata(b)"))
        .hasMessageContaining("strata() is not supported");
  }

  @Test
  void offsetsAreNoTerms() {
    Formula formula = Formula.parse("y ~ a + offset(log(time)) + offset(z)");
    assertThat(formula.offsets())
        .containsExactly(new Variable("time", Form.LOG), new Variable("z", Form.PLAIN));
    assertThat(formula.columns()).containsExactly("y", "a", "time", "z");
  }

  /** R: model.matrix columns of y ~ f + g, y ~ f:g, y ~ 0 + f + g, y ~ x:f (x a number). */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "y ~ f + g | [[false], [false]]",
        "y ~ f * g | [[false], [false], [false, false]]",
        "y ~ f:g | [[true, true]]",
        "y ~ f + f:g | [[false], [true, false]]",
        "y ~ 0 + f + g | [[true], [false]]",
      })
  void codingFollowsTermCode(String text, String expected) {
    Formula formula = Formula.parse(text);
    boolean[] categorical = new boolean[formula.variables().size()];
    java.util.Arrays.fill(categorical, true);
    assertThat(formula.fullCodings(categorical).toString()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "~ a | 1 | the outcome is missing",
        "y a | 3 | the outcome must be one column",
        "y | 2 | '~' is missing",
        "y ~ | 4 | a term is missing at the end",
        "y ~ a + | 8 | a term is missing at the end",
        "y ~ a + * b | 9 | '*' is not expected here",
        "y ~ a ^ 2 | 7 | powers are not supported",
        "y ~ (a + b | 5 | '(' is not closed",
        "y ~ a) | 6 | ')' closes nothing",
        "y ~ I(a) | 5 | I() is not supported",
        "y ~ poly(a) | 5 | poly() is not supported",
        "y ~ a + 2 | 9 | the number 2 is no term",
        "y ~ a:1 | 6 | a number cannot interact",
        "y ~ a:offset(z) | 6 | an offset cannot interact",
        "y ~ . | 5 | '.' for all columns is not supported",
        "y ~ a / b | 7 | nesting with '/' is not supported",
        "y ~ a == 2 | 7 | comparisons are not supported",
        "status == 2 ~ a | 8 | the outcome must be one column",
        "Surv(time, status) ~ a | 1 | Surv() is an outcome of survival analyses",
        "y ~ a ~ b | 7 | a second '~' stands here",
        "y ~ a + y | 9 | 'y' is the outcome, and explains itself",
        "log(y) ~ a:factor(y) | 12 | 'y' is the outcome",
        "y ~ factor(a, b) | 13 | one column is expected here",
        "y ~ `a | 5 | a backquoted name is not closed",
      })
  void errorNamesItsPosition(String text, int position, String problem) {
    assertThatThrownBy(() -> Formula.parse(text))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.FORMULA_INVALID);
              assertThat(e.problem()).contains("character " + position + ": " + problem);
              assertThat(e.remedy()).isNotBlank();
            });
  }

  @Test
  void randomEffectsAreRefused() {
    assertThatThrownBy(() -> Formula.parse("y ~ a + (1 | site)"))
        .hasMessageContaining("character 12: random effects with '|' are not supported");
  }

  @Test
  void deepNestingIsRefused() {
    String text = "y ~ " + "(".repeat(100) + "a" + ")".repeat(100);
    assertThatThrownBy(() -> Formula.parse(text)).hasMessageContaining("nests too deep");
  }
}
