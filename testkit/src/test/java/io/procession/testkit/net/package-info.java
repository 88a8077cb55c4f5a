/** Connections over sockets. */
@NullMarked
package io.procession.testkit.net;

import org.jspecify.annotations.NullMarked;
