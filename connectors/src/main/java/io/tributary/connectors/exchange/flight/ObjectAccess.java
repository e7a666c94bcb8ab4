package io.tributary.connectors.exchange.flight;

import io.tributary.study.SiteId;
import java.util.function.BiPredicate;

/**
 * What a site may do with a name. Listings show a site only what it may read.
 *
 * @param mayWrite whether a site may put an object of this name
 * @param mayRead whether a site may get it and see it listed
 */
public record ObjectAccess(
    BiPredicate<SiteId, String> mayWrite, BiPredicate<SiteId, String> mayRead) {

  /** A site writes only {@code .../<its id>/<file>}, and reads everything. */
  public static ObjectAccess byOwnFolder() {
    return new ObjectAccess(ObjectAccess::liesInOwnFolder, (site, name) -> true);
  }

  private static boolean liesInOwnFolder(SiteId site, String name) {
    int file = name.lastIndexOf('/');
    int folder = file < 0 ? -1 : name.lastIndexOf('/', file - 1);
    return file > 0 && folder >= 0 && name.substring(folder + 1, file).equals(site.value());
  }
}
