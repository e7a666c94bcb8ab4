/**
 * The report's pictures as inline SVG. Every drawing comes in two widths, so that text keeps its
 * size on a phone; colours are classes of the report's style sheet, so that they follow it into
 * print and dark mode. Drawings know nothing of result tables: they take labels and numbers.
 */
package io.tributary.report.svg;
