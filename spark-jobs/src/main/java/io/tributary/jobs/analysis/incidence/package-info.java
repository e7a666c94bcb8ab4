/**
 * Card of {@code incidence}: how many persons have a first event in a time at risk, per person and
 * per person-year, in all and in strata, with a rate standardised to a population.
 *
 * <p><b>Model.</b> {@code outcome} holds the days from the index date to the first event (missing:
 * none), {@code time} those to the end of observation, {@code risk} the first and the last day at
 * risk. A person is at risk who is observed on the first day, has had no event before it, and has
 * no 1 in {@code prior} (an event in a clean window before the index date). The time at risk ends
 * with the event, with observation or with the last day, whichever is first, and counts each day
 * with its first and last, as in OHDSI's CohortIncidence; a year has 365.25 days.
 *
 * <p><b>Sums.</b> One. S strata (levels of {@code by}), A levels of {@code standardise}, or 1:
 * persons at risk, persons with an event, days at risk [S x A]; persons not at risk [S]; rows that
 * lack a value [1], and rows without a stratum [1].
 *
 * <p><b>Result.</b> {@code incidence}, for every stratum and every margin: persons at risk,
 * person-days, outcomes; the proportion with limits of Clopper and Pearson and of Wilson; the rate
 * for 100 person-years with Garwood's limits. {@code standardised}: the rate with the age structure
 * of a population (direct standardisation) and the limits of Fay and Feuer.
 *
 * <p><b>Revealed.</b> All sums, to the coordinator. The report shows a count of events only where
 * it and the number of those without are at least {@code minCell}, and nothing else from which a
 * withheld one would follow; a count of nobody is withheld like 1 to 4. Neighbouring ages are
 * joined from the first on until each has {@code minCell} persons with and without an event in each
 * stratum (else in all strata together, and strata that lack them have no standardised rate), so
 * that no rate rests on a handful. Incidences of one study with the same outcome, time, prior
 * events and time at risk are audited together, whatever their strata.
 *
 * <p><b>Assumptions.</b> A row is a person; with several rows a person, events are counted, and the
 * exact limits are too narrow. Persons of one level have one rate.
 *
 * <p><b>Limits.</b> First events only. Days are whole and at most 100000. Two analyses whose times
 * at risk differ by a day tell who had the event on it: they are taken as unrelated.
 *
 * <p><b>References.</b> Garwood 1936; Clopper and Pearson 1934; Wilson 1927; Fay and Feuer 1997,
 * Statistics in Medicine 16:791; Ahmad et al. 2001, WHO GPE paper 31 (world population); Eurostat
 * 2013 (European standard population); OHDSI CohortIncidence.
 */
package io.tributary.jobs.analysis.incidence;
