/**
 * What must survive a crash: an append-only, hash-chained journal, sealed files of secrets, and
 * sums that are not used yet (PROTOCOL.md 2.8). The protocol knows only the port {@code
 * protocol.StateStore}; here are the implementations in a folder and in memory.
 *
 * <p>Beside it lies the evidence journal (2.12), which people read: {@link
 * io.tributary.journal.EvidenceJournal} writes and reads it, {@link
 * io.tributary.journal.EvidenceCheck} compares it with what others hold.
 */
package io.tributary.journal;
