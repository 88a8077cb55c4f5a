/** Runs each example in each way, and looks at what it prints. */
@NullMarked
package io.procession.examples;

import org.jspecify.annotations.NullMarked;
