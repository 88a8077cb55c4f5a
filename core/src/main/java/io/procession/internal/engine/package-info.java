/** Starts, feeds, watches and ends the processes and threads in which tasks run. */
@NullMarked
package io.procession.internal.engine;

import org.jspecify.annotations.NullMarked;
