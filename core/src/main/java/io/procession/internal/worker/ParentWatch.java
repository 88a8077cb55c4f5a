package io.procession.internal.worker;

import io.procession.internal.os.Platform;
import io.procession.internal.os.Signal;
import java.io.IOException;
import java.io.InputStream;

/**
 * Ends this process, and all that it started, when the parent is gone: the pipe from it ends then.
 * Where the system sends a death signal, that comes first; this is for the others.
 */
final class ParentWatch {

  private static final int EXIT_CODE = 128 + 9;

  private ParentWatch() {}

  static void start(InputStream parent) {
    Thread.ofPlatform()
        .daemon()
        .name("procession-parent-watch")
        .start(() -> {
          awaitEnd(parent);
          try {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            Platform.current().killGroup(ProcessHandle.current().pid(), Signal.KILL);
          } finally {
            // Also where there is no memory for the rest.
            Runtime.getRuntime().halt(EXIT_CODE);
          }
        });
  }

  private static void awaitEnd(InputStream parent) {
    try {
      while (parent.read() >= 0) {
        // The parent says nothing more; only the end counts.
      }
    } catch (IOException e) {
      // A broken pipe is an end as well.
      return;
    }
  }
}
