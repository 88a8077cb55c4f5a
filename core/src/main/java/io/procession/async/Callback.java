package io.procession.async;

/** Runs once, in the loop, and cannot wait. */
record Callback(Runnable action) implements Turn {}
