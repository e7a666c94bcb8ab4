/** Federated analytics on Apache Spark. */
package io.tributary;
