/**
 * What several processes of a family use at once: memory, locks, queues, pipes. Every object here
 * travels as a handle, in any argument, capture, message or collection, and each process that has a
 * handle has the object.
 */
@NullMarked
package io.procession.shared;

import org.jspecify.annotations.NullMarked;
