/** The child's side: its {@code main}, its loop, its class loader. */
@NullMarked
package io.procession.internal.worker;

import org.jspecify.annotations.NullMarked;
