/**
 * What a site has let out, so that it is not let out twice: privacy losses debited from budgets,
 * fingerprints of released cohorts, decisions of its steward (PROTOCOL.md 2.8 and 3.5). Kept by
 * each site for itself, since the coordinator is the adversary. Every step is debited, those of
 * exact sums at no cost; cohorts of exact sums are compared.
 */
package io.tributary.ledger;
