package io.tributary.jobs.evidence;

import io.tributary.study.SitePolicy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;

/** A site's policy in force, one rule a line, every rule, also those that the site left unset. */
public final class PolicyText {
  private PolicyText() {}

  /** The text whose digest stands in a site's checkpoints. */
  public static String of(SitePolicy policy) {
    StringBuilder text = new StringBuilder();
    try {
      for (RecordComponent rule : SitePolicy.class.getRecordComponents()) {
        text.append(rule.getName())
            .append(": ")
            .append(words(rule.getAccessor().invoke(policy)))
            .append('\n');
      }
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("a record's accessors are public and throw nothing", e);
    }
    return text.toString();
  }

  private static String words(Object value) {
    return value instanceof SitePolicy.Allowed allowed ? allowed.words() : String.valueOf(value);
  }
}
