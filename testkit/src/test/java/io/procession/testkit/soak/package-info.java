/** Everything at once, for long. */
package io.procession.testkit.soak;
