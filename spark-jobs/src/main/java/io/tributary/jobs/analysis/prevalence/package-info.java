/**
 * Card of {@code prevalence}: how many of the persons observed in each period of the calendar have
 * had an event by then.
 *
 * <p><b>Model.</b> A row is a person who is observed from the date {@code index} for {@code time}
 * days, and whose first event is {@code outcome} days after the index date (missing: none; below 0:
 * before). Periods are the years, quarters or months that lie wholly between {@code from} and
 * {@code to}. Period prevalence: who is observed on any day of the period (with {@code
 * contribution: full} on each) is in the denominator, and is a case who had the event by the last
 * day of it that is observed. Point prevalence ({@code at: point}): the same on the first day of
 * each period. Who had the event remains a case: the prevalence of conditions that do not end.
 *
 * <p><b>Sums.</b> One: persons with and without the event [P x S x 2] of P periods in S strata
 * (levels of {@code by}); rows that lack a value [1], and rows without a stratum [1].
 *
 * <p><b>Result.</b> {@code prevalence}, for every period and stratum, and all strata together:
 * denominator, outcomes, their share with limits of Wilson.
 *
 * <p><b>Revealed.</b> The sum, to the coordinator. In each period the cases and the others, by
 * stratum and in all, are a table of counts of which small ones are withheld with those from which
 * they would follow; nobody is withheld like 1 to 4. Prevalences of one study that ask the same in
 * other strata are audited together, period by period. Two of the same outcome that differ in
 * {@code index}, {@code time}, {@code interval}, {@code at} or {@code contribution} are refused:
 * the few who are in a count of one and not of the other would be told by their difference.
 *
 * <p><b>Assumptions.</b> A row is a person. Counts of different periods are taken as unrelated: how
 * many entered, left or fell ill from one to the next is a net number.
 *
 * <p><b>Limits.</b> First events that do not end. Days are whole; {@code from} and {@code to} are
 * in the years 1 to 9999. At most 500 cells: a decade of months by sex. Of two prevalences by
 * months that are too large to be audited together, the counts of the later one are withheld.
 *
 * <p><b>References.</b> Raventos et al. 2024, IncidencePrevalence, Pharmacoepidemiology and Drug
 * Safety 33:e5717 ({@code estimatePeriodPrevalence}, {@code estimatePointPrevalence}); Wilson 1927.
 */
package io.tributary.jobs.analysis.prevalence;
