package io.procession.testkit.kill;

import io.procession.TaskTimeoutException;
import io.procession.WorkerCrashedException;
import io.procession.WorkerOutOfMemoryException;
import io.procession.testkit.TaskLog;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

/** What a task of {@link ChaosTest} does to its worker, and how it must end if nobody else acts. */
enum Deed {
  /** It gives its answer. */
  ANSWER(60) {
    @Override
    boolean isEnd(Throwable failure) {
      return false;
    }
  },

  /** It throws. */
  FAIL(10) {
    @Override
    void run(long task) {
      throw new IllegalStateException("task " + task);
    }

    @Override
    boolean isEnd(Throwable failure) {
      return failure instanceof IllegalStateException;
    }
  },

  /** It ends its process by the book. */
  EXIT(3) {
    @Override
    void run(long task) {
      System.exit(EXIT_CODE);
    }

    @Override
    boolean isEnd(Throwable failure) {
      return failure instanceof WorkerCrashedException crash
          && crash.exitCode() == EXIT_CODE
          && crash.signal().isEmpty();
    }
  },

  /** It ends its process at once. */
  HALT(3) {
    @Override
    void run(long task) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }

    @Override
    boolean isEnd(Throwable failure) {
      return EXIT.isEnd(failure);
    }
  },

  /** It fills its heap. */
  EXHAUST(3) {
    @Override
    void run(long task) {
      var all = new ArrayList<byte[]>();
      while (all.size() < Integer.MAX_VALUE) {
        all.add(new byte[BLOCK_BYTES]);
      }
    }

    @Override
    boolean isEnd(Throwable failure) {
      return failure instanceof WorkerOutOfMemoryException;
    }
  },

  /** It takes more memory than a worker may, beside its heap. */
  HOARD(2) {
    @Override
    void run(long task) throws Exception {
      for (var taken = 0; taken < HOARD_BYTES; taken += PAGES_BYTES) {
        Arena.global().allocate(PAGES_BYTES).fill((byte) 1);
      }
      SLEEP.run(task);
    }

    @Override
    boolean isEnd(Throwable failure) {
      return EXHAUST.isEnd(failure);
    }
  },

  /** It writes where there is no memory; the JVM reports that, and aborts or exits. */
  CRASH(2) {
    @Override
    @SuppressWarnings("restricted") // the crash is what it is for
    void run(long task) {
      MemorySegment.ofAddress(Integer.BYTES)
          .reinterpret(Integer.BYTES)
          .set(ValueLayout.JAVA_INT, 0, 1);
    }

    @Override
    boolean isEnd(Throwable failure) {
      return failure instanceof WorkerCrashedException crash && crash.errorFile().isPresent();
    }
  },

  /** It waits until it is interrupted. */
  SLEEP(8) {
    @Override
    void run(long task) throws InterruptedException {
      Thread.sleep(LONG_MILLIS);
    }

    @Override
    boolean isEnd(Throwable failure) {
      return failure instanceof CancellationException;
    }
  },

  /** It never ends, and does not mind an interrupt. */
  RESIST(3) {
    @Override
    void run(long task) {
      while (task >= 0) {
        Thread.onSpinWait();
      }
    }

    @Override
    boolean isEnd(Throwable failure) {
      return failure instanceof CancellationException;
    }
  },

  /** It takes longer than anyone waits for it. */
  LINGER(4) {
    @Override
    void run(long task) throws Exception {
      SLEEP.run(task);
    }

    @Override
    boolean isEnd(Throwable failure) {
      return failure instanceof TimeoutException;
    }
  },

  /** It takes longer than it may. */
  OVERRUN(4) {
    @Override
    void run(long task) throws Exception {
      SLEEP.run(task);
    }

    @Override
    boolean isEnd(Throwable failure) {
      return failure instanceof TaskTimeoutException;
    }
  },

  /** The same, and it does not mind an interrupt. */
  DEAF(2) {
    @Override
    void run(long task) throws Exception {
      RESIST.run(task);
    }

    @Override
    boolean isEnd(Throwable failure) {
      return OVERRUN.isEnd(failure);
    }
  },

  /** It is cancelled, but not interrupted. */
  DROPPED(6) {
    @Override
    boolean isEnd(Throwable failure) {
      return failure instanceof CancellationException;
    }
  };

  private static final int EXIT_CODE = 7;
  private static final int BLOCK_BYTES = 100_000;
  private static final int PAGES_BYTES = 16 << 20;
  private static final int HOARD_BYTES = 512 << 20;
  private static final long LONG_MILLIS = 3_600_000;

  private final int weight;

  Deed(int weight) {
    this.weight = weight;
  }

  /** How often it is chosen, beside the others. */
  int weight() {
    return weight;
  }

  /** Whether it must be given a time-out, to end. */
  boolean isEndless() {
    return this == OVERRUN || this == DEAF;
  }

  /** What it does before it gives its answer. */
  void run(long task) throws Exception {}

  /** Whether a task may end so, though nobody killed its worker. */
  abstract boolean isEnd(Throwable failure);

  /** The task itself. */
  static long run(Deed deed, String log, long task) throws Exception {
    if (deed == ANSWER) {
      return Work.run(log, task);
    }
    TaskLog.announce(log, task);
    deed.run(task);
    return Work.answer(task);
  }
}
