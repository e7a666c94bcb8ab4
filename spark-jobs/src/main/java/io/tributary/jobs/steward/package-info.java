/**
 * What a site's data steward does: sees studies in plain words, grants and denies them, looks at
 * what was spent and what left.
 */
package io.tributary.jobs.steward;
