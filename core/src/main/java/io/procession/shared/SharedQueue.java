package io.procession.shared;

import io.procession.NotTransferableException;
import io.procession.QueueClosedException;
import io.procession.UnreadableElementException;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.QueueLayout;
import io.procession.spi.Input;
import io.procession.spi.Waitable;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A queue of objects between processes: first in, first out, for any number of producers and
 * consumers in any processes of a family. Elements are copied: what is put is encoded by the caller
 * of {@code put} before the queue is touched, and decoded by the caller of {@code take}.
 *
 * {@snippet :
 * try (var queue = SharedQueue.<String>create()) {
 *   var child = ChildProcess.start(() -> queue.put("Hello from process!"));
 *   System.out.println("Message from process: " + queue.take());
 *   child.join();
 * }
 * }
 *
 * <p>It is a {@link BlockingQueue} with that interface's contract; identity becomes equality:
 * {@code remove(Object)}, {@code contains} and their kin compare decoded copies by {@code equals}.
 * {@code size} counts what is in the queue at some moment. Iterators show the elements at the
 * moment they were made.
 *
 * <p><b>Capacity.</b> {@link #bounded} limits the number of elements. All queues limit their bytes:
 * to {@value #DEFAULT_LIMIT_BYTES} unless made with another limit. The memory of a queue follows
 * what is in it. A full queue makes {@code put} wait; an element that is larger than the limit
 * waits until the queue is empty.
 *
 * <p><b>Death.</b> What a process has put stays when it ends. A process that is killed at any
 * instruction has put its element or not, and has taken one or not; nothing is torn, lost, or there
 * twice, and nobody waits for the dead. An element that was taken goes with its taker: {@link
 * JoinableQueue} delivers it again.
 *
 * <p><b>The end.</b> {@link #shutdown} lets nobody put any more: whoever waits to put, and whoever
 * takes when nothing is left, gets a {@link QueueClosedException}, in all processes. {@link #close}
 * does the same and gives this process's handle up.
 *
 * <p><b>Memory consistency effects.</b> What happens before an element is put happens before what
 * follows its taking, for memory that processes share.
 *
 * @param <E> what it holds; never null
 */
public sealed class SharedQueue<E> extends SharedObject implements BlockingQueue<E>, Waitable
    permits JoinableQueue {

  /** The most bytes that a queue holds, if nothing else is said. */
  public static final long DEFAULT_LIMIT_BYTES = 1L << 30;

  private static final long LEAST_LIMIT_BYTES = 4096;

  final ElementRing ring;

  SharedQueue(Place place) {
    this(place, null);
  }

  /** As {@link SharedObject}'s. */
  SharedQueue(Place place, @Nullable Remains remains) {
    super(place, remains);
    ring = new ElementRing(family, place.block(), 0, memory, this::isClosed);
  }

  /** An unbounded queue: only its bytes are limited. */
  public static <E> SharedQueue<E> create() {
    return create(Integer.MAX_VALUE, DEFAULT_LIMIT_BYTES);
  }

  /**
   * A queue of at most {@code capacity} elements.
   *
   * @throws IllegalArgumentException if the capacity is not positive
   */
  public static <E> SharedQueue<E> bounded(int capacity) {
    return create(capacity, DEFAULT_LIMIT_BYTES);
  }

  /**
   * A queue of at most {@code capacity} elements and {@code limitBytes} bytes.
   *
   * @param limitBytes counts the encoded elements and 16 to 24 bytes for each; at least 4096
   * @throws IllegalArgumentException if the capacity is not positive, or the limit too low
   */
  public static <E> SharedQueue<E> create(int capacity, long limitBytes) {
    return new SharedQueue<>(place(BlockKind.QUEUE, capacity, limitBytes));
  }

  static Place place(BlockKind kind, int capacity, long limitBytes) {
    if (capacity <= 0) {
      throw new IllegalArgumentException(
          "a queue needs room for at least one element; capacity=" + capacity);
    }
    if (limitBytes < LEAST_LIMIT_BYTES) {
      throw new IllegalArgumentException(
          "a queue needs room for at least %d bytes; limitBytes=%d"
              .formatted(LEAST_LIMIT_BYTES, limitBytes));
    }
    var place = allocate(kind, QueueLayout.BYTES);
    var most = capacity == Integer.MAX_VALUE ? Long.MAX_VALUE : capacity;
    RingState.format(place.family(), place.block(), 0, place.memory(), most, limitBytes);
    return place;
  }

  static SharedQueue<?> readFrom(Input input) throws IOException {
    return read(input, SharedQueue.class, SharedQueue::new);
  }

  // What a joinable queue does otherwise

  boolean isLeasing() {
    return false;
  }

  /** Makes the object of what was taken. */
  E received(Taken taken) {
    var input = taken.input(true);
    try {
      @SuppressWarnings("unchecked") // what was put was an E, unless raw types were used
      var element = (E) Objects.requireNonNull(taken.decode(family, input));
      return element;
    } finally {
      input.settle();
      var block = taken.block();
      if (block != null) {
        family.release(block);
      }
    }
  }

  private ElementRing.Outcome put(E element, long timeoutNanos, boolean interruptible) {
    Objects.requireNonNull(element, "a queue holds no null");
    beginUse();
    try (var encoded = Encoded.of(element, family, isLeasing())) {
      var outcome = ring.put(encoded, QueueLayout.OBJECT, timeoutNanos, interruptible);
      if (outcome == ElementRing.Outcome.SHUT || outcome == ElementRing.Outcome.OVER) {
        throw closed("nothing can be put");
      }
      return outcome;
    } finally {
      endUse();
    }
  }

  final ElementRing.Take attempt(long timeoutNanos, boolean interruptible) {
    beginUse();
    try {
      return ring.take(isLeasing(), Long.MAX_VALUE, timeoutNanos, interruptible);
    } finally {
      endUse();
    }
  }

  final QueueClosedException closed(String what) {
    checkOpen();
    return new QueueClosedException(
        "the queue was shut down or closed by a process, so %s; queue=%d".formatted(what, id()));
  }

  /** The element of an attempt that may have been interrupted or been told that nothing comes. */
  final @Nullable Taken required(ElementRing.Take take) throws InterruptedException {
    return switch (take.outcome()) {
      case DONE -> take.taken();
      case TIMED_OUT -> null;
      case INTERRUPTED -> throw interrupted();
      case SHUT, OVER -> throw closed("nothing comes any more");
    };
  }

  private static InterruptedException interrupted() {
    Thread.interrupted();
    return new InterruptedException("interrupted while waiting in a shared queue");
  }

  private static long nanos(Duration timeout) {
    return TimeUnit.NANOSECONDS.convert(timeout);
  }

  /**
   * Puts an element, waiting for room if need be.
   *
   * @throws NotTransferableException if the element cannot travel; nothing was put
   * @throws QueueClosedException if the queue is shut down, also while this waits
   * @throws InterruptedException if the thread is interrupted; nothing was put
   */
  @Override
  public void put(E element) throws InterruptedException {
    if (put(element, Long.MAX_VALUE, true) == ElementRing.Outcome.INTERRUPTED) {
      throw interrupted();
    }
  }

  /**
   * Puts an element if there is room at once.
   *
   * @return whether there was
   * @throws QueueClosedException if the queue is shut down
   */
  @Override
  public boolean offer(E element) {
    return put(element, 0, false) == ElementRing.Outcome.DONE;
  }

  @Override
  public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
    var outcome = put(element, unit.toNanos(timeout), true);
    if (outcome == ElementRing.Outcome.INTERRUPTED) {
      throw interrupted();
    }
    return outcome == ElementRing.Outcome.DONE;
  }

  /** As {@link #offer(Object, long, TimeUnit)}. */
  public boolean offer(E element, Duration timeout) throws InterruptedException {
    return offer(element, nanos(timeout), TimeUnit.NANOSECONDS);
  }

  /**
   * Puts an element if there is room at once.
   *
   * @throws IllegalStateException if there is not
   */
  @Override
  public boolean add(E element) {
    if (!offer(element)) {
      throw new IllegalStateException("the queue is full; put(…) waits for room; queue=" + id());
    }
    return true;
  }

  /**
   * Takes the first element, waiting for one if need be.
   *
   * @throws QueueClosedException if the queue is shut down and empty, also while this waits
   * @throws UnreadableElementException if the element cannot be made here; it is out of the queue
   * @throws InterruptedException if the thread is interrupted; nothing was taken
   */
  @Override
  public E take() throws InterruptedException {
    return received(Objects.requireNonNull(required(attempt(Long.MAX_VALUE, true))));
  }

  /**
   * Takes the first element, waiting for one for at most this long.
   *
   * @return null if none came
   * @throws QueueClosedException if the queue is shut down and empty
   */
  @Override
  public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    var taken = required(attempt(unit.toNanos(timeout), true));
    return taken == null ? null : received(taken);
  }

  /** As {@link #poll(long, TimeUnit)}. */
  public @Nullable E poll(Duration timeout) throws InterruptedException {
    return poll(nanos(timeout), TimeUnit.NANOSECONDS);
  }

  /** Takes the first element; null if there is none, also when the queue is shut down. */
  @Override
  public @Nullable E poll() {
    var taken = attempt(0, false).taken();
    return taken == null ? null : received(taken);
  }

  @Override
  public E remove() {
    var element = poll();
    if (element == null) {
      throw new NoSuchElementException("the queue is empty; queue=" + id());
    }
    return element;
  }

  @Override
  public @Nullable E peek() {
    var elements = elements(1);
    return elements.isEmpty() ? null : elements.getFirst().value();
  }

  @Override
  public E element() {
    var element = peek();
    if (element == null) {
      throw new NoSuchElementException("the queue is empty; queue=" + id());
    }
    return element;
  }

  @Override
  public int drainTo(Collection<? super E> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  @Override
  public int drainTo(Collection<? super E> target, int most) {
    Objects.requireNonNull(target, "target");
    if (isSelf(target)) {
      throw new IllegalArgumentException("a queue cannot be drained into itself; queue=" + id());
    }
    checkOpen();
    var count = 0;
    while (count < most) {
      var element = poll();
      if (element == null) {
        break;
      }
      target.add(element);
      count++;
    }
    return count;
  }

  @SuppressWarnings("ReferenceEquality") // a queue equals only itself
  private boolean isSelf(Collection<?> other) {
    return other == this;
  }

  /** How many elements are in the queue. */
  @Override
  public int size() {
    checkOpen();
    ring.mend();
    return (int) Math.min(Integer.MAX_VALUE, ring.count());
  }

  @Override
  public boolean isEmpty() {
    return size() == 0;
  }

  /** How many more elements fit; {@link Integer#MAX_VALUE} if only bytes are limited. */
  @Override
  public int remainingCapacity() {
    checkOpen();
    ring.mend();
    return (int) Math.min(Integer.MAX_VALUE, ring.remainingCapacity());
  }

  /**
   * Lets nobody put any more. What is in the queue can still be taken. Idempotent.
   *
   * @throws IllegalStateException if this handle is closed
   */
  public void shutdown() {
    checkOpen();
    ring.shut();
  }

  /** Whether some process has shut the queue down. */
  public boolean isShutdown() {
    checkOpen();
    return ring.isShut();
  }

  /** Shuts the queue down for all, and gives this process's handle up. */
  @Override
  public void close() {
    super.close();
  }

  @Override
  void closing() {
    ring.shut();
  }

  /** Whether taking would not wait: there is an element, or there will be none. */
  @Override
  public boolean isReady() {
    return ring.isReady(isLeasing());
  }

  @Override
  public Registration onReady(Runnable wake) {
    return ring.onReady(isLeasing(), wake);
  }

  // What looks at all elements

  /** An element and the place at which it was seen. */
  private record Seen<E>(long position, E value) {}

  private List<Seen<E>> elements(int most) {
    beginUse();
    try {
      return ring.snapshot(most).stream().map(this::seen).toList();
    } finally {
      endUse();
    }
  }

  private Seen<E> seen(Taken taken) {
    @SuppressWarnings("unchecked") // as in received
    var value = (E) Objects.requireNonNull(taken.decode(family, true));
    return new Seen<>(taken.position(), value);
  }

  @Override
  public Iterator<E> iterator() {
    var seen = elements(Integer.MAX_VALUE).iterator();
    return new Iterator<>() {
      private @Nullable Seen<E> last;

      @Override
      public boolean hasNext() {
        return seen.hasNext();
      }

      @Override
      public E next() {
        var next = seen.next();
        last = next;
        return next.value();
      }

      @Override
      public void remove() {
        if (last == null) {
          throw new IllegalStateException("remove() needs a next() before it");
        }
        ring.removeAt(last.position());
        last = null;
      }
    };
  }

  private List<E> values() {
    return elements(Integer.MAX_VALUE).stream().map(Seen::value).toList();
  }

  @Override
  public boolean contains(@Nullable Object object) {
    return object != null && values().contains(object);
  }

  @Override
  public boolean containsAll(Collection<?> objects) {
    return values().containsAll(objects);
  }

  @Override
  public boolean remove(@Nullable Object object) {
    return object != null
        && elements(Integer.MAX_VALUE).stream()
            .anyMatch(seen -> object.equals(seen.value()) && ring.removeAt(seen.position()));
  }

  @Override
  public boolean removeIf(Predicate<? super E> filter) {
    Objects.requireNonNull(filter, "filter");
    var any = false;
    for (var seen : elements(Integer.MAX_VALUE)) {
      any |= filter.test(seen.value()) && ring.removeAt(seen.position());
    }
    return any;
  }

  @Override
  public boolean removeAll(Collection<?> objects) {
    Objects.requireNonNull(objects, "objects");
    return removeIf(objects::contains);
  }

  @Override
  public boolean retainAll(Collection<?> objects) {
    Objects.requireNonNull(objects, "objects");
    return removeIf(element -> !objects.contains(element));
  }

  @Override
  public boolean addAll(Collection<? extends E> elements) {
    if (isSelf(elements)) {
      throw new IllegalArgumentException("a queue cannot be added to itself; queue=" + id());
    }
    var any = false;
    for (var element : elements) {
      any |= add(element);
    }
    return any;
  }

  /** Removes what is in the queue now; nothing of it is decoded. */
  @Override
  public void clear() {
    checkOpen();
    for (var taken : ring.snapshot(Integer.MAX_VALUE)) {
      ring.removeAt(taken.position());
    }
  }

  @Override
  public Object[] toArray() {
    return values().toArray();
  }

  @Override
  public <T> T[] toArray(T[] array) {
    return values().toArray(array);
  }

  @Override
  public <T> T[] toArray(IntFunction<T[]> generator) {
    return values().toArray(generator);
  }

  /** Names the queue and how much is in it; the elements stay unread. */
  @Override
  public String toString() {
    return isClosed() ? super.toString() : "SharedQueue[id=%d, size=%d]".formatted(id(), size());
  }
}
