package io.tributary.jobs.genomics;

import java.io.Serializable;

/**
 * What persons' copies of ALT are multiplied by.
 *
 * @param vectors of persons
 * @param squares last elements of a vector that are multiplied by the square of copies
 * @param missing what is summed of persons without a call
 */
public record CopyWeights(PersonVectors vectors, int squares, MissingProducts missing)
    implements Serializable {
  int words() {
    return vectors.columns() + missing.words();
  }
}
