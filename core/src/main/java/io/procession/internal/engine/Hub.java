package io.procession.internal.engine;

import io.procession.internal.family.Family;
import io.procession.internal.os.Doorbell;
import io.procession.internal.os.Platform;
import io.procession.internal.os.ProcessIdentity;
import io.procession.internal.os.Segment;
import io.procession.internal.os.Sentinel;
import io.procession.internal.os.SpinBudget;
import io.procession.internal.wire.Birth;
import io.procession.internal.wire.HubLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a process meets its children. It exists while there are children, and has three threads:
 *
 * <ul>
 *   <li>one reads all responses and hears of deaths; it runs no user code and never waits for a
 *       child. A thread that waits for a result may read responses in its stead, see {@link
 *       #assist};
 *   <li>one answers what children ask for: classes, memory;
 *   <li>one starts processes. It lives as long as they: a child's death signal follows the thread
 *       that started it.
 * </ul>
 */
final class Hub {

  /** How long a thread that waits for a result looks for it itself, if nothing comes at all. */
  private static final long ASSIST_NANOS = 50_000;

  /** How long it does that at the most, if only other things come. */
  private static final long LONGEST_ASSIST_NANOS = 1_000_000;

  private static final int LOOKS_PER_CLOCK_READING = 16;
  private static final boolean MAY_SPIN = Runtime.getRuntime().availableProcessors() > 1;
  private static final Object LOCK = new Object();
  private static @Nullable Hub current;

  private final Platform platform = Platform.current();
  private final Segment page;

  /** In the root of the family, whose memory lives as long as there are children; else null. */
  private final @Nullable Family family;

  private final Doorbell responses;
  private final Doorbell control;
  private final Optional<Sentinel> sentinel;
  private final List<Child> children = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<Runnable> starts = new LinkedBlockingQueue<>();
  private final Thread responseThread;
  private final Thread controlThread;
  private final Thread startThread;

  /** Held by whoever reads responses: one thread at a time. */
  private final ReentrantLock reading = new ReentrantLock();

  private final SpinBudget assistance = new SpinBudget();

  private int entered;
  private volatile boolean ended;

  private Hub(@Nullable Family family, Segment page, ThreadFactory threads) {
    this.family = family;
    this.page = page;
    responses = platform.doorbell(HubLayout.responseDoorbell(page.memory()));
    control = platform.doorbell(HubLayout.controlDoorbell(page.memory()));
    sentinel = platform.newSentinel();
    responseThread = daemon(threads, "procession-responses", this::readResponses);
    controlThread = daemon(threads, "procession-control", this::answer);
    startThread = daemon(threads, "procession-starter", this::start);
  }

  private static Thread daemon(ThreadFactory threads, String name, Runnable body) {
    var thread = threads.newThread(body);
    thread.setDaemon(true);
    thread.setName(name);
    return thread;
  }

  /**
   * A hub that works; where that cannot be, nothing of it is left.
   *
   * @param threads makes its threads
   */
  static Hub open(ThreadFactory threads) {
    var family = Birth.current() == null ? Family.enter() : null;
    Segment page = null;
    try {
      page = Platform.current().createSegment(HubLayout.BYTES);
      var hub = new Hub(family, page, threads);
      hub.begin();
      return hub;
    } catch (IOException e) {
      giveBack(page, family, e);
      throw new UncheckedIOException(
          "there is no shared memory for the children of this process; see procession doctor", e);
    } catch (RuntimeException | Error e) {
      giveBack(page, family, e);
      throw e;
    }
  }

  private static void giveBack(@Nullable Segment page, @Nullable Family family, Throwable failure) {
    try {
      if (page != null) {
        page.close();
      }
      if (family != null) {
        family.leave();
      }
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Last comes the thread that, at the end, gives all back. */
  private void begin() {
    try {
      startThread.start();
      controlThread.start();
      responseThread.start();
    } catch (RuntimeException | Error e) {
      end();
      awaitControl();
      throw e;
    }
  }

  /** The hub, for one child more; each call is matched by a {@link #leave}. */
  static Hub enter() {
    synchronized (LOCK) {
      var hub = current;
      if (hub == null) {
        hub = open(Thread::new);
        current = hub;
      }
      hub.entered++;
      return hub;
    }
  }

  /** There is one child less. */
  void leave() {
    synchronized (LOCK) {
      if (--entered > 0) {
        return;
      }
      current = null;
    }
    end();
  }

  /** Has its threads end. */
  private void end() {
    ended = true;
    starts.add(() -> {});
    ringControl();
    ringResponses();
  }

  /** The encoded handle of the family's memory. */
  byte[] familyHandle() throws IOException {
    var own = Birth.current();
    if (own != null) {
      return own.family();
    }
    return Objects.requireNonNull(family).encodedHandle();
  }

  Segment page() {
    return page;
  }

  /** Takes a child whose channel exists. */
  void add(Child child) {
    children.add(child);
  }

  /** Takes a child that is proven dead, and has said all, off the list. */
  void remove(Child child) {
    children.remove(child);
    leave();
  }

  /** Runs {@code start} in the thread that starts processes. */
  void onStarter(Runnable start) {
    starts.add(start);
  }

  /** Lists a process that must not survive this one. */
  void guard(ProcessIdentity process) {
    sentinel.ifPresent(guard -> {
      try {
        guard.add(process);
      } catch (IOException e) {
        throw new UncheckedIOException(
            "no watch can be kept over a child process. pid=" + process.pid(), e);
      }
    });
  }

  /** The process is dead, and so is its group. */
  void unguard(ProcessIdentity process) {
    sentinel.ifPresent(guard -> {
      try {
        guard.remove(process);
      } catch (IOException e) {
        throw new UncheckedIOException(
            "the watch over a child process cannot be ended. pid=" + process.pid(), e);
      }
    });
  }

  /** There is something for the thread that reads responses. */
  void ringResponses() {
    responses.ring();
  }

  /** There is something for the thread that answers. */
  void ringControl() {
    control.ring();
  }

  private void readResponses() {
    // Patiently: a child that died before it rang is told of by its exit.
    var patience = new Doorbell.Patience();
    while (!ended) {
      if (!readAll()) {
        // It does not spin: that is for those who wait for a result, see assist.
        responses.awaitPatiently(this::hasResponses, patience, 0);
      }
    }
    reading.lock();
    try {
      close();
    } finally {
      reading.unlock();
    }
  }

  private boolean readAll() {
    reading.lock();
    try {
      var any = false;
      for (var child : children) {
        any |= child.readResponses();
      }
      return any;
    } finally {
      reading.unlock();
    }
  }

  private boolean hasResponses() {
    reading.lock();
    try {
      for (var child : children) {
        if (child.hasResponses()) {
          return true;
        }
      }
      return ended;
    } finally {
      reading.unlock();
    }
  }

  /**
   * Reads responses in the calling thread until {@code enough}, unless another thread does it; for
   * a short time. Meanwhile children need not wake the hub's thread, nor this one its caller: that
   * is most of what a round trip costs. Deaths are left to the hub's thread.
   */
  void assist(BooleanSupplier enough) {
    if (!MAY_SPIN || Thread.currentThread().isVirtual() || !reading.tryLock()) {
      return;
    }
    try {
      if (ended) {
        return;
      }
      var hushed = responses.hush();
      try {
        assistance.spun(readUntil(enough, assistance.nanos(ASSIST_NANOS)));
      } finally {
        if (hushed) {
          responses.resume();
          if (hasResponses()) {
            responses.ring();
          }
        }
      }
    } finally {
      reading.unlock();
    }
  }

  private boolean readUntil(BooleanSupplier enough, long nanos) {
    var start = System.nanoTime();
    var last = start;
    while (true) {
      var any = false;
      for (var look = 0; look < LOOKS_PER_CLOCK_READING; look++) {
        for (var child : children) {
          any |= child.drain();
        }
        if (enough.getAsBoolean()) {
          return true;
        }
        Thread.onSpinWait();
      }
      var now = System.nanoTime();
      if (any) {
        last = now;
      }
      if (now - last > nanos || now - start > LONGEST_ASSIST_NANOS) {
        return false;
      }
    }
  }

  private void answer() {
    var patience = new Doorbell.Patience();
    while (!ended) {
      var any = false;
      for (var child : children) {
        any |= child.answer();
      }
      if (!any) {
        control.awaitPatiently(this::hasQuestions, patience, 0);
      }
    }
  }

  private boolean hasQuestions() {
    for (var child : children) {
      if (child.hasQuestions()) {
        return true;
      }
    }
    return ended;
  }

  private void start() {
    while (!ended) {
      try {
        starts.take().run();
      } catch (InterruptedException e) {
        throw new AssertionError("nobody interrupts this thread", e);
      } catch (RuntimeException | Error e) {
        // All children would die with this thread.
        log("the start of a child process went wrong", e);
      }
    }
  }

  /** Says what went wrong in a thread that must go on, even where that cannot be said. */
  static void log(String what, Throwable failure) {
    try {
      System.getLogger(Hub.class.getName()).log(System.Logger.Level.ERROR, what, failure);
    } catch (RuntimeException | Error _) {
      // No memory, or somebody's logger: the thread is worth more than the line.
      return;
    }
  }

  private void close() {
    try {
      awaitControl();
      page.close();
      if (family != null) {
        family.leave();
      }
      if (sentinel.isPresent()) {
        sentinel.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the hub's memory could not be given back", e);
    }
  }

  /** Waits until the thread that answers has ended, which uses the page. */
  private void awaitControl() {
    var interrupted = false;
    while (controlThread.isAlive()) {
      try {
        controlThread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
