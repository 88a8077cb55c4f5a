/** Turns figures into tables, pictures and JSON. */
@NullMarked
package io.procession.bench.report;

import org.jspecify.annotations.NullMarked;
