/** Programs that are started in every way in which a JVM can be started, each with children. */
@NullMarked
package io.procession.testkit.start;

import org.jspecify.annotations.NullMarked;
