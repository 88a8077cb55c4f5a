package io.procession.bench.peer;

import io.procession.bench.work.Fibonacci;
import io.procession.bench.work.Rows;
import io.procession.bench.work.Texts;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import net.viktorc.pp4j.api.JavaProcessExecutorService;
import net.viktorc.pp4j.impl.ProcessExecutors;

/** PP4J, a pool of JVMs; tasks go as Base64 lines through stdin and stdout. */
final class Pp4j {

  private static final int ITEMS_AT_MOST = 10_000;
  private static final int BYTES_AT_MOST = 16 << 20;
  private static final int WORKERS_AT_MOST = 64;

  private Pp4j() {}

  /** What its pool takes: any callable, if it is serializable. */
  interface Travelling<T> extends Callable<T>, Serializable {}

  /** Serves the driver. */
  public static void main(String[] arguments) throws Exception {
    new Program("PP4J 2.2")
        .with("pool-start", Pp4j::poolStart)
        .with("memory", _ -> withPool(4, (_, _) -> Sample.of(Usage.memoryBytes(children()))))
        .with(
            "idle",
            settings ->
                withPool(
                    settings.atMost("workers", WORKERS_AT_MOST, "too many JVMs").workers(),
                    (_, seconds) -> Usage.idlePercent(children(), seconds)))
        .with(
            "round-trip",
            settings ->
                withPool(
                    settings.atMost("workers", WORKERS_AT_MOST, "too many JVMs").workers(),
                    (pool, seconds) -> Timing.latency(seconds, () -> pool.submit(task(1)).get())))
        .with(
            "fibonacci",
            settings ->
                work(
                    settings,
                    Fibonacci.COUNT,
                    Fibonacci.indices().stream()
                        .<Travelling<Object>>map(index -> () -> Fibonacci.number(index))
                        .toList()))
        .with("tasks", settings -> items(settings, Inputs.SINGLE_TASKS))
        .with(
            "items",
            settings ->
                items(settings, settings.atMost("items", ITEMS_AT_MOST, "takes too long").items()))
        .with("arguments", settings -> blocks(settings, Pp4j::argument))
        .with("results", settings -> blocks(settings, block -> result(block.length)))
        .with(
            "words",
            settings ->
                work(
                    settings,
                    Texts.BYTES,
                    Texts.files().stream()
                        .<Travelling<Object>>map(f -> () -> Texts.words(f))
                        .toList()))
        .with(
            "rows",
            settings ->
                work(
                    settings,
                    Rows.COUNT,
                    Rows.parts().stream()
                        .<Travelling<Object>>map(p -> () -> Rows.byStation(p))
                        .toList()))
        .serve();
  }

  /** Measures an open pool. */
  @FunctionalInterface
  private interface PoolMeasurement {
    Sample measure(JavaProcessExecutorService pool, double seconds) throws Exception;
  }

  private static Measurement withPool(int workers, PoolMeasurement measurement) throws Exception {
    var pool = ProcessExecutors.newFixedJavaProcessPool(workers);
    Measurement measured = seconds -> measurement.measure(pool, seconds);
    return measured.with(() -> close(pool));
  }

  private static void close(JavaProcessExecutorService pool) throws InterruptedException {
    pool.shutdown();
    var _ = pool.awaitTermination(30, TimeUnit.SECONDS);
  }

  private static Measurement poolStart(Settings settings) throws CannotException {
    settings.atMost("workers", WORKERS_AT_MOST, "too many JVMs");
    return seconds ->
        Timing.latency(
            seconds,
            () -> {
              var pool = ProcessExecutors.newFixedJavaProcessPool(settings.workers());
              pool.submit(task(1)).get();
              close(pool);
            });
  }

  private static Travelling<Integer> task(int number) {
    return () -> number + 1;
  }

  private static Travelling<Integer> argument(byte[] block) {
    return () -> block.length;
  }

  private static Travelling<byte[]> result(int bytes) {
    return () -> new byte[bytes];
  }

  private static Measurement items(Settings settings, int items) throws Exception {
    var tasks = Inputs.numbers(items).stream().map(Pp4j::task).toList();
    return all(settings, items, tasks);
  }

  private static <T> Measurement blocks(Settings settings, Function<byte[], Travelling<T>> task)
      throws Exception {
    var bytes = settings.atMost("bytes", BYTES_AT_MOST, "takes too long").bytes();
    var count = Inputs.blocks(bytes);
    var tasks = Inputs.blocks(count, bytes).stream().map(task).toList();
    return all(settings, (double) count * bytes, tasks);
  }

  private static Measurement work(Settings settings, double amount, List<Travelling<Object>> tasks)
      throws Exception {
    return all(settings, amount, tasks);
  }

  /** Submits all, then waits for all. */
  private static <T> Measurement all(
      Settings settings, double amount, List<? extends Travelling<T>> tasks) throws Exception {
    return withPool(
        settings.atMost("workers", WORKERS_AT_MOST, "too many JVMs").workers(),
        (pool, seconds) ->
            Timing.rate(
                seconds,
                amount,
                () -> {
                  var futures = new ArrayList<Future<T>>();
                  for (var task : tasks) {
                    futures.add(pool.submit(task));
                  }
                  for (var future : futures) {
                    future.get();
                  }
                }));
  }

  private static List<Long> children() {
    return ProcessHandle.current().children().map(ProcessHandle::pid).toList();
  }
}
