package io.tributary.protocol.model;

/** The rules that hold a coordinator back; each can be switched off to see that it is needed. */
enum Rule {
  /** R3: an answer needs a certificate. */
  CERTIFICATE,
  /** R2: a site signs one set an attempt, and answers no other. */
  ONE_SIGNATURE,
  /** 2.4: t is more than half of n + c_s; without it t is the larger half of n. */
  QUORUM_BOUND,
  /** R1: the self mask, opened only for members of U. */
  SELF_MASK,
  /** R3: the first answer locks the step. */
  STEP_LOCK,
  /** 2.8: one contributor set for a population. */
  CONTRIBUTORS,
  /** 2.8: one roster for a population. */
  ROSTER,
  /** 2.8: continuation keeps at least m(R) sites. */
  CONTINUATION_SIZE,
  /** R1, 2.8: in shape ALL the upload binds. */
  ALL_UPLOAD_BINDS,
  /** 2.8, open rosters: what was summed before and what is summed later contains the core. */
  CORE_ALWAYS
}
