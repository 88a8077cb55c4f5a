import io.procession.*;

// Why parallel? Tasks that take their time one after the other take the sum of their times; side by
// side they take as long as the longest, if there are workers enough.
//
//   SerialVersusParallel [tasks seconds [workers]]

void sleep(double seconds) throws InterruptedException {
  Thread.sleep(Duration.ofMillis((long) (seconds * 1000)));
}

double secondsSince(long startNanos) {
  return (System.nanoTime() - startNanos) / 1e9;
}

void compare(List<Double> tasks, int workers) throws InterruptedException {
  IO.println("%d tasks of %s seconds, %d workers".formatted(tasks.size(), tasks, workers));
  long start = System.nanoTime();
  for (double seconds : tasks) {
    sleep(seconds);
  }
  double serial = secondsSince(start);
  try (var pool = Pool.ofProcesses(workers)) {
    pool.map(n -> n, IntStream.range(0, workers)); // the workers are up before the clock starts
    start = System.nanoTime();
    pool.withChunkSize(1).forEach(seconds -> sleep(seconds), tasks);
    double parallel = secondsSince(start);
    IO.println("  serial   %5.1f s".formatted(serial));
    IO.println("  parallel %5.1f s, %.1f times as fast".formatted(parallel, serial / parallel));
  }
}

void main(String[] arguments) throws InterruptedException {
  if (!String.join(" ", arguments)
      .matches("|[1-9][0-9]{0,2} [0-9]{1,4}(\\.[0-9]+)?( [1-9][0-9]{0,2})?")) {
    System.err.println(
        "SerialVersusParallel takes how many tasks, their seconds, and how many workers, as in:"
            + " SerialVersusParallel 6 0.5 3");
    System.exit(2);
  }
  if (arguments.length > 0) {
    int tasks = Integer.parseInt(arguments[0]);
    double seconds = Double.parseDouble(arguments[1]);
    int workers = arguments.length == 2 ? tasks : Integer.parseInt(arguments[2]);
    compare(Collections.nCopies(tasks, seconds), workers);
  } else {
    compare(List.of(1.0, 1.0), 2);
    compare(List.of(2.0, 4.0), 2);
  }
}
