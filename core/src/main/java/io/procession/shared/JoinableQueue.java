package io.procession.shared;

import io.procession.QueueClosedException;
import io.procession.internal.wire.BlockKind;
import io.procession.spi.Input;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A queue whose elements are work: {@link #join} waits until all that was put is done with.
 *
 * {@snippet :
 * try (var jobs = JoinableQueue.<String>create()) {
 *   var worker = ChildProcess.builder().daemon(true).start(() -> {
 *     while (true) {
 *       process(jobs.take());
 *       jobs.taskDone();
 *     }
 *   });
 *   names.forEach(jobs::add);
 *   jobs.join();
 * }
 * }
 *
 * <p><b>Leases.</b> An element that was taken stays the queue's until {@link #taskDone} or {@link
 * Lease#done}. When the process that took it dies before, it is delivered again, before all others,
 * and {@link Lease#isRedelivered} says so; its effects then happen at least once. When the second
 * process dies, too, the element is given up: it counts as done with. Elements that are removed in
 * any other way ({@code clear}, {@code remove(Object)}) are done with.
 *
 * @param <E> what it holds; never null
 */
public final class JoinableQueue<E> extends SharedQueue<E> {

  /**
   * What this process has taken by {@code take} and its kin, the oldest first. While there is any,
   * it keeps the handle: somebody is to call {@code taskDone}, perhaps in another task.
   */
  private static final class Unfinished<E> implements Remains {
    final ArrayDeque<Open<E>> leases = new ArrayDeque<>();

    @Override
    public boolean areNeeded() {
      synchronized (leases) {
        return !leases.isEmpty();
      }
    }
  }

  private final ArrayDeque<Open<E>> open;

  private JoinableQueue(Place place) {
    this(place, new Unfinished<>());
  }

  private JoinableQueue(Place place, Unfinished<E> unfinished) {
    super(place, unfinished);
    open = unfinished.leases;
  }

  /** An unbounded queue: only its bytes are limited. */
  public static <E> JoinableQueue<E> create() {
    return create(Integer.MAX_VALUE, DEFAULT_LIMIT_BYTES);
  }

  /** A queue of at most {@code capacity} elements; those that are taken do not count. */
  public static <E> JoinableQueue<E> bounded(int capacity) {
    return create(capacity, DEFAULT_LIMIT_BYTES);
  }

  /** As {@link SharedQueue#create(int, long)}. */
  public static <E> JoinableQueue<E> create(int capacity, long limitBytes) {
    return new JoinableQueue<>(place(BlockKind.JOINABLE_QUEUE, capacity, limitBytes));
  }

  static JoinableQueue<?> readFrom(Input input) throws IOException {
    return read(input, JoinableQueue.class, JoinableQueue::new);
  }

  @Override
  boolean isLeasing() {
    return true;
  }

  private static final class Open<E> implements Lease<E> {
    private final JoinableQueue<E> queue;
    private final Taken taken;
    private final Input input;
    private final E value;
    private final Thread taker = Thread.currentThread();
    private final AtomicBoolean ended = new AtomicBoolean();

    @SuppressWarnings("unchecked") // what was put was an E, unless raw types were used
    Open(JoinableQueue<E> queue, Taken taken) {
      this.queue = queue;
      this.taken = taken;
      input = taken.input(true);
      try {
        value = (E) Objects.requireNonNull(taken.decode(queue.family, input));
      } catch (RuntimeException | Error e) {
        // It would fail elsewhere, too.
        end();
        throw e;
      }
    }

    @Override
    public E value() {
      return value;
    }

    @Override
    public boolean isRedelivered() {
      return taken.redelivered();
    }

    @Override
    public void done() {
      queue.checkOpen();
      if (!end()) {
        throw new IllegalStateException(
            "this element is done with already; queue=%d".formatted(queue.id()));
      }
    }

    private boolean end() {
      if (!ended.compareAndSet(false, true)) {
        return false;
      }
      input.settle();
      return queue.ring.done(Objects.requireNonNull(taken.block()));
    }
  }

  @Override
  E received(Taken taken) {
    var lease = new Open<>(this, taken);
    synchronized (open) {
      open.addLast(lease);
    }
    return lease.value();
  }

  /**
   * Takes the first element, waiting for one if need be; its lease is ended by {@link Lease#done},
   * not by {@link #taskDone}.
   *
   * @throws QueueClosedException if the queue is shut down and empty
   * @throws InterruptedException if the thread is interrupted; nothing was taken
   */
  public Lease<E> lease() throws InterruptedException {
    var taken = required(attempt(Long.MAX_VALUE, true));
    return new Open<>(this, Objects.requireNonNull(taken));
  }

  /** As {@link #lease()}, waiting for at most this long; null if no element came. */
  public @Nullable Lease<E> lease(Duration timeout) throws InterruptedException {
    var taken = required(attempt(TimeUnit.NANOSECONDS.convert(timeout), true));
    return taken == null ? null : new Open<>(this, taken);
  }

  /**
   * An element that was taken is done with: the oldest that this thread took, or else the oldest of
   * this process.
   *
   * @throws IllegalStateException if this process has taken none that is not done with
   */
  public void taskDone() {
    checkOpen();
    Open<E> lease;
    synchronized (open) {
      lease =
          open.stream()
              .filter(each -> each.taker.equals(Thread.currentThread()))
              .findFirst()
              .orElseGet(open::peekFirst);
      if (lease == null) {
        throw new IllegalStateException(
            "taskDone() was called more often than elements were taken by this process; queue="
                + id());
      }
      open.remove(lease);
    }
    var _ = lease.end();
  }

  /** How many elements were put and are not done with. */
  public long unfinished() {
    checkOpen();
    ring.mend();
    ring.sift();
    return ring.unfinished();
  }

  /**
   * Waits until every element that was put is done with.
   *
   * @throws IllegalStateException if this handle is closed meanwhile
   * @throws InterruptedException if the thread is interrupted
   */
  public void join() throws InterruptedException {
    var _ = awaitAllDone(Long.MAX_VALUE);
  }

  /** As {@link #join()}, but no longer than this; gives whether all is done with. */
  public boolean join(Duration timeout) throws InterruptedException {
    return awaitAllDone(TimeUnit.NANOSECONDS.convert(timeout));
  }

  private boolean awaitAllDone(long nanos) throws InterruptedException {
    beginUse();
    ElementRing.Outcome outcome;
    try {
      outcome = ring.awaitAllDone(nanos);
    } finally {
      endUse();
    }
    return switch (outcome) {
      case DONE -> {
        checkOpen();
        yield true;
      }
      case INTERRUPTED -> {
        Thread.interrupted();
        throw new InterruptedException("interrupted while waiting for all to be done");
      }
      default -> false;
    };
  }
}
