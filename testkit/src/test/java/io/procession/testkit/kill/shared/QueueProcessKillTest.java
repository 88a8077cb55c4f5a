package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.ChildProcess;
import io.procession.QueueClosedException;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.shared.JoinableQueue;
import io.procession.shared.SharedQueue;
import io.procession.testkit.Await;
import io.procession.testkit.NoLeaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Producers and consumers in processes of their own are killed, by SIGKILL at any moment or by the
 * seam, while this process puts and takes, too. Each process writes down what it did; {@code
 * procession.sharedKills} scales how many die.
 */
@NoLeaks
class QueueProcessKillTest {

  private static final int KILLS = Math.max(10, Integer.getInteger("procession.sharedKills", 300) / 30);
  private static final long SEED = Long.getLong("procession.seed", System.nanoTime() & 0xffffff);
  private static final int CAPACITY = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int LONGEST_AIM_NANOS = 20_000_000;

  private static final List<Step> STEPS =
      List.of(
          Step.STORE_DUE,
          Step.ELEMENT_INTENDED,
          Step.ELEMENT_COMMITTED,
          Step.TAKING_INTENDED,
          Step.MUTEX_LEFT,
          Step.WAITER_LISTED);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothingIsLostOrTwiceThoughProcessesAreKilled(boolean leasing) throws Exception {
    var random = new Random(SEED);
    System.out.printf("leasing=%s seed=%d%n", leasing, SEED);
    try (SharedQueue<Element> queue =
        leasing ? JoinableQueue.bounded(CAPACITY) : SharedQueue.bounded(CAPACITY)) {
      var stop = directory.resolve("stop");
      var producer = start(() -> produce(queue, directory, 0, stop));
      var consumer = start(() -> consume(queue, directory, 0));
      var deadConsumers = 0;
      for (var id = 1; id <= KILLS; id++) {
        deadConsumers += kill(queue, id, random) ? 1 : 0;
      }
      Files.createFile(stop);
      producer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (queue instanceof JoinableQueue<Element> joinable) {
        assertThat(joinable.join(PATIENCE)).as("all done").isTrue();
      }
      queue.shutdown();
      consumer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(queue.size()).isZero();
      check(leasing, deadConsumers);
      System.out.printf("leasing=%s kills=%d, of consumers=%d%n", leasing, KILLS, deadConsumers);
    }
  }

  private static FutureTask<Integer> start(java.util.concurrent.Callable<Integer> work) {
    var task = new FutureTask<>(work);
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  /** Gives whether it was a consumer. */
  private boolean kill(SharedQueue<Element> queue, int id, Random random) throws Exception {
    var consumes = random.nextBoolean();
    var where = directory.toString();
    var builder = ChildProcess.builder();
    var step = STEPS.get(random.nextInt(STEPS.size()));
    var isSeam = random.nextBoolean();
    if (isSeam) {
      // So often that it is well beyond its birth.
      var count = step == Step.WAITER_LISTED ? 1 : 50 + random.nextInt(500);
      builder.jvmArguments("-D" + Seam.PROPERTY + "=" + step + ":" + count);
    }
    var child =
        builder.start(() -> {
          if (consumes) {
            consume(queue, Path.of(where), id);
          } else {
            produce(queue, Path.of(where), id, Path.of(where, "never"));
          }
        });
    var own = directory.resolve((consumes ? "took-" : "put-") + id);
    if (!isSeam || !child.join(Duration.ofSeconds(2))) {
      Await.until(
          () -> !child.isAlive() || Files.exists(own) && Files.size(own) > 0, "the child works");
      LockSupport.parkNanos(random.nextInt(LONGEST_AIM_NANOS));
      child.kill();
    }
    child.join();
    assertThat(child.exitCode()).isNotZero();
    return consumes;
  }

  private static int produce(SharedQueue<Element> queue, Path directory, int id, Path stop)
      throws Exception {
    var number = 0;
    while (!Files.exists(stop)) {
      number++;
      queue.put(Element.of(id, number, number % 20 == 0 ? 40_000 : 20));
      note(directory.resolve("put-" + id), id + "/" + number);
    }
    return number;
  }

  private static int consume(SharedQueue<Element> queue, Path directory, int id) throws Exception {
    var own = directory.resolve("took-" + id);
    for (var count = 0; ; count++) {
      try {
        if (queue instanceof JoinableQueue<Element> joinable) {
          var lease = joinable.lease();
          note(own, lease.value().whole() + (lease.isRedelivered() ? " again" : ""));
          lease.done();
        } else {
          note(own, queue.take().whole().toString());
        }
      } catch (QueueClosedException _) {
        return count;
      }
    }
  }

  private static void note(Path file, String line) throws IOException {
    Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void check(boolean leasing, int deadConsumers) throws IOException {
    var put = new ArrayList<String>();
    var taken = new ArrayList<String>();
    var again = new ArrayList<String>();
    for (var id = 0; id <= KILLS; id++) {
      put.addAll(lines("put-" + id));
      for (var line : lines("took-" + id)) {
        (line.endsWith(" again") ? again : taken).add(line.replace(" again", ""));
      }
    }
    assertThat(taken).as("taken for the first time").doesNotHaveDuplicates();
    assertThat(again).as("taken again").doesNotHaveDuplicates();
    assertThat(again.size()).isLessThanOrEqualTo(leasing ? deadConsumers : 0);
    var lost = new ArrayList<>(put);
    lost.removeAll(new java.util.HashSet<>(taken));
    lost.removeAll(new java.util.HashSet<>(again));
    assertThat(lost.size()).as("lost: %s", lost).isLessThanOrEqualTo(leasing ? deadConsumers / 2 : deadConsumers);
  }

  private List<String> lines(String name) throws IOException {
    var file = directory.resolve(name);
    if (Files.notExists(file)) {
      return List.of();
    }
    var text = Files.readString(file);
    // The last line may be cut short by a death.
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }
}
