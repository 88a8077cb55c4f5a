/** How a function that travelled is called, in whichever kind of worker. */
@NullMarked
package io.procession.internal.call;

import org.jspecify.annotations.NullMarked;
