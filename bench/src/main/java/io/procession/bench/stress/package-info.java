/**
 * What two processes do to one memory, by jcstress: each test is over two mappings of one segment;
 * see bench/stress.
 */
@NullMarked
package io.procession.bench.stress;

import org.jspecify.annotations.NullMarked;
