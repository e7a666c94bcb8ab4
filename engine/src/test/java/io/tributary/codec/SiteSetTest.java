package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.TributaryException;
import org.junit.jupiter.api.Test;

class SiteSetTest {
  @Test
  void siteIsBitOfItsByteFromTheLowEnd() {
    SiteSet sites = SiteSet.of(10, 9, 0, 3);

    assertThat(sites.bitmap()).containsExactly(0b1001, 0b10);
    assertThat(sites.indices()).containsExactly(0, 3, 9);
    assertThat(SiteSet.ofBitmap(10, sites.bitmap())).isEqualTo(sites).hasSameHashCodeAs(sites);
    assertThat(sites).hasToString("{0,3,9} of 10");
  }

  @Test
  void setsAreComparedAndCut() {
    SiteSet all = SiteSet.all(4);
    SiteSet some = SiteSet.of(4, 1, 2);

    assertThat(all.size()).isEqualTo(4);
    assertThat(all.minus(some)).isEqualTo(SiteSet.of(4, 0, 3));
    assertThat(some.and(SiteSet.of(4, 2, 3))).isEqualTo(SiteSet.of(4, 2));
    assertThat(all.containsAll(some)).isTrue();
    assertThat(some.containsAll(all)).isFalse();
    assertThat(some.contains(-1) || some.contains(0) || some.contains(4)).isFalse();
    assertThat(SiteSet.of(5, 1)).isNotEqualTo(SiteSet.of(4, 1));
  }

  @Test
  void spareBitsAndOtherLengthsAreRefused() {
    assertThatThrownBy(() -> SiteSet.ofBitmap(3, new byte[] {8}))
        .isInstanceOf(TributaryException.class);
    assertThatThrownBy(() -> SiteSet.ofBitmap(3, new byte[2]))
        .isInstanceOf(TributaryException.class);
    assertThatThrownBy(() -> SiteSet.ofBitmap(0, new byte[0]))
        .isInstanceOf(TributaryException.class);
    assertThatThrownBy(() -> SiteSet.ofBitmap(257, new byte[33]))
        .isInstanceOf(TributaryException.class);
    assertThat(SiteSet.ofBitmap(8, new byte[] {-1})).isEqualTo(SiteSet.all(8));
  }

  @Test
  void aSiteIsNamedOnceAndInsideTheRoster() {
    assertThatThrownBy(() -> SiteSet.of(3, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SiteSet.of(3, 3)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SiteSet.all(257)).isInstanceOf(IllegalArgumentException.class);
  }
}
