package io.tributary.connectors.exchange.flight;

import io.tributary.study.SiteId;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a site may do with a name. Listings show a site only what it may read.
 *
 * @param mayWrite whether a site may put an object of this name
 * @param mayRead whether a site may get it and see it listed
 */
public record ObjectAccess(
    BiPredicate<SiteId, String> mayWrite, BiPredicate<SiteId, String> mayRead) {
  private static final Pattern MESSAGE =
      Pattern.compile("studies/[0-9a-f]{64}/s/(?:[a-z0-9]+/)+[a-z]+-([a-z0-9-]+)-[0-9a-f]{16}");
  private static final Pattern FRAME =
      Pattern.compile("studies/[0-9a-f]{64}/f/(?:[a-z0-9]+/)+([a-z0-9-]+)/[0-9]+-[0-9a-f]{16}");

  /**
   * The rule for the names of studies: a site writes {@code studies/<digest>/s/.../<kind>-<its
   * id>-<hash>} and {@code studies/<digest>/f/.../<its id>/<frame>}, and reads everything, which is
   * signed, masked or sealed.
   */
  public static ObjectAccess ofStudies() {
    return new ObjectAccess(ObjectAccess::carriesItsId, (site, name) -> true);
  }

  private static boolean carriesItsId(SiteId site, String name) {
    Matcher message = MESSAGE.matcher(name);
    if (message.matches()) {
      return message.group(1).equals(site.value());
    }
    Matcher frame = FRAME.matcher(name);
    return frame.matches() && frame.group(1).equals(site.value());
  }
}
