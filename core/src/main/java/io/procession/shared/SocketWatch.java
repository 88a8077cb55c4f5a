package io.procession.shared;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
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

  private static @Nullable SocketWatch current;

  private final Selector selector;

  private SocketWatch(Selector selector) {
    this.selector = selector;
  }

  /**
   * Lists a socket, until it is closed. Whoever closes it calls {@link #release} then.
   *
   * @param channel does not block
   */
  static synchronized SelectionKey add(SocketChannel channel, Hearer hearer) throws IOException {
    var watch = current;
    if (watch == null) {
      watch = new SocketWatch(Selector.open());
      Thread.ofPlatform().daemon().name("procession-sockets").start(watch::run);
      current = watch;
    }
    try {
      return channel.register(watch.selector, 0, hearer);
    } finally {
      watch.selector.wakeup();
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

  /** Gives back what a closed socket holds here. */
  static void release(SelectionKey key) {
    key.selector().wakeup();
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
      if (selector.keys().isEmpty()) {
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
    ((Hearer) key.attachment()).ready(ready);
  }

  /** Without this thread everybody would wait for ever. */
  private void fail(Throwable failure) {
    synchronized (SocketWatch.class) {
      if (current == this) {
        current = null;
      }
    }
    for (var key : selector.keys()) {
      ((Hearer) key.attachment()).failed(failure);
    }
  }
}
