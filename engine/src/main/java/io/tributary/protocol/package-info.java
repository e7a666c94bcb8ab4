/**
 * TRIB-SA-1 (PROTOCOL.md 2): its messages, the strength of rosters, and the state machines of site
 * and coordinator. States take messages and give {@link io.tributary.protocol.Transition}s; they do
 * no I/O, read no clock and make no randomness.
 */
package io.tributary.protocol;
