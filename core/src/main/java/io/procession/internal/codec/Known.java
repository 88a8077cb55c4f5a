package io.procession.internal.codec;

/** Stands in a message for a throwable that travelled before it, in the same envelope. */
record Known(int index) {}
