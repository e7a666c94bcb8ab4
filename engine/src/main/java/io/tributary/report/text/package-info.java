/** How numbers and markup become text: exact for machines, sensible for people, always escaped. */
package io.tributary.report.text;
