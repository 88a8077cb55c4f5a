package io.procession.bench.peer;

import io.procession.bench.jmh.Locks;
import io.procession.bench.jmh.Pools;
import io.procession.bench.jmh.Queues;
import io.procession.bench.jmh.Threads;
import io.procession.bench.work.Fibonacci;
import io.procession.bench.work.Images;
import io.procession.bench.work.Rows;
import io.procession.bench.work.Texts;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.openjdk.jmh.annotations.Mode;

/**
 * What lives in one JVM, measured by JMH: what a process boundary costs. Its one argument says
 * what.
 */
final class OneJvm {

  private static final int THREADS = 1_000;

  private OneJvm() {}

  /** Serves the driver. */
  public static void main(String[] arguments) throws Exception {
    var kind = arguments[0];
    var program = new Program("JMH " + JmhMeasurement.version() + " on Java " + Runtime.version());
    switch (kind) {
      case "thread-pool", "fork-join" -> pools(program, kind);
      case "serial" -> work(program, kind);
      case "linked-blocking-queue" -> queues(program);
      case "reentrant-lock" -> locks(program);
      case "thread" ->
          program
              .with("start", _ -> JmhMeasurement.latency(Threads.class, "platform"))
              .with("start-cold", _ -> _ -> Timing.latency(0, new Threads()::platform))
              .with("memory", _ -> _ -> memory(Thread.ofPlatform()));
      case "virtual-thread" ->
          program
              .with("start", _ -> JmhMeasurement.latency(Threads.class, "virtual"))
              .with("start-cold", _ -> _ -> Timing.latency(0, new Threads()::virtual))
              .with("memory", _ -> _ -> memory(Thread.ofVirtual()));
      default -> throw new IllegalArgumentException("there is no such kind. kind=" + kind);
    }
    program.serve();
  }

  private static void pools(Program program, String kind) {
    program
        .with("round-trip", settings -> pool(kind, "roundTrip", Mode.SampleTime, 1, settings))
        .with(
            "tasks",
            settings -> pool(kind, "tasks", Mode.Throughput, Pools.SINGLE_TASKS, settings));
    if (kind.equals("fork-join")) {
      program.with(
          "items", settings -> pool(kind, "items", Mode.Throughput, settings.items(), settings));
    } else {
      program.with("round-trip-idle", OneJvm::idleRoundTrip);
      work(program, kind);
    }
  }

  private static Measurement idleRoundTrip(Settings settings) {
    var pool = Executors.newFixedThreadPool(settings.workers());
    return new RoundTrip(Inputs.IDLE_MILLIS, () -> pool.submit(() -> 1).get())
        .with(pool::shutdownNow);
  }

  private static void work(Program program, String kind) {
    program
        .with(
            "fibonacci",
            settings -> pool(kind, "fibonacci", Mode.Throughput, Fibonacci.COUNT, settings))
        .with("words", settings -> pool(kind, "words", Mode.Throughput, Texts.BYTES, settings))
        .with("lines", settings -> pool(kind, "lines", Mode.Throughput, Texts.BYTES, settings))
        .with("rows", settings -> pool(kind, "rows", Mode.Throughput, Rows.COUNT, settings))
        .with("images", settings -> pool(kind, "images", Mode.Throughput, Images.COUNT, settings));
  }

  private static Measurement pool(
      String kind, String method, Mode mode, double amount, Settings settings) {
    return new JmhMeasurement(Pools.class, method, mode, amount, 1)
        .with("kind", kind)
        .with("workers", settings.workers())
        .with("items", settings.items());
  }

  private static void queues(Program program) {
    program
        .with(
            "queue",
            settings ->
                new JmhMeasurement(
                        Queues.class,
                        "queue",
                        Mode.Throughput,
                        (double) Queues.MESSAGES * settings.pairs(),
                        1)
                    .with("pairs", settings.pairs()))
        .with("queue-round-trip", _ -> JmhMeasurement.latency(Queues.class, "roundTrip"));
  }

  private static void locks(Program program) {
    program
        .with("lock", _ -> new JmhMeasurement(Locks.class, "reentrantLock", Mode.AverageTime, 1, 1))
        .with(
            "lock-contended",
            settings ->
                new JmhMeasurement(
                    Locks.class, "reentrantLock", Mode.Throughput, 1, settings.get("processes")));
  }

  /** By how much many of them let the memory of this process grow, for each. */
  private static Sample memory(Thread.Builder builder) throws Exception {
    var end = new CountDownLatch(1);
    var before = Usage.ownMemoryBytes();
    var threads = new ArrayList<Thread>();
    for (var number = 0; number < THREADS; number++) {
      threads.add(builder.start(() -> await(end)));
    }
    for (var thread : threads) {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.sleep(1);
      }
    }
    var after = Usage.ownMemoryBytes();
    end.countDown();
    for (var thread : threads) {
      thread.join();
    }
    return Sample.of(Math.max(0, after - before) / THREADS);
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
