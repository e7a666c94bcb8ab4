/**
 * What a site has let out, so that it is not let out twice: privacy losses debited from budgets,
 * fingerprints of released cohorts, decisions of its steward (PROTOCOL.md 2.8 and 3.5). Kept by
 * each site for itself, since the coordinator is the adversary. Sites debit studies with noise and
 * keep decisions; they do not compare cohorts so far.
 */
package io.tributary.ledger;
