/**
 * The coordinator's side of TRIB-SA-1 (PROTOCOL.md 2.8, States).
 *
 * <pre>
 *   epoch     Inviting -> Proposing -> Live;  from each -> Over
 *   attempt   Open -> Collecting -> Certifying -> Unmasking -> Verified -> Published;
 *             AttemptFailed from each before a certificate is out
 * </pre>
 */
package io.tributary.protocol.coordinator;
