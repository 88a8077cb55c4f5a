/**
 * Measures Procession beside its peers, each in a process of its own; the main of {@code
 * bench/run}.
 */
@NullMarked
package io.procession.bench;

import org.jspecify.annotations.NullMarked;
