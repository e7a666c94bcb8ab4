package io.tributary.jobs.analysis.elasticnet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartsTest {
  @Test
  void namesSpreadEvenlyAndStayWhereTheyAre() {
    Parts parts = new Parts(10, Parts.From.PERSON);
    int[] sizes = new int[10];
    for (int i = 0; i < 10_000; i++) {
      int part = parts.of("person " + i);
      assertThat(parts.of("person " + i)).isEqualTo(part);
      sizes[part]++;
    }
    // Six standard deviations of a binomial count.
    for (int size : sizes) {
      assertThat(size).isBetween(1000 - 180, 1000 + 180);
    }
  }

  @Test
  void rowsSpreadByTheirValues() {
    Parts parts = new Parts(5, Parts.From.VALUES);
    int[] sizes = new int[5];
    for (int i = 0; i < 10_000; i++) {
      sizes[parts.of(new double[] {7, i % 100, Math.floor(i / 100.0)}, 1, 2)]++;
    }
    for (int size : sizes) {
      assertThat(size).isBetween(2000 - 240, 2000 + 240);
    }
    assertThat(parts.of(new double[] {1, 2, 3}, 1, 2))
        .isEqualTo(parts.of(new double[] {2, 3}, 0, 2));
  }
}
