/** What lives in one process, measured by JMH. */
@NullMarked
package io.procession.bench.jmh;

import org.jspecify.annotations.NullMarked;
