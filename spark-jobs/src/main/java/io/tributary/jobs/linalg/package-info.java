/**
 * Small dense algebra for the coordinator's updates: plain loops in a fixed order over primitive
 * arrays, so that every site recomputes the same bits (PROTOCOL.md 2.11).
 */
package io.tributary.jobs.linalg;
