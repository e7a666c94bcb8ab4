package io.tributary.jobs.analysis.pca;

import io.tributary.analysis.Aggregate;
import io.tributary.jobs.analysis.pca.PcaState.Describing;

/** What came out. */
sealed interface PcaResult {
  /** Fewer variants are left than components are asked for. */
  String FEW_VARIANTS = "FEW_VARIANTS";

  /** More variants are left than a state holds. */
  String MANY_VARIANTS = "MANY_VARIANTS";

  /** Too few persons for so many vectors. */
  String SATURATED = "SATURATED";

  /** Nothing was iterated. */
  record Failed(String code, long persons) implements PcaResult {}

  /**
   * Components.
   *
   * @param sum that of {@link Description}
   */
  record Found(Describing state, Aggregate sum) implements PcaResult {}
}
