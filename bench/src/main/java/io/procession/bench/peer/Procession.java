package io.procession.bench.peer;

import io.procession.ChildProcess;
import io.procession.Pool;
import io.procession.WorkerInfo;
import io.procession.bench.work.Fibonacci;
import io.procession.bench.work.Images;
import io.procession.bench.work.Rows;
import io.procession.bench.work.Texts;
import io.procession.function.RemoteFunction;
import java.util.List;
import java.util.function.Function;

/** Procession itself. */
final class Procession {

  private static final int SPARES = 3;

  /** Long enough for a JVM to come up and to come to rest. */
  private static final long SPARE_MILLIS = 500;

  private Procession() {}

  /** Serves the driver. */
  public static void main(String[] arguments) throws Exception {
    var program = new Program("Procession " + version());
    OurQueues.addTo(program);
    OurLoop.addTo(program);
    OurShared.addTo(program);
    program
        .with("start", _ -> seconds -> Timing.latency(seconds, Procession::childStart))
        .with("start-cold", _ -> seconds -> Timing.latency(seconds, Procession::childStart))
        .with("start-warm", _ -> warmStart())
        .with("pool-start", Procession::poolStart)
        .with("memory", _ -> withPool(4, Procession::memory))
        .with("idle", settings -> withPool(settings.workers(), Procession::idle))
        .with(
            "round-trip",
            settings ->
                withPool(
                    settings.workers(),
                    (pool, seconds) -> Timing.latency(seconds, () -> pool.submit(() -> 1).get())))
        .with("round-trip-idle", Procession::idleRoundTrip)
        .with(
            "tasks", settings -> map(settings, 1, n -> n + 1, Inputs.numbers(Inputs.SINGLE_TASKS)))
        .with("items", settings -> items(settings))
        .with("arguments", settings -> arguments(settings))
        .with("results", settings -> results(settings))
        .with(
            "fibonacci",
            settings ->
                work(settings, Fibonacci.COUNT, Fibonacci.indices(), Fibonacci::number, List::size))
        .with(
            "words",
            settings -> work(settings, Texts.BYTES, Texts.files(), Texts::words, Texts::sum))
        .with(
            "lines",
            settings -> work(settings, Texts.BYTES, Texts.files(), Texts::lines, List::size))
        .with(
            "rows",
            settings -> work(settings, Rows.COUNT, Rows.parts(), Rows::byStation, Rows::sum))
        .with(
            "images",
            settings -> work(settings, Images.COUNT, Images.files(), Images::scale, List::size))
        .serve();
  }

  static String version() {
    var jar = Pool.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return jar.endsWith(".jar") ? jar.replaceAll("^.*procession-|\\.jar$", "") : "of this tree";
  }

  private static void childStart() throws InterruptedException {
    ChildProcess.start(() -> {}).join();
  }

  /**
   * Each start finds a spare: between two the one that was used is replaced, which does not count.
   */
  private static Measurement warmStart() throws InterruptedException {
    ChildProcess.prestart(SPARES);
    Thread.sleep(SPARE_MILLIS);
    Measurement measured =
        seconds ->
            Timing.timed(
                seconds,
                () -> {
                  Thread.sleep(SPARE_MILLIS);
                  var started = System.nanoTime();
                  childStart();
                  return (System.nanoTime() - started) / 1e9;
                });
    return measured.with(() -> ChildProcess.prestart(0));
  }

  private static Measurement poolStart(Settings settings) {
    return seconds ->
        Timing.latency(
            seconds,
            () -> {
              try (var pool = Pool.ofProcesses(settings.workers())) {
                pool.submit(() -> 1).get();
              }
            });
  }

  private static Measurement idleRoundTrip(Settings settings) throws Exception {
    var pool = open(settings.workers());
    return new RoundTrip(Inputs.IDLE_MILLIS, () -> pool.submit(() -> 1).get()).with(pool::close);
  }

  /** Measures an open pool. */
  @FunctionalInterface
  private interface PoolMeasurement {
    Sample measure(Pool pool, double seconds) throws Exception;
  }

  private static Measurement withPool(int workers, PoolMeasurement measurement) throws Exception {
    var pool = open(workers);
    Measurement measured = seconds -> measurement.measure(pool, seconds);
    return measured.with(pool::close);
  }

  /** All its workers are up. */
  private static Pool open(int workers) throws Exception {
    var pool = Pool.ofProcesses(workers);
    while (pool.workers().stream().anyMatch(w -> w.state() == WorkerInfo.State.STARTING)) {
      pool.submit(() -> 1).get();
      Thread.sleep(5);
    }
    return pool;
  }

  private static <T, R> Measurement map(
      Settings settings, int chunkSize, RemoteFunction<T, R> function, List<T> items)
      throws Exception {
    return withPool(
        settings.workers(),
        (pool, seconds) ->
            Timing.rate(
                seconds, items.size(), () -> pool.withChunkSize(chunkSize).map(function, items)));
  }

  private static Measurement items(Settings settings) throws Exception {
    var numbers = Inputs.numbers(settings.items());
    return withPool(
        settings.workers(),
        (pool, seconds) ->
            Timing.rate(seconds, numbers.size(), () -> pool.map(n -> n + 1, numbers)));
  }

  private static Measurement arguments(Settings settings) throws Exception {
    var bytes = settings.bytes();
    var count = Inputs.blocks(bytes);
    var blocks = Inputs.blocks(count, bytes);
    return withPool(
        settings.workers(),
        (pool, seconds) ->
            Timing.rate(
                seconds,
                (double) count * bytes,
                () -> pool.withChunkSize(1).map(block -> block.length, blocks)));
  }

  private static Measurement results(Settings settings) throws Exception {
    var bytes = settings.bytes();
    var count = Inputs.blocks(bytes);
    var numbers = Inputs.numbers(count);
    return withPool(
        settings.workers(),
        (pool, seconds) ->
            Timing.rate(
                seconds,
                (double) count * bytes,
                () -> pool.withChunkSize(1).map(_ -> new byte[bytes], numbers)));
  }

  private static <T, R> Measurement work(
      Settings settings,
      double amount,
      List<T> items,
      RemoteFunction<T, R> function,
      Function<List<R>, Object> sum)
      throws Exception {
    return withPool(
        settings.workers(),
        (pool, seconds) ->
            Timing.rate(
                seconds,
                amount,
                () -> {
                  var _ = sum.apply(pool.withChunkSize(1).map(function, items));
                }));
  }

  private static Sample memory(Pool pool, double seconds) throws Exception {
    return Sample.of(Usage.memoryBytes(pids(pool)));
  }

  private static Sample idle(Pool pool, double seconds) throws Exception {
    return Usage.idlePercent(pids(pool), seconds);
  }

  private static List<Long> pids(Pool pool) {
    return pool.workers().stream().map(WorkerInfo::pid).toList();
  }
}
