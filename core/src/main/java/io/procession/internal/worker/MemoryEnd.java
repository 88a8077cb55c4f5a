package io.procession.internal.worker;

import io.procession.internal.wire.ChannelLayout;
import org.jspecify.annotations.Nullable;

/**
 * Ends this process when a task, or another thread, ran out of memory: nobody knows what is left
 * undone then, and what filled the memory may be there still. A task that catches the error itself
 * goes on, and so does one that asked for what no memory could hold.
 */
final class MemoryEnd implements Thread.UncaughtExceptionHandler {

  /** The exit code of a JVM with {@code -XX:+ExitOnOutOfMemoryError}. */
  static final int EXIT_CODE = 3;

  /** Causes may form a circle. */
  private static final int DEEPEST = 16;

  private final ChannelLayout channel;

  MemoryEnd(ChannelLayout channel) {
    this.channel = channel;
  }

  /** Ends this process if {@code failure}, or a cause of it, says that memory ran out. */
  void endIfOutOfMemory(@Nullable Throwable failure) {
    var cause = failure;
    for (var depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof OutOfMemoryError error && isShortage(error)) {
        end(error);
      }
      cause = cause.getCause();
    }
  }

  /**
   * Whether memory was short. Of the errors of this class others say that an array cannot be so
   * long on any machine, or are thrown by programs for reasons of their own.
   */
  private static boolean isShortage(OutOfMemoryError error) {
    var message = error.getMessage();
    return message != null
        && (message.startsWith("Java heap space")
            || message.startsWith("GC overhead limit exceeded")
            || message.startsWith("Metaspace")
            || message.startsWith("Compressed class space")
            || message.startsWith("unable to create native thread")
            || message.startsWith("Cannot reserve "));
  }

  private void end(OutOfMemoryError error) {
    var runtime = Runtime.getRuntime();
    try {
      // First what needs no memory.
      channel.setOutOfMemory(runtime.maxMemory(), runtime.totalMemory() - runtime.freeMemory());
      error.printStackTrace();
    } finally {
      runtime.halt(EXIT_CODE);
    }
  }

  @Override
  public void uncaughtException(Thread thread, Throwable failure) {
    endIfOutOfMemory(failure);
    // As a thread does that has no such handler.
    System.err.print("Exception in thread \"" + thread.getName() + "\" ");
    failure.printStackTrace();
  }
}
