package io.procession.bench.stress;

import java.util.concurrent.Callable;

/** Calls that wait, in an actor, which nobody interrupts. */
final class Patience {

  /** What only somebody waits for whom nobody wakes. */
  static final long LONG_NANOS = 20_000_000_000L;

  private Patience() {}

  /** What gives nothing. */
  @FunctionalInterface
  interface Deed {
    void run() throws Exception;
  }

  static void run(Deed deed) {
    var _ =
        of(() -> {
          deed.run();
          return true;
        });
  }

  /** What a call gives. */
  static <T> T of(Callable<T> call) {
    try {
      return call.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("a call of an actor failed", e);
    }
  }
}
