package io.tributary.jobs.chaos;

/** What is done to a run. */
enum Fault {
  /** SIGKILL; started again after a while. */
  KILL,
  /** SIGSTOP, and SIGCONT after a while. */
  STOP,
  /** The party's clock jumps. */
  CLOCK,
  /** No file of the party may grow beyond a size (RLIMIT_FSIZE) for a while. */
  DISK_FULL,
  /** Nothing can be made in the exchange's folder for a while. */
  READ_ONLY,
  /** Objects are invisible for a while, or every piece on the wire waits. */
  DELAY,
  /** An object is gone for good, or connections are refused for a while. */
  DROP,
  /** Objects become visible in another order. */
  REORDER,
  /** An object stands under a second name. */
  DUPLICATE,
  /** An object loses its end, or connections are cut wherever they are. */
  TRUNCATE,
  /** One bit of an object or on the wire. */
  FLIP,
  /** Connections stay open and nothing comes through, for a while. */
  HALF_OPEN
}
