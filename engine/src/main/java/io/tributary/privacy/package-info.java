/** Privacy at both ends: what a site lets in, and what a coordinator lets out (DESIGN.md 8). */
package io.tributary.privacy;
