/**
 * A steward's desk: the queue of studies, decisions, budgets and the journal as web pages that one
 * browser on the same machine may see.
 *
 * <p>{@link io.tributary.jobs.site.desk.DeskServer} says who may talk to it; {@link
 * io.tributary.jobs.site.desk.DeskPages} writes the pages, without a script and without anything
 * from elsewhere.
 */
package io.tributary.jobs.site.desk;
