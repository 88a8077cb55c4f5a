/** Real work over generated input: what every pool has to do in the same way. */
@NullMarked
package io.procession.bench.work;

import org.jspecify.annotations.NullMarked;
