package io.procession.async;

/** What waits in the ready queue: a task that goes on, or a callback. */
sealed interface Turn permits BodyTask, Callback {}
