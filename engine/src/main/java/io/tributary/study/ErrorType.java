package io.tributary.study;

/** Who can mend an error; decides the exit code where the code itself does not. */
public enum ErrorType {
  /** The command line or a configuration file is wrong. */
  USAGE,
  /** The study document is wrong. */
  STUDY,
  /** A site's rules, a release rule or a budget says no. */
  REFUSED,
  /** Another party broke the protocol or cannot be believed. */
  PEER,
  /** Too few sites, or other sites than before. */
  THRESHOLD,
  /** A table, a column or a value is wrong. */
  DATA,
  /** The surroundings fail: disk, network, port, Java, Spark. */
  ENVIRONMENT,
  /** A defect of Tributary itself. */
  INTERNAL
}
