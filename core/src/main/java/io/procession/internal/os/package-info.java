/**
 * The only door to the operating system and to native code: shared segments, futexes, the identity
 * and the death of processes. One sub-package per platform.
 */
@NullMarked
package io.procession.internal.os;

import org.jspecify.annotations.NullMarked;
