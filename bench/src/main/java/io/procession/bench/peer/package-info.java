/**
 * The programs that are measured, each in a process of its own, and what they share. Nothing here
 * needs more than the JDK and what it measures.
 */
@NullMarked
package io.procession.bench.peer;

import org.jspecify.annotations.NullMarked;
