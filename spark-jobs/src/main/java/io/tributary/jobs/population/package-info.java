/**
 * Acts of stewards on populations: where they lie in a state folder, and how a party goes by them.
 */
package io.tributary.jobs.population;
