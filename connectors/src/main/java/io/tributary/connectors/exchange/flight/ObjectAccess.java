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
    BiPredicate<SiteId, String> mayWrite, BiPredicate<SiteId, String> mayRead) {}
