package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which states of a derived column go with which parts of its sources. */
class DerivedColumnsTest {
  private static final String MISSING = PlacedCount.MISSING;
  private static final String PRESENT = PlacedCount.PRESENT;

  /** States by parts, of a column {@code d}. */
  private static Map<Map<String, String>, Set<String>> states(
      String expression, List<String> own, Map<String, List<String>> levels) {
    DerivedColumns derived = new DerivedColumns(Map.of("d", expression));
    derived.cut("d");
    Map<String, List<DerivedColumns.Part>> parts = new TreeMap<>();
    for (String source : derived.sources("d")) {
      parts.put(source, derived.parts(source, levels.getOrDefault(source, List.of())));
    }
    Map<Map<String, String>, Set<String>> states = new java.util.HashMap<>();
    derived
        .combinations("d", parts, own)
        .orElseThrow()
        .forEach(each -> states.put(each.parts(), each.possible()));
    return states;
  }

  private static Map<Map<String, String>, Set<String>> ofOne(String expression, String... own) {
    return states(expression, List.of(own), Map.of());
  }

  @Test
  void numbersAreCutWhereTheyAreCompared() {
    assertThat(ofOne("if(x < 5, 1, 0)", "0", "1"))
        .isEqualTo(
            Map.of(
                Map.of("x", MISSING), Set.of("0"),
                Map.of("x", "below 5.0"), Set.of("1"),
                Map.of("x", "from 5.0"), Set.of("0")));
    assertThat(ofOne("x between 5 and 7"))
        .containsEntry(Map.of("x", MISSING), Set.of(MISSING))
        .containsEntry(Map.of("x", "from 5.0 up to 7.0"), Set.of(PRESENT));
    assertThat(ofOne("case when 5 >= x and not (x = -2) then 1 end", "1"))
        .isEqualTo(
            Map.of(
                Map.of("x", MISSING), Set.of(MISSING),
                Map.of("x", "below -2.0"), Set.of("1"),
                Map.of("x", "from -2.0 up to -2.0"), Set.of(MISSING),
                Map.of("x", "above -2.0 up to 5.0"), Set.of("1"),
                Map.of("x", "above 5.0"), Set.of(MISSING)));
  }

  @Test
  void textsAreThoseThatAreNamed() {
    assertThat(ofOne("if(s in ('a', 'b'), 1, 0)", "0", "1"))
        .isEqualTo(
            Map.of(
                Map.of("s", MISSING), Set.of("0"),
                Map.of("s", "a"), Set.of("1"),
                Map.of("s", "b"), Set.of("1"),
                Map.of("s", "(another)"), Set.of("0")));
    assertThat(states("s != 2", List.of("FALSE", "TRUE"), Map.of("s", List.of("1", "2"))))
        .isEqualTo(
            Map.of(
                Map.of("s", MISSING), Set.of(MISSING),
                Map.of("s", "1"), Set.of("TRUE"),
                Map.of("s", "2"), Set.of("FALSE")));
  }

  @Test
  void whatIsNotWorkedOutMayBeAnything() {
    assertThat(ofOne("x * y"))
        .containsEntry(Map.of("x", PRESENT, "y", PRESENT), Set.of(PRESENT))
        .containsEntry(Map.of("x", MISSING, "y", PRESENT), Set.of(MISSING))
        .containsEntry(Map.of("x", PRESENT, "y", MISSING), Set.of(MISSING));
    assertThat(ofOne("if(x < y, 1, 0)", "0", "1"))
        .containsEntry(Map.of("x", PRESENT, "y", PRESENT), Set.of("0", "1"))
        .containsEntry(Map.of("x", MISSING, "y", PRESENT), Set.of("0"));
    assertThat(ofOne("coalesce(x, y)"))
        .containsEntry(Map.of("x", MISSING, "y", PRESENT), Set.of(PRESENT))
        .containsEntry(Map.of("x", MISSING, "y", MISSING), Set.of(MISSING));
    assertThat(ofOne("least(x, y)"))
        .containsEntry(Map.of("x", MISSING, "y", PRESENT), Set.of(PRESENT))
        .containsEntry(Map.of("x", MISSING, "y", MISSING), Set.of(MISSING));
    assertThat(ofOne("case when x is null then 1 end", "1"))
        .isEqualTo(
            Map.of(Map.of("x", MISSING), Set.of("1"), Map.of("x", PRESENT), Set.of(MISSING)));
    // A number in a part may be any of them.
    assertThat(ofOne("case when x > 1 then x end", "2", "3"))
        .containsEntry(Map.of("x", "above 1.0"), Set.of("2", "3"));
  }

  @Test
  void columnsThatAreMadeOfDerivedOnesAreMadeOfTheirSources() {
    Map<String, String> expressions = new java.util.LinkedHashMap<>();
    expressions.put("half", "x / 2");
    expressions.put("d", "if(half > 3 and s = 'a', 1, 0)");
    DerivedColumns derived = new DerivedColumns(expressions);
    assertThat(derived.sources("d")).containsExactly("s", "x");
    assertThat(derived.isConditional("half")).isFalse();
    assertThat(derived.isConditional("d")).isTrue();
  }
}
