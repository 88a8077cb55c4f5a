package io.procession.bench.peer;

import dyorgio.runtime.out.process.CallableSerializable;
import dyorgio.runtime.out.process.OutProcessExecutorService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/**
 * out-process, one JVM behind an executor. Its round trip of some 88 ms is Nagle's algorithm and
 * the delayed acknowledgement of its local socket, not the process: with TCP_NODELAY it takes some
 * 57 µs.
 */
final class OutProcess {

  private static final int TASKS = 10;

  private OutProcess() {}

  /** Serves the driver. */
  public static void main(String[] arguments) throws Exception {
    new Program("out-process 1.2.7")
        .with("pool-start", OutProcess::poolStart)
        .with("memory", _ -> withService((_, _) -> Sample.of(Usage.memoryBytes(children()))))
        .with(
            "round-trip",
            settings -> {
              settings.atMost("workers", 1, "has one worker");
              return withService((service, seconds) ->
                  Timing.latency(seconds, () -> service.submit(task()).get()));
            })
        .with(
            "tasks",
            settings -> {
              settings.atMost("workers", 1, "has one worker");
              return withService(
                  (service, seconds) -> Timing.rate(seconds, TASKS, () -> all(service)));
            })
        .serve();
  }

  /** Measures an open service. */
  @FunctionalInterface
  private interface ServiceMeasurement {
    Sample measure(OutProcessExecutorService service, double seconds) throws Exception;
  }

  private static Measurement withService(ServiceMeasurement measurement) throws Exception {
    var service = new OutProcessExecutorService();
    service.submit(task()).get();
    Measurement measured = seconds -> measurement.measure(service, seconds);
    return measured.with(service::shutdown);
  }

  private static Measurement poolStart(Settings settings) throws CannotException {
    settings.atMost("workers", 1, "has one worker");
    return seconds ->
        Timing.latency(
            seconds,
            () -> {
              var service = new OutProcessExecutorService();
              service.submit(task()).get();
              service.shutdown();
            });
  }

  private static CallableSerializable<Integer> task() {
    return () -> 1;
  }

  private static void all(OutProcessExecutorService service) throws Exception {
    var futures = new ArrayList<Future<Integer>>();
    for (var number = 0; number < TASKS; number++) {
      futures.add(service.submit(task()));
    }
    for (var future : futures) {
      future.get();
    }
  }

  private static List<Long> children() {
    return ProcessHandle.current().children().map(ProcessHandle::pid).toList();
  }
}
