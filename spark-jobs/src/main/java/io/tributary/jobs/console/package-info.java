/**
 * What every command shares: its options, what it shows, and how errors become sentences and exit
 * codes. The nouns lie beside their jobs; {@code cli.Main} puts them together.
 */
package io.tributary.jobs.console;
