package io.procession.async;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;

/** The channels of one loop, and who waits for which. Belongs to the holder of the baton. */
final class Sockets {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private volatile @Nullable Selector selector;
  private int waiting;

  /** A channel was closed: the operating system's part of it stays open until the next look. */
  private boolean hasClosed;

  /** The tasks that wait for one channel, at most one for each kind of readiness. */
  private static final class Waiters {
    private @Nullable Waiter toRead;
    private @Nullable Waiter toWrite;
  }

  /**
   * Suspends the running task until {@code channel} is ready, or closed.
   *
   * @param operation one of {@link SelectionKey}'s
   * @throws IllegalStateException if another task waits for the same
   */
  void await(SelectableChannel channel, int operation, BodyTask<?> task) throws IOException {
    var key = channel.keyFor(open());
    if (key == null) {
      key = channel.register(open(), 0, new Waiters());
    }
    var waiters = (Waiters) key.attachment();
    var isWrite = (operation & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT)) != 0;
    if ((isWrite ? waiters.toWrite : waiters.toRead) != null) {
      throw new IllegalStateException("another task waits for the same. channel=" + channel);
    }
    var waiter = new Waiter(task);
    set(waiters, isWrite, waiter);
    key.interestOpsOr(operation);
    waiting++;
    try {
      waiter.await();
    } finally {
      waiting--;
      set(waiters, isWrite, null);
      if (key.isValid()) {
        key.interestOpsAnd(~operation);
      }
    }
  }

  private static void set(Waiters waiters, boolean isWrite, @Nullable Waiter waiter) {
    if (isWrite) {
      waiters.toWrite = waiter;
    } else {
      waiters.toRead = waiter;
    }
  }

  /** The channel is about to be closed: whoever waits for it will see that it is. */
  void closing(SelectableChannel channel) {
    var open = selector;
    var key = open == null ? null : channel.keyFor(open);
    hasClosed |= key != null;
    if (key != null && key.attachment() instanceof Waiters waiters) {
      wake(waiters.toRead);
      wake(waiters.toWrite);
    }
  }

  private static void wake(@Nullable Waiter waiter) {
    if (waiter != null) {
      var _ = waiter.wake();
    }
  }

  /** Whether a channel may become ready. */
  boolean areUsed() {
    return waiting > 0;
  }

  /** Wakes the tasks whose channels are ready; does not wait. */
  void poll() {
    if (areUsed() || hasClosed) {
      hasClosed = false;
      try {
        open().selectNow(Sockets::isReady);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Wakes the tasks whose channels are ready; waits for some until {@link #wakeup}. */
  void await(long nanos) {
    try {
      if (nanos == 0) {
        open().selectNow(Sockets::isReady);
      } else {
        // No time-out is 0. Rounded up, or the loop would spin through the last millisecond.
        var millis = nanos == Long.MAX_VALUE ? 0 : (nanos - 1) / NANOS_PER_MILLI + 1;
        open().select(Sockets::isReady, millis);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void isReady(SelectionKey key) {
    var waiters = (Waiters) key.attachment();
    if (!key.isValid()) {
      wake(waiters.toRead);
      wake(waiters.toWrite);
      return;
    }
    var operations = key.readyOps();
    // Until its task has had its turn the channel is not asked about again.
    key.interestOpsAnd(~operations);
    if ((operations & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT)) != 0) {
      wake(waiters.toRead);
    }
    if ((operations & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT)) != 0) {
      wake(waiters.toWrite);
    }
  }

  /** From any thread: ends {@link #await(long)}. */
  void wakeup() {
    var open = selector;
    if (open != null) {
      open.wakeup();
    }
  }

  private Selector open() {
    var open = selector;
    if (open == null) {
      try {
        open = Selector.open();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      selector = open;
    }
    return open;
  }

  void close() {
    var open = selector;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
