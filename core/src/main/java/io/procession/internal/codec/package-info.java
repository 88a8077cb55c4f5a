/** Bytes from and to objects. */
@NullMarked
package io.procession.internal.codec;

import org.jspecify.annotations.NullMarked;
