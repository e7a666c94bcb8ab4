package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FrameShapeTest {
  @Test
  void checkElementStandsAtAnEvenWord() {
    assertThat(new FrameShape(0, 1).checkOffset()).isEqualTo(2);
    assertThat(new FrameShape(0, 2).checkOffset()).isEqualTo(2);
    assertThat(new FrameShape(3, 4)).returns(10, FrameShape::dataWords);
    assertThat(new FrameShape(3, 4).totalWords()).isEqualTo(12);
    assertThat(new FrameShape(3, 5).totalWords()).isEqualTo(14);
  }

  @Test
  void theLargestFrameFillsItsKey() {
    assertThat(new FrameShape(0, FrameShape.MAX_DATA_WORDS).totalWords())
        .isEqualTo(FrameShape.MAX_WORDS);
    assertThat(new FrameShape(FrameShape.MAX_DATA_WORDS / 2, 1).totalWords())
        .isEqualTo(FrameShape.MAX_WORDS);
  }

  @Test
  void emptyAndOversizeFramesAreRefused() {
    assertThatThrownBy(() -> new FrameShape(0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FrameShape(-1, 3)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FrameShape(0, FrameShape.MAX_DATA_WORDS + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FrameShape(Integer.MAX_VALUE, Integer.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void plaintextPrintsNothingAndCanBeErased() {
    long[] words = {4, 2};
    FixedVector vector = FixedVector.of(new FrameShape(0, 2), words);

    assertThat(vector.toString()).contains("withheld").doesNotContain("4");
    vector.erase();
    assertThat(vector.wordsInTheClear()).containsOnly(0);
    assertThat(words).containsExactly(4, 2);
    FixedVector taken = FixedVector.of(new FrameShape(0, 2), words);
    assertThat(taken.takeInTheClear()).startsWith(4, 2).hasSize(new FrameShape(0, 2).totalWords());
    assertThat(taken.wordsInTheClear()).isEmpty();
    assertThatThrownBy(() -> FixedVector.of(new FrameShape(1, 1), words))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
