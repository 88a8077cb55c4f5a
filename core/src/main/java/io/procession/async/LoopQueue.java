package io.procession.async;

import io.procession.QueueClosedException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A queue between the tasks of one loop, with the methods of {@link
 * java.util.concurrent.BlockingQueue} and those to wait until everything has been dealt with.
 *
 * @param <E> the type of its elements, which are not null
 */
public final class LoopQueue<E> {

  private final Scheduler scheduler;
  private final Queue<E> elements;
  private final int capacity;
  private final ArrayDeque<Waiter> takers = new ArrayDeque<>();
  private final ArrayDeque<Waiter> putters = new ArrayDeque<>();
  private final LoopEvent allDone = LoopEvent.create();
  private int unfinished;
  private boolean isShutdown;

  private LoopQueue(Queue<E> elements, int capacity) {
    if (capacity <= 0) {
      throw new IllegalArgumentException("the capacity must be positive. capacity=" + capacity);
    }
    this.scheduler = EventLoop.current().scheduler;
    this.elements = elements;
    this.capacity = capacity;
    allDone.set();
  }

  /**
   * An unbounded queue for the loop that runs the caller: first in, first out.
   *
   * @throws IllegalStateException outside a loop
   */
  public static <E> LoopQueue<E> create() {
    return bounded(Integer.MAX_VALUE);
  }

  /**
   * A queue for at most {@code capacity} elements: first in, first out.
   *
   * @throws IllegalArgumentException if {@code capacity} is not positive
   */
  public static <E> LoopQueue<E> bounded(int capacity) {
    return new LoopQueue<>(new ArrayDeque<>(), capacity);
  }

  /** A queue for at most {@code capacity} elements: last in, first out. */
  public static <E> LoopQueue<E> lifo(int capacity) {
    return new LoopQueue<>(Collections.asLifoQueue(new ArrayDeque<>()), capacity);
  }

  /** A queue for at most {@code capacity} elements: the least first, equal ones in any order. */
  public static <E> LoopQueue<E> priority(int capacity, Comparator<? super E> order) {
    return new LoopQueue<>(new PriorityQueue<>(order), capacity);
  }

  /**
   * Adds {@code element}; waits while the queue is full.
   *
   * @throws CancellationException if the task is cancelled; the element is not in the queue then
   * @throws QueueClosedException if the queue is shut down, also while this waits
   */
  public void put(E element) {
    var task = scheduler.requireTask("LoopQueue.put");
    requireOpen();
    while (isFull()) {
      await(task, putters, () -> !isFull());
      requireOpen();
    }
    add(element);
  }

  /**
   * Adds {@code element} if there is room; does not wait.
   *
   * @return whether there was
   * @throws QueueClosedException if the queue is shut down
   */
  public boolean offer(E element) {
    scheduler.requireLoop("LoopQueue.offer");
    requireOpen();
    if (isFull()) {
      return false;
    }
    add(element);
    return true;
  }

  private void add(E element) {
    elements.add(element);
    unfinished++;
    allDone.clear();
    wakeFirst(takers);
  }

  /**
   * Removes the first element; waits until there is one.
   *
   * @throws CancellationException if the task is cancelled; nothing was removed then
   * @throws QueueClosedException if the queue is shut down and empty, also while this waits
   */
  public E take() {
    var task = scheduler.requireTask("LoopQueue.take");
    while (elements.isEmpty()) {
      requireOpen();
      await(task, takers, () -> !elements.isEmpty());
    }
    return remove();
  }

  /**
   * Removes the first element; null if there is none. Does not wait.
   *
   * @throws QueueClosedException if the queue is shut down and empty
   */
  public @Nullable E poll() {
    scheduler.requireLoop("LoopQueue.poll");
    if (elements.isEmpty()) {
      requireOpen();
      return null;
    }
    return remove();
  }

  private E remove() {
    var element = elements.remove();
    wakeFirst(putters);
    return element;
  }

  private static void await(
      BodyTask<?> task, ArrayDeque<Waiter> waiters, BooleanSupplier isPossible) {
    var waiter = new Waiter(task);
    waiters.add(waiter);
    try {
      waiter.await();
    } catch (CancellationException cancellation) {
      waiters.remove(waiter);
      if (waiter.isWoken() && isPossible.getAsBoolean()) {
        wakeFirst(waiters);
      }
      throw cancellation;
    }
  }

  private static void wakeFirst(ArrayDeque<Waiter> waiters) {
    for (var next = waiters.poll(); next != null; next = waiters.poll()) {
      if (next.wake()) {
        return;
      }
    }
  }

  /**
   * Tells that an element that was taken has been dealt with, for {@link #join}.
   *
   * @throws IllegalStateException if this is told more often than elements were put
   */
  public void taskDone() {
    scheduler.requireLoop("LoopQueue.taskDone");
    if (unfinished == 0) {
      throw new IllegalStateException("more was done than put. size=" + elements.size());
    }
    unfinished--;
    if (unfinished == 0) {
      allDone.set();
    }
  }

  /**
   * Waits until {@link #taskDone} has been called for every element that was put.
   *
   * @throws CancellationException if the task is cancelled
   */
  public void join() {
    allDone.await();
  }

  /** {@link #shutdown(boolean)}; what is in the queue can still be taken. */
  public void shutdown() {
    shutdown(false);
  }

  /**
   * Lets nobody put any more. Who waits to put, and who takes when nothing is left, gets a {@link
   * QueueClosedException}. Does nothing the second time, except that {@code immediate} may come
   * later.
   *
   * @param immediate whether what is in the queue is thrown away, and counts as dealt with
   */
  public void shutdown(boolean immediate) {
    scheduler.requireLoop("LoopQueue.shutdown");
    isShutdown = true;
    if (immediate) {
      unfinished -= Math.min(unfinished, elements.size());
      elements.clear();
      if (unfinished == 0) {
        allDone.set();
      }
    }
    wakeAll(takers);
    wakeAll(putters);
  }

  private static void wakeAll(ArrayDeque<Waiter> waiters) {
    waiters.forEach(Waiter::wake);
    waiters.clear();
  }

  private void requireOpen() {
    if (isShutdown) {
      throw new QueueClosedException("the queue was shut down. size=" + elements.size());
    }
  }

  /** Whether {@link #shutdown} was called. */
  public boolean isShutdown() {
    return isShutdown;
  }

  public int size() {
    return elements.size();
  }

  public boolean isEmpty() {
    return elements.isEmpty();
  }

  public int remainingCapacity() {
    return capacity - elements.size();
  }

  private boolean isFull() {
    return elements.size() >= capacity;
  }
}
