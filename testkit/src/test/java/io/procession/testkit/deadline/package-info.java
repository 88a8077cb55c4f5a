/** Tests of limits: of time, of memory, of attempts. */
package io.procession.testkit.deadline;
