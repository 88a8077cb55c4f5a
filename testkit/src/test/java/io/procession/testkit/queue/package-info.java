/** Holds shared queues against those of the JDK. */
package io.procession.testkit.queue;
