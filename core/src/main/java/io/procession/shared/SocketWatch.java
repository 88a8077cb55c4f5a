package io.procession.shared;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;

/** Waits for all sockets of this process, in one thread that is there as long as they are. */
final class SocketWatch {

  /** Hears of one socket. */
  interface Hearer {

    /** The socket can do these operations now; they are not watched for any more. */
    void ready(int operations);

    /** Nobody will hear anything any more. */
    void failed(Throwable failure);
  }

  private record Listed(SocketWatch watch, Hearer hearer) {}

  private static @Nullable SocketWatch current;

  private final Selector selector;

  /** How many sockets are listed. The selector's own keys lag behind. */
  private int sockets;

  private SocketWatch(Selector selector) {
    this.selector = selector;
  }

  /**
   * Lists a socket, until it is closed. Whoever closes it calls {@link #release} then.
   *
   * @param channel does not block
   */
  static synchronized SelectionKey add(SelectableChannel channel, Hearer hearer)
      throws IOException {
    var watch = current;
    if (watch == null) {
      watch = new SocketWatch(Selector.open());
      Thread.ofPlatform().daemon().name("procession-sockets").start(watch::run);
      current = watch;
    }
    watch.sockets++;
    try {
      return channel.register(watch.selector, 0, new Listed(watch, hearer));
    } catch (Throwable e) {
      watch.release();
      throw e;
    }
  }

  /** Tells the hearer, once, when one of {@code operations} is possible; at once if it is now. */
  static void arm(SelectionKey key, int operations) {
    try {
      var before = key.interestOpsOr(operations);
      if ((before & operations) != operations) {
        key.selector().wakeup();
      }
    } catch (CancelledKeyException e) {
      // Who closes the socket wakes those who wait for it.
    }
  }

  /** Gives back what a closed socket holds here; to be called once. */
  static void release(SelectionKey key) {
    ((Listed) key.attachment()).watch.release();
  }

  private void release() {
    synchronized (SocketWatch.class) {
      sockets--;
    }
    selector.wakeup();
  }

  private void run() {
    try (selector) {
      do {
        selector.select(SocketWatch::tell);
      } while (isNeeded());
    } catch (Throwable failure) {
      fail(failure);
    }
  }

  private boolean isNeeded() {
    synchronized (SocketWatch.class) {
      if (sockets == 0) {
        current = null;
        return false;
      }
      return true;
    }
  }

  private static void tell(SelectionKey key) {
    int ready;
    try {
      ready = key.readyOps();
      key.interestOpsAnd(~ready);
    } catch (CancelledKeyException e) {
      return; // it was closed meanwhile
    }
    try {
      ((Listed) key.attachment()).hearer.ready(ready);
    } catch (RuntimeException e) {
      // One who registered and fails must not end the waiting of all.
      var thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }

  /** Without this thread everybody would wait for ever. */
  private void fail(Throwable failure) {
    synchronized (SocketWatch.class) {
      if (current == this) {
        current = null;
      }
    }
    for (var key : selector.keys()) {
      ((Listed) key.attachment()).hearer.failed(failure);
    }
  }
}
