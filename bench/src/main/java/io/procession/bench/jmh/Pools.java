package io.procession.bench.jmh;

import io.procession.Pool;
import io.procession.bench.work.Fibonacci;
import io.procession.bench.work.Images;
import io.procession.bench.work.Rows;
import io.procession.bench.work.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What pools of processes do, done by the threads of one JVM. */
@State(Scope.Benchmark)
public class Pools {

  /** As many tasks are sent one by one in a call. */
  public static final int SINGLE_TASKS = 20_000;

  /** {@code thread-pool}, {@code fork-join}, or {@code serial}: no other thread. */
  @Param("thread-pool")
  public String kind = "thread-pool";

  /** How many threads. */
  @Param("2")
  public int workers = 2;

  /** How many items one call has. */
  @Param("100")
  public int items = 100;

  private ExecutorService pool = Executors.newWorkStealingPool(1);
  private List<Integer> numbers = List.of();

  /** Opens the pool. */
  @Setup
  public void open() {
    pool.close();
    pool =
        switch (kind) {
          case "thread-pool" -> Executors.newFixedThreadPool(workers);
          case "fork-join" -> Executors.newWorkStealingPool(workers);
          case "serial" -> Pool.inline();
          default -> throw new IllegalArgumentException("there is no such kind. kind=" + kind);
        };
    numbers = IntStream.range(0, items).boxed().toList();
  }

  /** Closes the pool. */
  @TearDown
  public void close() throws InterruptedException {
    pool.shutdown();
    var _ = pool.awaitTermination(1, TimeUnit.MINUTES);
  }

  private <T> List<T> all(List<Callable<T>> tasks) throws Exception {
    var futures = new ArrayList<Future<T>>();
    for (var task : tasks) {
      futures.add(pool.submit(task));
    }
    var results = new ArrayList<T>();
    for (var future : futures) {
      results.add(future.get());
    }
    return results;
  }

  /** Submits one task and waits for it. */
  @Benchmark
  public int roundTrip() throws Exception {
    return pool.submit(() -> 1).get();
  }

  /** Many tasks of a single item. */
  @Benchmark
  public List<Integer> tasks() throws Exception {
    return all(
        IntStream.range(0, SINGLE_TASKS).<Callable<Integer>>mapToObj(n -> () -> n + 1).toList());
  }

  /** Many items, in chunks as a parallel stream makes them. */
  @Benchmark
  public List<Integer> items() throws Exception {
    return pool.submit(() -> numbers.parallelStream().map(n -> n + 1).toList()).get();
  }

  /** Counts the words of texts. */
  @Benchmark
  public Object words() throws Exception {
    return Texts.sum(
        all(
            Texts.files().stream()
                .<Callable<java.util.Map<String, Integer>>>map(file -> () -> Texts.words(file))
                .toList()));
  }

  /** Counts the lines of texts. */
  @Benchmark
  public Object lines() throws Exception {
    return all(
        Texts.files().stream().<Callable<Integer>>map(file -> () -> Texts.lines(file)).toList());
  }

  /** Least, mean and most by station. */
  @Benchmark
  public Object rows() throws Exception {
    return Rows.sum(
        all(
            Rows.parts().stream()
                .<Callable<java.util.Map<String, Rows.Station>>>map(
                    part -> () -> Rows.byStation(part))
                .toList()));
  }

  /** Computes. */
  @Benchmark
  public Object fibonacci() throws Exception {
    return all(
        Fibonacci.indices().stream()
            .<Callable<Integer>>map(index -> () -> Fibonacci.number(index))
            .toList());
  }

  /** Scales images down. */
  @Benchmark
  public Object images() throws Exception {
    return all(
        Images.files().stream().<Callable<byte[]>>map(file -> () -> Images.scale(file)).toList());
  }
}
