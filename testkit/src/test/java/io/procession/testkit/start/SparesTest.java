package io.procession.testkit.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.ChildProcess;
import io.procession.shared.SharedQueue;
import io.procession.testkit.NoLeaks;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Processes that were started before they are needed. */
@NoLeaks
class SparesTest {

  private static final int MANY = 30;
  private static final long BOUND_NANOS = TimeUnit.MINUTES.toNanos(2);

  record Seen(long pid, String name, boolean daemon, boolean hasParent) {}

  private static void tell(SharedQueue<Seen> queue) throws InterruptedException {
    var self = ChildProcess.current();
    queue.put(
        new Seen(self.pid(), self.name(), self.isDaemon(), ChildProcess.parent().isPresent()));
  }

  private static Set<Long> spares() {
    try (var children = ProcessHandle.current().children()) {
      return children
          .filter(child -> child.info().command().orElse("").endsWith("java"))
          .map(ProcessHandle::pid)
          .collect(Collectors.toSet());
    }
  }

  private static void await(int count) throws InterruptedException {
    var start = System.nanoTime();
    while (spares().size() != count) {
      assertThat(System.nanoTime() - start).isLessThan(BOUND_NANOS);
      Thread.sleep(5);
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    ChildProcess.prestart(0);
    await(0);
  }

  @Test
  void oneServesAndIsReplaced() throws Exception {
    ChildProcess.prestart(2);
    await(2);
    assertThat(ChildProcess.activeChildren()).isEmpty();
    try (var queue = SharedQueue.<Seen>create()) {
      var start = System.nanoTime();
      while (true) {
        var known = spares();
        var child =
            ChildProcess.builder().name("named").daemon(true).start(SparesTest::tell, queue);
        child.join();
        assertThat(child.exitCode()).isZero();
        var seen = queue.take();
        assertThat(seen).isEqualTo(new Seen(child.pid(), "named", true, true));
        if (known.contains(child.pid())) {
          break;
        }
        // None was up yet.
        assertThat(System.nanoTime() - start).isLessThan(BOUND_NANOS);
      }
    }
    await(2);
  }

  @Test
  void noneServesWhereAnOptionDiffers() throws Exception {
    ChildProcess.prestart(1);
    await(1);
    var spare = spares();
    var child = ChildProcess.builder().environment("KEY", "value").start(() -> {});
    assertThat(spare).doesNotContain(child.pid());
    child.join();
  }

  @Test
  void oneThatDiesIsReplaced() throws Exception {
    ChildProcess.prestart(1);
    await(1);
    var first = spares().iterator().next();
    ProcessHandle.of(first).orElseThrow().destroyForcibly();
    var start = System.nanoTime();
    while (spares().isEmpty() || spares().contains(first)) {
      assertThat(System.nanoTime() - start).isLessThan(BOUND_NANOS);
      Thread.sleep(5);
    }
    var child = ChildProcess.start(() -> System.exit(7));
    child.join();
    assertThat(child.exitCode()).isEqualTo(7);
  }

  @Test
  void startsThatComeFasterThanTheyAreReplacedGoTheirUsualWay() throws Exception {
    ChildProcess.prestart(2);
    try (var queue = SharedQueue.<Seen>create()) {
      for (var number = 0; number < MANY; number++) {
        var child = ChildProcess.start(SparesTest::tell, queue);
        child.join();
        assertThat(queue.take().name()).isEqualTo(child.name());
      }
    }
  }

  @Test
  void theyAreEndedAtOnceWhereNoneIsWanted() throws Exception {
    ChildProcess.prestart(3);
    ChildProcess.prestart(0);
    await(0);
    assertThatThrownBy(() -> ChildProcess.prestart(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("count=-1");
  }
}
