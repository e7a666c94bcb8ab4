package io.tributary.study;

import java.util.Set;
import java.util.TreeSet;

/**
 * A refusal that a person can act on: what is wrong, why, and what to do. Born only in {@link
 * Errors}. The three sentences never hold a person's value, a partial or a secret.
 */
public final class TributaryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String problem;
  private final String reason;
  private final String remedy;
  private final TreeSet<SiteId> suspects;

  TributaryException(ErrorCode code, String problem, String reason, String remedy) {
    this(code, problem, reason, remedy, null);
  }

  TributaryException(
      ErrorCode code, Set<SiteId> suspects, String problem, String reason, String remedy) {
    super(code + ": " + problem + " " + reason + " " + remedy);
    this.code = code;
    this.problem = problem;
    this.reason = reason;
    this.remedy = remedy;
    this.suspects = new TreeSet<>(suspects);
  }

  TributaryException(
      ErrorCode code, String problem, String reason, String remedy, Throwable cause) {
    super(code + ": " + problem + " " + reason + " " + remedy, cause);
    this.code = code;
    this.problem = problem;
    this.reason = reason;
    this.remedy = remedy;
    this.suspects = new TreeSet<>();
  }

  public ErrorCode code() {
    return code;
  }

  /** What is wrong, one sentence. */
  public String problem() {
    return problem;
  }

  /** Why it is wrong, one sentence. */
  public String reason() {
    return reason;
  }

  /** What to do, one sentence. */
  public String remedy() {
    return remedy;
  }

  /** Sites of which one at least is to blame, all that the evidence says; often nobody. */
  public Set<SiteId> suspects() {
    return Set.copyOf(suspects);
  }
}
