package io.procession.internal.worker;

import io.procession.internal.os.Platform;
import io.procession.internal.os.Signal;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;

/**
 * Ends this process, and all that it started, when the parent is gone: the pipe from it ends then.
 * Where the system sends a death signal, that comes first; this is for the others.
 */
final class ParentWatch {

  private static final int EXIT_CODE = 128 + 9;

  private final Thread thread;

  private ParentWatch(FileChannel parent) {
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("procession-parent-watch")
            .start(() -> {
              if (awaitEnd(parent)) {
                endAll();
              }
            });
  }

  /** Watches the standard input. */
  static ParentWatch start() {
    return new ParentWatch(new FileInputStream(FileDescriptor.in).getChannel());
  }

  /**
   * Ends the watch, because this JVM exits: it would wait for the thread, which is in a native
   * call.
   */
  void stop() {
    thread.interrupt();
  }

  private static void endAll() {
    try {
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
      Platform.current().killGroup(ProcessHandle.current().pid(), Signal.KILL);
    } finally {
      // Also where there is no memory for the rest.
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  /** Gives whether the parent is gone; false if the watch was ended. */
  private static boolean awaitEnd(FileChannel parent) {
    var buffer = ByteBuffer.allocate(64);
    try {
      while (parent.read(buffer) >= 0) {
        // The parent says nothing more; only the end counts.
        buffer.clear();
      }
      return true;
    } catch (ClosedByInterruptException e) {
      return false;
    } catch (IOException e) {
      // A broken pipe is an end as well.
      return true;
    }
  }
}
