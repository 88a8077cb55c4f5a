package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The same program gives the same order; and whatever the program, the promises hold. */
class OrderTest {

  /** A program of tasks that share everything there is, of which {@code seed} makes one of many. */
  private static List<String> program(long seed) {
    var log = new ArrayList<String>();
    EventLoop.execute(loop -> {
      var random = new Random(seed);
      var lock = LoopLock.create();
      var semaphore = LoopSemaphore.create(2);
      var queue = LoopQueue.<String>bounded(2);
      var event = LoopEvent.create();
      var condition = lock.newCondition();
      var inside = new int[2];
      var tasks = new ArrayList<LoopTask<?>>();
      for (var i = 0; i < 6; i++) {
        var steps = random.ints(10, 0, 10).toArray();
        var name = "t" + i;
        tasks.add(
            loop.createTask(
                name,
                () -> {
                  for (var step : steps) {
                    log.add(name + ":" + step);
                    switch (step) {
                      case 0 -> loop.sleep(Duration.ZERO);
                      case 1 -> {
                        lock.lock();
                        try {
                          assertThat(++inside[0]).isEqualTo(1);
                          loop.sleep(Duration.ZERO);
                        } finally {
                          inside[0]--;
                          lock.unlock();
                        }
                      }
                      case 2 -> {
                        semaphore.acquire();
                        try {
                          assertThat(++inside[1]).isLessThanOrEqualTo(2);
                          loop.sleep(Duration.ZERO);
                        } finally {
                          inside[1]--;
                          semaphore.release();
                        }
                      }
                      case 3 -> queue.put(name);
                      case 4 -> log.add(name + " took " + queue.take());
                      case 5 -> {
                        event.set();
                        loop.sleep(Duration.ZERO);
                        event.clear();
                      }
                      case 6 -> event.await();
                      case 7 -> {
                        lock.lock();
                        try {
                          condition.signal();
                          if (name.charAt(1) % 2 == 1) {
                            condition.await();
                          }
                        } finally {
                          lock.unlock();
                        }
                      }
                      case 8 ->
                          TaskGroup.execute(group -> {
                            group.createTask(() -> log.add(name + " in a group"));
                            group.createTask(() -> loop.sleep(Duration.ZERO));
                          });
                      default ->
                          log.add(
                              name
                                  + " got "
                                  + loop.gather(
                                      loop.createTask(() -> name + "a"),
                                      loop.createTask(() -> name + "b")));
                    }
                  }
                }));
      }
      for (var turn = 0; turn < 60; turn++) {
        loop.sleep(Duration.ZERO);
        if (random.nextInt(10) == 0) {
          var victim = tasks.get(random.nextInt(tasks.size()));
          log.add("cancel " + victim.name() + " " + victim.cancel());
        }
      }
      // Whoever still waits for the queue waits for nobody.
      tasks.forEach(LoopTask::cancel);
      loop.gatherAll(tasks);
      for (var task : tasks) {
        assertThat(task.isCancelled() || task.exception() == null).as(task.name()).isTrue();
        log.add(task.toString());
      }
      assertThat(lock.isLocked()).as("nobody died with the lock").isFalse();
      assertThat(semaphore.availablePermits()).isEqualTo(2);
      assertThat(inside).containsExactly(0, 0);
      assertThat(loop.tasks()).hasSize(1);
    });
    return log;
  }

  @Test
  void theSameProgramGivesTheSameOrderAThousandTimes() {
    var first = program(42);
    assertThat(first).hasSizeGreaterThan(40);
    for (var i = 0; i < 1_000; i++) {
      assertThat(program(42)).isEqualTo(first);
    }
  }

  @Test
  void noProgramLosesALockOrAPermit() {
    for (var seed = 0L; seed < 1_000; seed++) {
      try {
        program(seed);
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("seed=" + seed, failure);
      }
    }
  }

  /** Tasks share a plain variable: what the loop promises makes that correct. */
  @RepeatedTest(20)
  void onlyOneTaskRunsAtATime() {
    var counter = new int[1];
    EventLoop.execute(loop -> {
      var tasks = new ArrayList<LoopTask<?>>();
      for (var i = 0; i < 50; i++) {
        tasks.add(
            loop.createTask(() -> {
              for (var j = 0; j < 100; j++) {
                var seen = counter[0];
                Thread.onSpinWait();
                counter[0] = seen + 1;
                loop.sleep(Duration.ZERO);
              }
            }));
      }
      loop.gather(tasks);
    });
    assertThat(counter).containsExactly(5_000);
  }

  /** A cancellation at any point of a waiting program ends it, and nothing else. */
  @Test
  void aCancellationAtAnyTurnEndsATask() {
    for (var turns = 0; turns < 30; turns++) {
      var turn = turns;
      EventLoop.execute(loop -> {
        var event = LoopEvent.create();
        var queue = LoopQueue.<Integer>bounded(1);
        var helper =
            loop.createTask(() -> {
              for (var i = 0; i < 10; i++) {
                queue.put(i);
              }
              event.set();
            });
        var task =
            loop.createTask(() -> {
              for (var i = 0; i < 10; i++) {
                assertThat(queue.take()).isEqualTo(i);
              }
              event.await();
              return "done";
            });
        for (var i = 0; i < turn; i++) {
          loop.sleep(Duration.ZERO);
        }
        var asked = task.cancel();
        loop.gatherAll(task);
        assertThat(task.isCancelled()).isEqualTo(asked);
        while (queue.poll() != null) {
          loop.sleep(Duration.ZERO);
        }
        helper.cancel();
        try {
          helper.await();
        } catch (CancellationException ended) {
          assertThat(helper.isCancelled()).isTrue();
        }
      });
    }
  }
}
