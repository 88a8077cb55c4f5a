/** Shared objects keep their contracts. */
@NullMarked
package io.procession.testkit.shared;

import org.jspecify.annotations.NullMarked;
