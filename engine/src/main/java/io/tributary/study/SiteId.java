package io.tributary.study;

import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * A site's name in the consortium, matching {@code [a-z][a-z0-9-]{0,31}} (PROTOCOL.md 2.2). Ordered
 * by bytes, which is the order of a roster.
 */
public record SiteId(String value) implements Comparable<SiteId>, Serializable {
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  public SiteId {
    if (value == null || !FORM.matcher(value).matches()) {
      throw Errors.badSiteId(String.valueOf(value));
    }
  }

  @Override
  public int compareTo(SiteId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
