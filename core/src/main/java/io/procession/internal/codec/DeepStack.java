package io.procession.internal.codec;

import org.jspecify.annotations.Nullable;

/** Runs what needs more stack than the caller has, on a thread of its own. */
final class DeepStack {

  /** Address space, not memory: pages are taken as the stack reaches them. */
  private static final long STACK_BYTES = 512L << 20;

  interface Work {
    @Nullable Object run() throws Exception;
  }

  /** Waits for the end of {@code work}, also when interrupted; the interrupt is kept. */
  static @Nullable Object run(Work work) throws Exception {
    var caller = Thread.currentThread();
    var run = new Run(work);
    var thread = new Thread(null, run, caller.getName() + "-deep", STACK_BYTES, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(caller.getContextClassLoader());
    thread.start();
    var interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      caller.interrupt();
    }
    return run.result();
  }

  private static final class Run implements Runnable {

    private final Work work;
    private @Nullable Object value;
    private @Nullable Exception exception;
    private @Nullable Error error;

    Run(Work work) {
      this.work = work;
    }

    @Override
    public void run() {
      try {
        value = work.run();
      } catch (Exception e) {
        exception = e;
      } catch (Error e) {
        error = e;
      }
    }

    @Nullable Object result() throws Exception {
      if (exception != null) {
        throw exception;
      }
      if (error != null) {
        throw error;
      }
      return value;
    }
  }

  private DeepStack() {}
}
