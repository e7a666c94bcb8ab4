package io.tributary.jobs.analysis;

/** The public state of an analysis that takes one sum. */
public enum OneSum {
  START;

  /** As bytes. */
  public static byte[] encode(String form) {
    return StateBytes.write(form).whole(0).bytes();
  }

  /** From bytes; BAD_MESSAGE if they are anything else. */
  public static OneSum decode(String form, byte[] bytes) {
    StateBytes.Reader in = StateBytes.read(form, bytes);
    in.whole(0, 0);
    in.end();
    return START;
  }
}
