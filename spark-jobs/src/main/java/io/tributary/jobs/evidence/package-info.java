/**
 * Evidence: what a party's journal is told of a study, the dossier that is made of it, and the
 * check of a dossier by somebody who trusts none of its makers (PROTOCOL.md 2.12).
 */
package io.tributary.jobs.evidence;
