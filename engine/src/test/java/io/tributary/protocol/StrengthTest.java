package io.tributary.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.SiteSet;
import io.tributary.study.Study;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Thresholds of PROTOCOL.md 2.4. */
class StrengthTest {
  private static List<String> apart(int sites) {
    return IntStream.range(0, sites).mapToObj(i -> "organisation " + i).toList();
  }

  @ParameterizedTest
  @CsvSource({"4,3", "5,4", "6,4", "7,5", "8,5", "10,6", "20,11", "100,51"})
  void quorumNeedsMoreThanHalf(int sites, int signatures) {
    Strength strength = Strength.of(Study.Shape.QUORUM, apart(sites), 3, 1);
    assertThat(strength.weakness()).isEmpty();
    assertThat(strength.signatures()).isEqualTo(signatures);
    assertThat(strength.shares()).isEqualTo(signatures);
    assertThat(strength.uploads()).isEqualTo(Math.max(signatures, 3));
    assertThat(2 * strength.signatures()).isGreaterThan(sites + strength.colludingSites());
  }

  @Test
  void allNeedsEverybodysUploadAndTwoAnswers() {
    Strength strength = Strength.of(Study.Shape.ALL, apart(3), 3, 1);
    assertThat(strength.weakness()).isEmpty();
    assertThat(strength.uploads()).isEqualTo(3);
    assertThat(strength.signatures()).isEqualTo(2);
    assertThat(strength.shares()).isEqualTo(2);
    assertThat(strength.weaknessOf(SiteSet.of(3, 0, 1))).isPresent();
    assertThat(strength.weaknessOf(SiteSet.all(3))).isEmpty();
  }

  @Test
  void sitesOfOneOrganisationCountTogether() {
    List<String> organisations = List.of("a", "a", "b", "c", "d", "e");
    Strength strength = Strength.of(Study.Shape.QUORUM, organisations, 3, 1);
    assertThat(strength.colludingSites()).isEqualTo(2);
    assertThat(strength.signatures()).isEqualTo(5);
    assertThat(strength.weakness()).isEmpty();
    assertThat(strength.weaknessOf(SiteSet.of(6, 0, 1, 2, 3, 4))).isEmpty();
  }

  @Test
  void weakRostersAreRefused() {
    assertThat(Strength.of(Study.Shape.ALL, apart(2), 3, 1).weakness()).isPresent();
    assertThat(Strength.of(Study.Shape.QUORUM, apart(3), 3, 1).weakness()).isPresent();
    assertThat(Strength.of(Study.Shape.QUORUM, apart(4), 5, 1).weakness()).isPresent();
    assertThat(Strength.of(Study.Shape.QUORUM, List.of("a", "a", "b", "b", "c"), 3, 2).weakness())
        .isPresent();
    assertThat(Strength.of(Study.Shape.ALL, List.of("a", "a", "b", "b"), 3, 1).weakness())
        .isPresent();
  }
}
