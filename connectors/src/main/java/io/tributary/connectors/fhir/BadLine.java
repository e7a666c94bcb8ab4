package io.tributary.connectors.fhir;

/** Why a line of an export is of no use; holds nothing of the line. */
@SuppressWarnings("serial") // never leaves the method that reads lines
final class BadLine extends Exception {
  BadLine(String problem) {
    super(problem, null, false, false);
  }
}
