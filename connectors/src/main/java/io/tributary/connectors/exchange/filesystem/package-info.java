/**
 * The exchange in a folder that all parties can reach: a local or network folder, or HDFS. No
 * process listens anywhere; parties poll.
 */
package io.tributary.connectors.exchange.filesystem;
