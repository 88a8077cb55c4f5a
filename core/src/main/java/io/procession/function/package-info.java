/**
 * The functions that travel to another process: serializable twins of the JDK's functional
 * interfaces, whose methods may throw.
 */
@NullMarked
package io.procession.function;

import org.jspecify.annotations.NullMarked;
