/** The event loop together with what is around it: pools, HTTP, the log. */
@NullMarked
package io.procession.testkit.async;

import org.jspecify.annotations.NullMarked;
