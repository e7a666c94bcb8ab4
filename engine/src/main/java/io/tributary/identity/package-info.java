/**
 * Who is who: Ed25519 identities that sign messages, X25519 keys that are agreed with, TLS
 * certificates, and the files that hold them (PROTOCOL.md 2.1, 2.4).
 *
 * <p>Signatures and agreement use Bouncy Castle's lightweight classes, a twentieth of the time of
 * the platform's own; no provider is registered. Randomness and clock are passed in.
 */
package io.tributary.identity;
