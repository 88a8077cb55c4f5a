/** Benchmarks of whole processes: Procession beside its peers, in one run on one machine. */
@NullMarked
package io.procession.bench;

import org.jspecify.annotations.NullMarked;
