package io.tributary.jobs.markers;

import io.tributary.jobs.cluster.SecretSearch;
import java.util.List;

/**
 * One person's row whose values stand nowhere else, so that wherever one of them is found it came
 * from there.
 */
final class Markers {
  static final String PERSON = "Quixotic-Vellum-7731";
  static final String NOTE = "Marzipan-Obelisk-4471";
  static final double AGE = 61.48392017354;
  static final double BMI = 27.38491026374829;
  static final String HEADER = "id,age,sex,bmi,dead,note";

  private Markers() {}

  /** The row, in the order of {@link #HEADER}. */
  static String row() {
    return String.join(",", List.of(PERSON, "" + AGE, "female", "" + BMI, "1", NOTE));
  }

  /** Looks for each of its values, in every form that it knows. */
  static SecretSearch search() {
    return SecretSearch.forMarkers()
        .andText("person", PERSON)
        .andText("note", NOTE)
        .andNumber("age", AGE)
        .andNumber("bmi", BMI);
  }
}
