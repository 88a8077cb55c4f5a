package io.procession.testkit.deadline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Pool;
import io.procession.TaskTimeoutException;
import io.procession.WorkerStacks;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.contract.Flag;
import io.procession.testkit.kill.Signals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The stacks of workers. */
@NoLeaks
class DumpTest {

  @TempDir Path directory = Path.of("");

  @Test
  void theStacksOfAllWorkersAreTold() throws Exception {
    var sleeping = Flag.in(directory, "sleeping");
    var spinning = Flag.in(directory, "spinning");
    try (var pool = Pool.builder().workers(3).name("dump").build()) {
      pool.forEach(n -> Thread.sleep(50), new Integer[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
      var sleeper = pool.submit(sleeping::raiseAndSleep);
      var spinner = pool.submit(spinning::raiseAndSpin);
      sleeping.await();
      spinning.await();
      var stacks = pool.dumpWorkers();
      while (!stacks.stream().allMatch(WorkerStacks::answered)) {
        // A busy machine may need more than the second.
        stacks = pool.dumpWorkers();
      }
      assertThat(stacks)
          .extracting(WorkerStacks::worker)
          .containsExactlyInAnyOrder("dump-worker-1", "dump-worker-2", "dump-worker-3");
      assertThat(stacks)
          .allSatisfy(each -> {
            assertThat(each.answered()).as("%s", each).isTrue();
            assertThat(each.pid()).isPositive();
            assertThat(each.text()).startsWith("\"" + each.worker() + "\" #");
          });
      assertThat(stacks).anyMatch(each -> each.text().contains("Flag.raiseAndSleep"));
      assertThat(stacks).anyMatch(each -> each.text().contains("Flag.raiseAndSpin"));
      sleeper.cancel(true);
      spinner.cancel(true);
      pool.terminate();
      assertThat(pool.dumpWorkers()).isEmpty();
    }
  }

  @Test
  void aDumpLargerThanTheChannelArrivesWhole() throws Exception {
    try (var pool = Pool.ofProcesses(1)) {
      pool.submit(
              () -> {
                for (var n = 0; n < 100; n++) {
                  Thread.ofPlatform()
                      .daemon()
                      .name("one of many threads " + n)
                      .start(() -> sleepDeeply(20));
                }
              })
          .get();
      var stacks = pool.dumpWorkers().getFirst();
      while (!stacks.answered()) {
        // A busy machine may need more than the second.
        stacks = pool.dumpWorkers().getFirst();
      }
      for (var n = 0; n < 100; n++) {
        assertThat(stacks.text()).contains("\"one of many threads " + n + "\"");
      }
    }
  }

  private static void sleepDeeply(int depth) {
    if (depth > 0) {
      sleepDeeply(depth - 1);
      return;
    }
    try {
      Thread.sleep(Duration.ofHours(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aWorkerThatIsStoppedIsNamedAndTheOthersAnswer() throws Exception {
    try (var pool = Pool.ofProcesses(2)) {
      pool.forEach(n -> Thread.sleep(50), new Integer[] {1, 2, 3, 4});
      var pid = pool.workers().getFirst().pid();
      Signals.send("STOP", pid);
      Signals.awaitState(pid, 'T');
      var before = System.nanoTime();
      var stacks = pool.dumpWorkers();
      assertThat(System.nanoTime() - before).isGreaterThan(900_000_000);
      assertThat(stacks).hasSize(2);
      for (var each : stacks) {
        assertThat(each.answered()).isEqualTo(each.pid() != pid);
        if (each.pid() == pid) {
          assertThat(each.text()).contains("1000 ms").contains("SIGSTOP");
        }
      }
      Signals.send("CONT", pid);
      assertThat(pool.map(n -> n + 1, new Integer[] {1, 2, 3})).containsExactly(2, 3, 4);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aStoppedWorkerWhoseTaskTakesTooLongIsKilled() throws Exception {
    var started = Flag.in(directory, "started");
    try (var pool = Pool.builder().workers(1).grace(Duration.ofMillis(50)).build()) {
      var pid = pool.submit(() -> ProcessHandle.current().pid()).get();
      var task = pool.withTimeout(Duration.ofSeconds(1)).submit(started::raiseAndSleep);
      started.await();
      Signals.send("STOP", pid);
      assertThatThrownBy(() -> task.get(60, TimeUnit.SECONDS))
          .hasCauseExactlyInstanceOf(TaskTimeoutException.class);
      var timeout = (TaskTimeoutException) task.exceptionNow();
      assertThat(timeout.pid()).isEqualTo(pid);
      assertThat(timeout.stacks().orElseThrow()).contains("SIGSTOP");
      assertThat(pool.submit(() -> ProcessHandle.current().pid()).get()).isNotEqualTo(pid);
    }
  }

  @Test
  void whoIsInterruptedGetsWhatIsThere() {
    try (var pool = Pool.ofProcesses(1)) {
      Thread.currentThread().interrupt();
      var stacks = pool.dumpWorkers();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(stacks).hasSize(1);
      assertThat(stacks.getFirst().answered()).isFalse();
      assertThat(stacks.getFirst().text()).contains("did not tell its stacks");
    }
  }
}
