package io.procession.async;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream beside the loop, an element at a time and only when it is asked for one. Belongs
 * to the task that made it, and closes the stream when that ends at the latest.
 */
final class StreamIterator<T extends @Nullable Object> implements Iterator<T> {

  private enum Next {
    UNKNOWN,
    KNOWN,
    NONE
  }

  private final Outside outside;
  private final Stream<? extends T> stream;
  private final Iterator<? extends T> elements;
  private final BodyTask<?> owner;
  private final Callback atItsEnd = new Callback(this::close);

  private Next next = Next.UNKNOWN;
  private @Nullable T element;

  /**
   * @throws IllegalStateException if {@code stream} was used already
   */
  StreamIterator(Outside outside, Stream<? extends T> stream, BodyTask<?> owner) {
    this.outside = outside;
    this.stream = stream;
    this.owner = owner;
    elements = stream.iterator();
    owner.whenDone(atItsEnd);
  }

  @Override
  public boolean hasNext() {
    if (next == Next.UNKNOWN) {
      var waiting = owner.scheduler.requireTask("EventLoop.results");
      try {
        outside.await(waiting, this::read);
      } catch (Throwable failure) {
        next = Next.NONE;
        closeAfter(failure);
        throw failure;
      }
      if (next == Next.NONE) {
        close();
      }
    }
    return next == Next.KNOWN;
  }

  /** In a thread of its own, while the task waits. */
  private void read() {
    if (elements.hasNext()) {
      element = elements.next();
      next = Next.KNOWN;
    } else {
      next = Next.NONE;
    }
  }

  @Override
  @SuppressWarnings("NullAway") // an element may be null only where T allows it
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the stream has ended, or was closed. task=" + owner.name());
    }
    var taken = element;
    element = null;
    next = Next.UNKNOWN;
    return taken;
  }

  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Nothing reads now. */
  void close() {
    next = Next.NONE;
    element = null;
    owner.forget(atItsEnd);
    outside.forget(this);
    stream.close();
  }
}
