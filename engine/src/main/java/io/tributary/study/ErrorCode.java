package io.tributary.study;

/**
 * Every user-facing error has one code, which is all that ever travels to another party. The exit
 * codes are 1 internal, 2 usage (also wrong data and surroundings), 3 refused by policy, 4
 * threshold lost, 5 suppressed.
 */
public enum ErrorCode {
  // usage, configuration, study
  USAGE(ErrorType.USAGE, 2),
  CONFIG_INVALID(ErrorType.USAGE, 2),
  STUDY_INVALID(ErrorType.STUDY, 2),
  STUDY_EXPIRED(ErrorType.STUDY, 3),
  FORMULA_INVALID(ErrorType.STUDY, 2),
  EXPRESSION_INVALID(ErrorType.STUDY, 2),
  UNKNOWN_COLUMN(ErrorType.STUDY, 2),
  CONSORTIUM_INVALID(ErrorType.USAGE, 2),
  CONSORTIUM_NOT_PINNED(ErrorType.USAGE, 3),
  KEY_INVALID(ErrorType.USAGE, 2),

  // refused
  POLICY_REFUSED(ErrorType.REFUSED, 3),
  STUDY_REFUSED(ErrorType.REFUSED, 3),
  ROSTER_TOO_WEAK(ErrorType.REFUSED, 3),
  DP_BUDGET_SPENT(ErrorType.REFUSED, 3),
  COHORT_TOO_CLOSE(ErrorType.REFUSED, 3),
  DP_GRID_TOO_COARSE(ErrorType.REFUSED, 3),
  SUPPRESSED(ErrorType.REFUSED, 5),

  // threshold
  THRESHOLD_LOST(ErrorType.THRESHOLD, 4),
  CONTRIBUTORS_CHANGED(ErrorType.THRESHOLD, 4),
  STEP_LOCKED(ErrorType.THRESHOLD, 4),
  STEP_INPUT_CHANGED(ErrorType.THRESHOLD, 4),
  DEADLINE_PASSED(ErrorType.THRESHOLD, 4),
  BUSY(ErrorType.THRESHOLD, 4),

  // peers
  CONTEXT_MISMATCH(ErrorType.PEER, 4),
  SHARE_MISMATCH(ErrorType.PEER, 4),
  CHECK_FAILED(ErrorType.PEER, 4),
  EQUIVOCATION(ErrorType.PEER, 4),
  STATE_UPDATE_MISMATCH(ErrorType.PEER, 4),
  STATE_ROLLED_BACK(ErrorType.PEER, 4),
  STALE_ROUND(ErrorType.PEER, 4),
  EVIDENCE_BROKEN(ErrorType.PEER, 4),
  BAD_SIGNATURE(ErrorType.PEER, 4),
  BAD_FRAME(ErrorType.PEER, 4),
  BAD_MESSAGE(ErrorType.PEER, 4),
  UNEXPECTED_MESSAGE(ErrorType.PEER, 4),

  // numbers and data
  LAYOUT_WOULD_WRAP(ErrorType.STUDY, 2),
  VALUE_OUT_OF_BOUNDS(ErrorType.DATA, 2),
  NOT_A_NUMBER(ErrorType.DATA, 2),
  DATA_INVALID(ErrorType.DATA, 2),
  DATA_MISSING(ErrorType.DATA, 2),
  TOO_FEW_PERSONS(ErrorType.REFUSED, 5),

  // surroundings
  EXCHANGE_FAILED(ErrorType.ENVIRONMENT, 2),
  EXCHANGE_CONFLICT(ErrorType.PEER, 4),
  STORAGE_FAILED(ErrorType.ENVIRONMENT, 2),
  TLS_REFUSED(ErrorType.ENVIRONMENT, 2),
  WRONG_JAVA(ErrorType.ENVIRONMENT, 2),
  WRONG_SPARK(ErrorType.ENVIRONMENT, 2),
  SPARK_FAILED(ErrorType.ENVIRONMENT, 2),
  PORT_TAKEN(ErrorType.ENVIRONMENT, 2),
  INTERRUPTED(ErrorType.ENVIRONMENT, 2),
  RESULTS_FOREIGN(ErrorType.USAGE, 2),
  RESULTS_MISSING(ErrorType.USAGE, 2),
  RESULTS_INVALID(ErrorType.DATA, 2),
  INTERNAL(ErrorType.INTERNAL, 1);

  private final ErrorType type;
  private final int exitCode;

  ErrorCode(ErrorType type, int exitCode) {
    this.type = type;
    this.exitCode = exitCode;
  }

  public ErrorType type() {
    return type;
  }

  /** The process's exit code, 1 to 5. */
  public int exitCode() {
    return exitCode;
  }
}
