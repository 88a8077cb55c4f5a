/**
 * An event loop: many tasks, of which one at a time runs, and which take turns only where they
 * wait.
 *
 * <p>The mental model is that of Python's {@code asyncio}; a coroutine is a virtual thread here.
 * Start with {@link io.procession.async.EventLoop}.
 *
 * <pre>
 *   createTask ──► ready queue ──► the one task that runs ──► its end
 *                      ▲                   │
 *                      │                   ▼ await, sleep, lock, take, read …
 *                  woken by ◄───────── what it waits for:
 *            a task, a timer, a lock, a socket, a future of another thread
 * </pre>
 */
@NullMarked
package io.procession.async;

import org.jspecify.annotations.NullMarked;
