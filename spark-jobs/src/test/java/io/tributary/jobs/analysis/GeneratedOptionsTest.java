package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.study.ErrorCode;
import io.tributary.study.ErrorType;
import io.tributary.study.Study;
import io.tributary.study.Study.AnalysisSpec;
import io.tributary.study.TributaryException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every option of every analysis with values of every wrong kind. What the options of a type are is
 * asked of the type itself, so that a new one is tried without a line here.
 */
class GeneratedOptionsTest {
  /** What no option takes: lists and mappings inside of lists inside of them, and nothing. */
  private static final List<Object> NEVER =
      List.of(
          "",
          " \t",
          List.of(List.of(List.of())),
          List.of(Map.of("deep", List.of(1))),
          Map.of("deep", List.of(List.of())));

  /** What some options take, and others refuse. */
  private static final List<Object> PERHAPS =
      List.of(
          -1,
          0,
          Long.MIN_VALUE,
          0.5,
          1e308,
          Double.NaN,
          Double.NEGATIVE_INFINITY,
          true,
          "no such word",
          "y ~",
          "x".repeat(100_000),
          List.of(),
          List.of(""),
          List.of("x", "x"),
          List.of(1, "x"),
          Collections.nCopies(100_000, 1),
          IntStream.range(0, 2_000).mapToObj(i -> "c" + i).toList(),
          Map.of(),
          Map.of("a", -1),
          List.of(Map.of("x", Double.NaN)));

  private static final Study STUDY = AnalysisConformanceTest.STUDY;

  static IntStream samples() {
    return IntStream.range(0, STUDY.analyses().size());
  }

  private static AnalysisSpec sample(int job) {
    return STUDY.analyses().get(job);
  }

  /** The sample alone in its study, with other options. */
  private static Study with(AnalysisSpec sample, Map<String, Object> options) {
    return new Study(
        STUDY.name(),
        STUDY.sites(),
        STUDY.minContributors(),
        STUDY.colluding(),
        STUDY.shape(),
        STUDY.analyst(),
        STUDY.purpose(),
        STUDY.validUntil(),
        STUDY.cohort(),
        STUDY.columns(),
        List.of(new AnalysisSpec(sample.name(), sample.type(), options)),
        STUDY.release());
  }

  /** Options of the sample's type, as the refusal of an unknown one lists them. */
  private static Set<String> known(AnalysisSpec sample) {
    Map<String, Object> options = new LinkedHashMap<>(sample.options());
    options.put("no such option", 1);
    try {
      Catalog.create(with(sample, options), 0);
    } catch (TributaryException refusal) {
      String names = refusal.remedy().replaceAll("^[^:]*: ", "").replaceAll("\\.$", "");
      Set<String> known = new LinkedHashSet<>(List.of(names.split(", ")));
      assertThat(known).containsAll(sample.options().keySet());
      return known;
    }
    throw new AssertionError("an unknown option is taken");
  }

  /** The refusal's code, or null if the options are taken; any other end is an error. */
  private static <S> ErrorCode refusal(AnalysisSpec sample, Map<String, Object> options) {
    try {
      @SuppressWarnings("unchecked")
      StudyAnalysis<S, ?> analysis = (StudyAnalysis<S, ?>) Catalog.create(with(sample, options), 0);
      analysis.layout(analysis.start());
      assertThat(analysis.reveals()).isNotEmpty();
      assertThat(analysis.demand().rounds()).isPositive();
      return null;
    } catch (TributaryException refusal) {
      return refusal.code();
    }
  }

  private static String shown(Object value) {
    String text = String.valueOf(value);
    return text.length() > 60 ? text.substring(0, 60) + ".." : text;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void wrongValueIsTakenOrRefusedAsPartOfTheStudy(int job) {
    AnalysisSpec sample = sample(job);
    List<String> wrong = new ArrayList<>();
    List<Object> values = new ArrayList<>(NEVER);
    values.addAll(PERHAPS);
    for (String option : known(sample)) {
      for (Object value : values) {
        Map<String, Object> options = new LinkedHashMap<>(sample.options());
        options.put(option, value);
        String what = sample.name() + "." + option + "=" + shown(value) + ": ";
        try {
          ErrorCode code = refusal(sample, options);
          if (code == null ? NEVER.contains(value) : code.type() != ErrorType.STUDY) {
            wrong.add(what + code);
          }
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
          wrong.add(what + e);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void missingOptionIsTakenOrRefusedAsPartOfTheStudy(int job) {
    AnalysisSpec sample = sample(job);
    for (String option : sample.options().keySet()) {
      Map<String, Object> options = new LinkedHashMap<>(sample.options());
      options.remove(option);
      ErrorCode code = refusal(sample, options);
      assertThat(code == null || code.type() == ErrorType.STUDY)
          .as(sample.name() + "." + option)
          .isTrue();
    }
  }

  /** A sample that were refused itself would let every wrong value pass for refused. */
  @Test
  void samplesThemselvesAreTaken() {
    samples().forEach(job -> assertThat(refusal(sample(job), sample(job).options())).isNull());
  }
}
