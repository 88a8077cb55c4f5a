/** Kills the users of shared objects at any store, and looks what the others find. */
package io.procession.testkit.kill.shared;
