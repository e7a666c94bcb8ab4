/**
 * The dependency rule of ARCHITECTURE.md as tests. The rules are functions of package names, so the
 * other modules use them too and {@code canary} proves that each of them can fail.
 */
package io.tributary.architecture;
