/**
 * Benchmarks: what {@code scripts/bench} runs. Each prints measurements as JSON lines; a goal is
 * always a comparison inside the same run, or a time with the machine beside it. Compiled with the
 * tests, so that they follow the code they measure.
 */
package io.tributary.bench;
