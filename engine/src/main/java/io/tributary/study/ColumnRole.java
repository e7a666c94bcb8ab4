package io.tributary.study;

import java.util.Locale;

/** How a study may use a column; a site's policy can allow some uses and not others. */
public enum ColumnRole {
  /** Names the person ({@code cohort.person}), or joins tables: only compared, never shown. */
  PERSON,
  /** Chooses rows ({@code cohort.where}). */
  FILTER,
  /** Splits a table into groups or cells ({@code by}, columns of a crosstab, strata). */
  GROUP,
  /** Is counted, averaged or drawn by itself ({@code columns}, {@code column}). */
  DESCRIBE,
  /** Enters a model: formula, weights, offset, outcome. */
  MODEL;

  /** As a policy writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
