/**
 * Health records as a FHIR R4 bulk export: NDJSON, one resource a line, read into tables of the
 * OMOP common data model, so that cohorts are evaluated over them as over any. COHORTS.md has the
 * mapping, element by element. What the codes mean is asked of the site's vocabulary by whoever
 * opens the export ({@link io.tributary.connectors.fhir.CodeConcepts}).
 */
package io.tributary.connectors.fhir;
