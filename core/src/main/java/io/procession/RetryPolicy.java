package io.procession;

import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which failed tasks are run again, how often, and when. A task's effects may then happen more than
 * once.
 *
 * {@snippet :
 * var policy = RetryPolicy.times(3)
 *     .on(IOException.class, TaskTimeoutException.class)
 *     .backOff(Duration.ofMillis(100), Duration.ofSeconds(5));
 * pool.withRetries(policy).map(page -> load(page), pages);
 * }
 *
 * <p>A task whose worker died is run again by every policy. One that failed with an exception of
 * its own, or took too long, is run again only if the exception is listed with {@link #on}, or
 * accepted by {@link #when}. A task that was cancelled, or whose {@link Pool#withDeadline deadline}
 * from submission is over, is not.
 *
 * <p>Immutable: each method gives a changed copy. Where a pool travels, its policy does, too: a
 * condition must be serializable then. It runs in the process that made the pool.
 */
public final class RetryPolicy implements Serializable {

  @Serial private static final long serialVersionUID = 1L;

  static final RetryPolicy NEVER = times(0);

  private final int retries;

  @SuppressWarnings("serial") // it is one of List.of
  private final List<Class<? extends Throwable>> failures;

  @SuppressWarnings("serial") // whoever sends a policy on must have given a serializable one
  private final @Nullable Predicate<? super Throwable> condition;

  private final long firstDelayNanos;
  private final long longestDelayNanos;

  private RetryPolicy(
      int retries,
      List<Class<? extends Throwable>> failures,
      @Nullable Predicate<? super Throwable> condition,
      long firstDelayNanos,
      long longestDelayNanos) {
    this.retries = retries;
    this.failures = failures;
    this.condition = condition;
    this.firstDelayNanos = firstDelayNanos;
    this.longestDelayNanos = longestDelayNanos;
  }

  /**
   * Runs a task again, at most {@code retries} times and at once, if its worker died.
   *
   * @throws IllegalArgumentException if {@code retries} is negative
   */
  public static RetryPolicy times(int retries) {
    if (retries < 0) {
      throw new IllegalArgumentException(
          "a task cannot be run again less than 0 times. retries=" + retries);
    }
    return new RetryPolicy(retries, List.of(), null, 0, 0);
  }

  /** Also if it failed with an exception of one of these types, or of a subtype. */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is copied
  public final RetryPolicy on(Class<? extends Throwable>... types) {
    var all = new ArrayList<>(failures);
    for (var type : types) {
      all.add(Objects.requireNonNull(type, "type"));
    }
    return new RetryPolicy(
        retries, List.copyOf(all), condition, firstDelayNanos, longestDelayNanos);
  }

  /**
   * Also if it failed with an exception that {@code accepted} accepts. It is called on the pool's
   * threads for callbacks; if it throws, the task is not run again, and what it threw is among the
   * suppressed exceptions of the failure.
   */
  public RetryPolicy when(Predicate<? super Throwable> accepted) {
    Objects.requireNonNull(accepted, "accepted");
    var old = condition;
    Predicate<Throwable> either =
        old == null
            ? (Predicate<Throwable> & Serializable) accepted::test
            : (Predicate<Throwable> & Serializable)
                failure -> old.test(failure) || accepted.test(failure);
    return new RetryPolicy(retries, failures, either, firstDelayNanos, longestDelayNanos);
  }

  /**
   * Waits before each retry, the first time {@code first}, then twice as long each time, up to
   * {@code longest}. Each delay is shortened by a random part, up to half of it, so that tasks that
   * failed together do not come again together. Nothing is blocked meanwhile.
   *
   * @throws IllegalArgumentException if {@code first} is negative, or longer than {@code longest}
   */
  public RetryPolicy backOff(Duration first, Duration longest) {
    if (first.isNegative() || first.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "the first delay is 0 or more, and at most the longest. first=%s longest=%s"
              .formatted(first, longest));
    }
    return new RetryPolicy(
        retries,
        failures,
        condition,
        Math.min(TimeUnit.NANOSECONDS.convert(first), Terms.LONGEST_NANOS),
        Math.min(TimeUnit.NANOSECONDS.convert(longest), Terms.LONGEST_NANOS));
  }

  /** How often a task is run again at the most. */
  public int retries() {
    return retries;
  }

  /** Whether a task may be run again after it was run so many times. */
  boolean allows(int attempts) {
    return attempts <= retries;
  }

  /** Whether other failures than the death of a worker may count. */
  boolean judges() {
    return retries > 0 && (!failures.isEmpty() || condition != null);
  }

  /** Whether this failure is one after which to run a task again; calls the user's code. */
  boolean covers(Throwable failure) {
    for (var type : failures) {
      if (type.isInstance(failure)) {
        return true;
      }
    }
    try {
      return condition != null && condition.test(failure);
    } catch (RuntimeException | Error e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  /** How long to wait before the next run of a task that was run so many times. */
  long delayNanos(int attempts) {
    var nanos = firstDelayNanos;
    for (var i = 1; i < attempts && nanos < longestDelayNanos; i++) {
      nanos = nanos > longestDelayNanos / 2 ? longestDelayNanos : nanos * 2;
    }
    return nanos <= 1 ? nanos : nanos - ThreadLocalRandom.current().nextLong(nanos / 2);
  }
}
