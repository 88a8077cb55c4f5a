/** Kills everything that can be killed, and looks what is left. */
package io.procession.testkit.kill;
