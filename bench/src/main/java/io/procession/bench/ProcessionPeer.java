package io.procession.bench;

import io.procession.ChildProcess;
import io.procession.Pool;
import io.procession.WorkerInfo;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Procession itself; does for each workload what {@code peer.py} does for it. */
final class ProcessionPeer implements Peer {

  private static final int MEBIBYTE = 1 << 20;
  private static final List<Integer> ITEMS = IntStream.range(0, 100_000).boxed().toList();
  private static final List<Integer> SINGLE_TASKS = ITEMS.subList(0, 2_000);
  private static final int BLOCKS = 32;

  private Workload workload = Workload.IDLE;
  private int workers;
  private @Nullable Pool pool;

  @Override
  public String name() {
    return "Procession";
  }

  @Override
  public void open(Workload newWorkload, int newWorkers) throws Exception {
    workload = newWorkload;
    workers = newWorkers;
    if (!workload.starts) {
      var opened = Pool.ofProcesses(workers);
      pool = opened;
      opened.submit(() -> 1).get();
    }
  }

  private Pool pool() {
    var open = pool;
    if (open == null) {
      throw new IllegalStateException("no pool is open. workload=" + workload);
    }
    return open;
  }

  @Override
  public double measure(double seconds) throws Exception {
    return switch (workload) {
      case CHILD_START -> medianSeconds(seconds, ProcessionPeer::childStart);
      case POOL_START -> medianSeconds(seconds, this::poolStart);
      case ROUND_TRIP -> medianSeconds(seconds, this::roundTrip);
      case SINGLE_TASKS ->
          rate(
              seconds,
              SINGLE_TASKS.size(),
              () -> pool().withChunkSize(1).map(n -> n + 1, SINGLE_TASKS));
      case ITEMS -> rate(seconds, ITEMS.size(), () -> pool().map(n -> n + 1, ITEMS));
      case ARGUMENTS -> {
        var blocks = Collections.nCopies(BLOCKS, new byte[MEBIBYTE]);
        yield rate(
            seconds, BLOCKS, () -> pool().withChunkSize(1).map(block -> block.length, blocks));
      }
      case RESULTS -> {
        var numbers = ITEMS.subList(0, BLOCKS);
        yield rate(
            seconds, BLOCKS, () -> pool().withChunkSize(1).map(n -> new byte[MEBIBYTE], numbers));
      }
      case MEMORY, IDLE -> {
        Thread.sleep((long) (seconds * 1e3));
        yield 0;
      }
    };
  }

  private static double childStart() throws InterruptedException {
    var started = System.nanoTime();
    ChildProcess.start(() -> {}).join();
    return (System.nanoTime() - started) / 1e9;
  }

  private double poolStart() throws Exception {
    var started = System.nanoTime();
    try (var opened = Pool.ofProcesses(workers)) {
      opened.submit(() -> 1).get();
      return (System.nanoTime() - started) / 1e9;
    }
  }

  private double roundTrip() throws Exception {
    var started = System.nanoTime();
    pool().submit(() -> 1).get();
    return (System.nanoTime() - started) / 1e9;
  }

  private static double medianSeconds(double seconds, Callable<Double> action) throws Exception {
    var times = new double[16];
    var count = 0;
    var start = System.nanoTime();
    do {
      if (count == times.length) {
        times = Arrays.copyOf(times, count * 2);
      }
      times[count++] = action.call();
    } while (System.nanoTime() - start < seconds * 1e9);
    return Samples.median(Arrays.copyOf(times, count));
  }

  private static double rate(double seconds, int items, Callable<?> action) throws Exception {
    var start = System.nanoTime();
    var done = 0L;
    do {
      action.call();
      done += items;
    } while (System.nanoTime() - start < seconds * 1e9);
    return done / ((System.nanoTime() - start) / 1e9);
  }

  @Override
  public List<Long> pids() {
    var own = ProcessHandle.current().pid();
    return Stream.concat(pool().workers().stream().map(WorkerInfo::pid), Stream.of(own)).toList();
  }

  @Override
  public void done() {
    var open = pool;
    if (open != null) {
      pool = null;
      open.close();
    }
  }

  @Override
  public void close() {
    done();
  }
}
