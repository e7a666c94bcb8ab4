/**
 * The model checker of PROTOCOL.md 2.7: what can a coordinator that lies, with c sites that help
 * it, learn about the vectors of honest sites that follow PROTOCOL.md 2.5 and 2.8?
 *
 * <p>A {@link io.tributary.protocol.model.World} names rosters, attempts under them and survivor
 * sets shown in them. {@link io.tributary.protocol.model.ModelChecker} goes through every way in
 * which sites can lie in those rosters and sets (up to renaming sites of one kind), through every
 * order in which each honest site can be spoken to ({@link io.tributary.protocol.model.Behaviours},
 * which asks a {@link io.tributary.protocol.model.SiteRules} for each decision), and through every
 * joint choice of those behaviours that the certificates allow. {@link
 * io.tributary.protocol.model.Knowledge} says exactly which sums the opened seeds give away. The
 * sites' vectors are taken to be the same in all attempts, which is the coordinator's best case.
 *
 * <p>Where it errs, it errs towards the coordinator: deadlines, budgets, policies and roster
 * acknowledgements do not hold it back, and an answer is only taken away from it if no choice of
 * signatures could have made the certificate. It models no cryptography.
 */
package io.tributary.protocol.model;
