/**
 * SELECT over a study's cohort. The text is parsed by Spark's parser on the analyst's machine and
 * taken apart into a typed query ({@link io.tributary.jobs.query.SelectReader}); what sites get is
 * a study like any other ({@link io.tributary.jobs.query.QueryStudy}), whose expressions are those
 * of {@code where} and {@code derive}, and whose sums are those of {@code crosstab} and {@code
 * summary}. HAVING, ORDER BY and LIMIT act on what was released ({@link
 * io.tributary.jobs.query.QueryAnswer}). No text of a query ever reaches a SQL engine.
 */
package io.tributary.jobs.query;
