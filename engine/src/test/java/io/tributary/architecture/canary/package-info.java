/** Classes that break the house rules on purpose; nothing here is ever run. */
package io.tributary.architecture.canary;
