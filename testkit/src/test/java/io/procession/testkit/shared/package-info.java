/** What processes share: memory, and values in it. */
package io.procession.testkit.shared;
