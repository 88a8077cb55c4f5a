/** What the process does that makes the AOT cache for children. */
@NullMarked
package io.procession.internal.training;

import org.jspecify.annotations.NullMarked;
