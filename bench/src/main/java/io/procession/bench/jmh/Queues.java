package io.procession.bench.jmh;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A queue between the threads of one JVM, where a message of any size is a reference. */
@State(Scope.Benchmark)
public class Queues {

  /** As many messages go from each producer in a call. */
  public static final int MESSAGES = 200_000;

  private static final Integer MESSAGE = 1;

  /** How many producers, and consumers. */
  @Param("1")
  public int pairs = 1;

  private final LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
  private ExecutorService threads = Executors.newCachedThreadPool();

  /** Makes room for threads. */
  @Setup
  public void open() {
    threads = Executors.newCachedThreadPool();
  }

  /** Ends all threads. */
  @TearDown
  public void close() {
    threads.shutdownNow();
  }

  /** Producers and consumers move their messages. */
  @Benchmark
  public void queue() throws Exception {
    var workers = new ArrayList<Callable<Integer>>();
    for (var pair = 0; pair < pairs; pair++) {
      workers.add(() -> {
        for (var number = 0; number < MESSAGES; number++) {
          queue.put(MESSAGE);
        }
        return MESSAGES;
      });
      workers.add(() -> {
        for (var number = 0; number < MESSAGES; number++) {
          queue.take();
        }
        return MESSAGES;
      });
    }
    for (var worker : threads.invokeAll(workers)) {
      worker.get();
    }
  }

  /** One message there, and one back. */
  @Benchmark
  public Integer roundTrip(Echo echo) throws InterruptedException {
    echo.requests.put(MESSAGE);
    return echo.responses.take();
  }

  /** A thread that sends back what comes. */
  @State(Scope.Benchmark)
  public static class Echo {

    private final LinkedBlockingQueue<Integer> requests = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Integer> responses = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofPlatform().unstarted(this::echo);

    /** Starts it. */
    @Setup
    public void start() {
      thread.start();
    }

    /** Ends it. */
    @TearDown
    public void end() throws InterruptedException {
      thread.interrupt();
      thread.join();
    }

    private void echo() {
      try {
        while (true) {
          responses.put(requests.take());
        }
      } catch (InterruptedException _) {
        // It is to end.
      }
    }
  }
}
