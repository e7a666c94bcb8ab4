/**
 * Privacy at both ends (DESIGN.md 8): what a site lets in ({@link io.tributary.privacy.SiteGuard}),
 * what a coordinator lets out ({@link io.tributary.privacy.CountAudit}: what follows from released
 * counts about withheld ones), and the noise between, as PROTOCOL.md 3 has it: {@link
 * io.tributary.privacy.NoisePlan} of a step, its cost known before any row is read, {@link
 * io.tributary.privacy.ZeroConcentrated} for what a cost means. A sum's layout carries it ({@link
 * io.tributary.analysis.Noise}), and sites add it before they mask. engine/docs/PRIVACY.md has the
 * rules and the errors.
 */
package io.tributary.privacy;
