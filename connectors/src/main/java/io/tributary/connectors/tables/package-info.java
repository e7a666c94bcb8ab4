/**
 * Readers of a site's tables: a catalogue entry and a study become a {@link
 * io.tributary.connectors.tables.SiteTable}, whose columns have the study's names and types.
 */
package io.tributary.connectors.tables;
