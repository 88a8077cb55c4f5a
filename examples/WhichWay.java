import io.procession.*;
import io.procession.async.*;

// When to use which? The same number of jobs, once of a kind that computes and once of a kind that
// waits, in five ways. What computes is done sooner by more processors, so threads and processes
// help, and nothing else: the tasks of an event loop have one processor together. What waits is
// done sooner by more who wait, so virtual threads and an event loop help most: they can be as many
// as there are jobs. Processes are never the fastest: they are for what must not take the rest
// along.
//
//   WhichWay [jobs [milliseconds that a job takes]]      24 and 100 by default

/** Counts primes below the limit by trial division: work for a processor. */
int compute(int limit) {
  int primes = 0;
  for (int n = 2; n < limit; n++) {
    int divisor = 2;
    while (divisor * divisor <= n && n % divisor != 0) {
      divisor++;
    }
    primes += divisor * divisor > n ? 1 : 0;
  }
  return primes;
}

/** As somebody does who asks a server or a disk. */
int await(int millis) throws InterruptedException {
  Thread.sleep(millis);
  return millis;
}

/** The same in a loop: the other tasks have their turn. */
int await(EventLoop loop, int millis) {
  loop.sleep(Duration.ofMillis(millis));
  return millis;
}

/** The limit below which counting primes takes so long here. */
int limitFor(int millis) {
  for (int i = 0; i < 200; i++) {
    compute(5000); // the compiler comes in
  }
  for (int limit = 1000; ; limit += limit / 4) {
    long least = Long.MAX_VALUE; // what else runs here makes it longer, never shorter
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      compute(limit);
      least = Math.min(least, System.nanoTime() - start);
    }
    if (least >= millis * 1_000_000L) {
      return limit;
    }
  }
}

interface Way {
  List<Integer> run() throws Exception;
}

/** Runs it, and says how many seconds that took. */
double seconds(Way way, List<Integer> expected) throws Exception {
  long start = System.nanoTime();
  var results = way.run();
  double seconds = (System.nanoTime() - start) / 1e9;
  if (!results.equals(expected)) {
    throw new IllegalStateException("the results are wrong. results=" + results);
  }
  return seconds;
}

List<Integer> inThreads(ExecutorService threads, int jobs, Callable<Integer> job) throws Exception {
  var results = new ArrayList<Integer>();
  for (var future : threads.invokeAll(Collections.nCopies(jobs, job))) {
    results.add(future.get());
  }
  return results;
}

List<Integer> inLoop(EventLoop loop, int jobs, Callable<Integer> job) {
  return loop.gather(Stream.generate(() -> loop.createTask(job)).limit(jobs).toList());
}

void main(String[] arguments) throws Exception {
  if (!String.join(" ", arguments).matches("|[1-9][0-9]{0,4}( [1-9][0-9]{0,4})?")) {
    System.err.println("WhichWay takes how many jobs, and their milliseconds: WhichWay 24 100");
    System.exit(2);
  }
  int jobs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 24;
  int millis = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
  int cores = Runtime.getRuntime().availableProcessors();
  int limit = limitFor(millis);
  var limits = Collections.nCopies(jobs, limit);
  var primes = Collections.nCopies(jobs, compute(limit));
  var times = Collections.nCopies(jobs, millis);

  var rows = new LinkedHashMap<String, List<Way>>(); // a way to compute, and a way to wait
  try (var one = Executors.newSingleThreadExecutor();
      var some = Executors.newFixedThreadPool(cores);
      var many = Executors.newVirtualThreadPerTaskExecutor();
      var pool = Pool.ofProcesses(cores)) {
    rows.put(
        "serial",
        List.of(
            () -> inThreads(one, jobs, () -> compute(limit)),
            () -> inThreads(one, jobs, () -> await(millis))));
    rows.put(
        cores + " threads",
        List.of(
            () -> inThreads(some, jobs, () -> compute(limit)),
            () -> inThreads(some, jobs, () -> await(millis))));
    rows.put(
        "virtual threads",
        List.of(
            () -> inThreads(many, jobs, () -> compute(limit)),
            () -> inThreads(many, jobs, () -> await(millis))));
    rows.put(
        cores + " processes",
        List.of(() -> pool.map(n -> compute(n), limits), () -> pool.map(n -> await(n), times)));
    rows.put(
        "event loop",
        List.of(
            () -> EventLoop.run(loop -> inLoop(loop, jobs, () -> compute(limit))),
            () -> EventLoop.run(loop -> inLoop(loop, jobs, () -> await(loop, millis)))));

    pool.map(n -> compute(n), Collections.nCopies(200 * cores, 5000)); // they are up and warm
    IO.println("%d jobs of %d ms, %d processors".formatted(jobs, millis, cores));
    IO.println("%-16s %12s %12s".formatted("", "computing", "waiting"));
    for (var row : rows.entrySet()) {
      double computing = seconds(row.getValue().getFirst(), primes);
      double waiting = seconds(row.getValue().getLast(), times);
      IO.println("%-16s %10.2f s %10.2f s".formatted(row.getKey(), computing, waiting));
    }
  }
}
