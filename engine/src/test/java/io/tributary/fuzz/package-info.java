/**
 * Fuzzers of everything that reads bytes from outside: a corpus of real objects, mutated from a
 * seed. Whatever is wrong with an input, the answer is a value or a TributaryException.
 */
package io.tributary.fuzz;
