package io.procession.testkit;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves something behind: a living process below this JVM, an open descriptor, a
 * mapped segment, a file of Procession's in {@code /dev/shm} or the temporary directory, or a
 * thread whose name starts with {@code procession}. What was there before the test does not count.
 *
 * <p>It looks after all {@code @AfterEach} methods, until nothing is left, for at most ten seconds,
 * or a minute while this library makes its AOT cache; then the test fails with a line for each
 * thing that is left. Every second it asks for a garbage collection: a handle that nobody closed
 * gives up what it holds when it is collected. Where the system has no {@code /proc}, descriptors
 * and mappings are not looked at.
 *
 * <p>Tests that run at the same time in one JVM would see each other's processes: such a test class
 * must not run concurrently.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(LeakCheck.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How much longer it waits for the library's AOT cache, which is made in idle time. */
  private static final Duration CACHE_PATIENCE = Duration.ofSeconds(50);

  private static final String CACHE_MAKERS = "io.procession.internal.training.";
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final int PAUSES_PER_COLLECTION = 100;

  /** For JUnit. */
  public LeakCheck() {}

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(NAMESPACE).put(Belongings.class, Belongings.now());
  }

  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException {
    var before =
        Objects.requireNonNull(
            context.getStore(NAMESPACE).remove(Belongings.class, Belongings.class),
            "beforeEach did not run");
    var left = await(before, PATIENCE);
    if (!left.isEmpty()) {
      throw new AssertionError(
          left.stream()
              .collect(
                  Collectors.joining(
                      "\n  ", "the test left this behind:\n  ", "\nleft=" + left.size())));
    }
  }

  /**
   * Waits until everything that came after {@code before} is gone.
   *
   * @return what is still there after {@code patience}, a line each; usually nothing
   */
  static List<String> await(Belongings before, Duration patience) throws InterruptedException {
    var deadline = System.nanoTime() + patience.toNanos();
    for (var pauses = 1; ; pauses++) {
      var left = Belongings.now().since(before);
      var overdueNanos = System.nanoTime() - deadline;
      var makesCache = left.stream().anyMatch(line -> line.contains(CACHE_MAKERS));
      if (left.isEmpty() || overdueNanos > (makesCache ? CACHE_PATIENCE.toNanos() : 0)) {
        var sorted = new TreeSet<>(Comparator.<String>naturalOrder());
        sorted.addAll(left);
        return List.copyOf(sorted);
      }
      Thread.sleep(PAUSE);
      if (pauses % PAUSES_PER_COLLECTION == 0) {
        System.gc();
      }
    }
  }
}
