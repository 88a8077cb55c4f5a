package io.procession.bench.peer;

import io.procession.ChildProcess;
import io.procession.QueueClosedException;
import io.procession.shared.SharedDoubleArray;
import io.procession.shared.SharedLock;
import io.procession.shared.SharedQueue;
import java.util.ArrayList;
import java.util.List;

/** Procession's locks and shared arrays. */
final class OurShared {

  private static final int OFTEN = 1_000;
  private static final int WAITERS = 100;

  private OurShared() {}

  static void addTo(Program program) {
    program
        .with("lock", _ -> lock())
        .with("lock-contended", settings -> contended(settings.get("processes")))
        .with("array", OurShared::array)
        .with("waiters", _ -> waiters());
  }

  private static Measurement lock() {
    var lock = SharedLock.create();
    Measurement measured =
        seconds ->
            Timing.each(
                seconds,
                OFTEN,
                () -> {
                  var _ = acquireAndRelease(lock, OFTEN);
                });
    return measured.with(lock::close);
  }

  /** Gives what was counted under the lock, so that there is something to protect. */
  private static int acquireAndRelease(SharedLock lock, int times) {
    var count = 0;
    for (var time = 0; time < times; time++) {
      lock.lock();
      try {
        count++;
      } finally {
        lock.unlock();
      }
    }
    return count;
  }

  private static Measurement contended(int processes) {
    var lock = SharedLock.create();
    var children = new ArrayList<OurQueues.Child>();
    for (var number = 0; number < processes; number++) {
      children.add(
          new OurQueues.Child(times -> {
            var _ = acquireAndRelease(lock, times);
          }));
    }
    var batch = new Batch(1);
    Measurement measured = seconds -> batch.measure(seconds, children.toArray(Batch.Worker[]::new));
    return measured.with(() -> {
      for (var child : children) {
        child.end();
      }
      lock.close();
    });
  }

  /** The array goes to a child that is there already, again and again, and is summed there. */
  private static Measurement array(Settings settings) {
    var array = SharedDoubleArray.create(settings.bytes() / Double.BYTES);
    array.fill(1);
    var arrays = SharedQueue.<SharedDoubleArray>create();
    var sums = SharedQueue.<Double>create();
    var child = ChildProcess.start(() -> sumAll(arrays, sums));
    Measurement measured =
        seconds ->
            Timing.latency(
                seconds,
                () -> {
                  arrays.put(array);
                  sums.take();
                });
    return measured.with(() -> {
      arrays.shutdown();
      child.join();
      arrays.close();
      sums.close();
      array.close();
    });
  }

  private static void sumAll(SharedQueue<SharedDoubleArray> arrays, SharedQueue<Double> sums)
      throws InterruptedException {
    while (true) {
      try (var array = arrays.take()) {
        sums.put(sum(array));
      } catch (QueueClosedException _) {
        return; // there are no more
      }
    }
  }

  private static double sum(SharedDoubleArray array) {
    var sum = 0.0;
    for (var index = 0; index < array.length(); index++) {
      sum += array.getPlain(index);
    }
    return sum;
  }

  /** What this process uses while many of its threads wait for a queue. */
  private static Measurement waiters() {
    var queue = SharedQueue.<Integer>create();
    var threads = new ArrayList<Thread>();
    for (var number = 0; number < WAITERS; number++) {
      threads.add(Thread.ofPlatform().start(() -> await(queue)));
    }
    Measurement measured = seconds -> Usage.idlePercent(List.of(), seconds);
    return measured.with(() -> {
      queue.shutdown();
      for (var thread : threads) {
        thread.join();
      }
      queue.close();
    });
  }

  private static void await(SharedQueue<Integer> queue) {
    try {
      queue.take();
    } catch (QueueClosedException _) {
      // It is over.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
