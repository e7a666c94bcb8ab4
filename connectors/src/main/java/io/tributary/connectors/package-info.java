/** Everything that touches the outside: tables and exchanges. */
package io.tributary.connectors;
