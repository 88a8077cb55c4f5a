package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Pool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task that somebody waits for, and that has dependents as well. */
@NoLeaks
class TaskDependentsTest {

  @TempDir Path directory;

  @Test
  void whoeverWaitsIsWokenAndTheDependentsRunOnThreadsOfThePool() throws Exception {
    var file = directory.resolve("go");
    var path = file.toString();
    try (var pool = Pool.ofProcesses(1)) {
      var task = pool.submit(() -> awaitFile(path));
      var ranOn = new AtomicReference<Thread>();
      CompletableFuture<Void> dependent =
          task.thenAccept(value -> ranOn.set(Thread.currentThread()));
      var got = new AtomicReference<String>();
      var waiter = Thread.ofPlatform().start(() -> got.set(task.join()));
      while (waiter.getState() != Thread.State.WAITING) {
        Thread.sleep(1);
      }

      Files.createFile(file);

      waiter.join(60_000);
      assertThat(got).hasValue("went");
      dependent.join();
      assertThat(ranOn.get()).isNotSameAs(waiter);
    }
  }

  private static String awaitFile(String path) throws InterruptedException {
    while (!Files.exists(Path.of(path))) {
      Thread.sleep(1);
    }
    return "went";
  }
}
