import io.procession.*;
import io.procession.shared.*;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

// Tasks that would take a whole program down: here each takes down its worker, is named, and the
// pool goes on with a new worker. Every good result arrives. No task may take longer than it
// should, and one whose failure may pass is tried again.

String addUp(int last) {
  return "the sum of 1 to " + last + " is " + IntStream.rangeClosed(1, last).sum();
}

String loopForEver() {
  while (true) {
    Thread.onSpinWait();
  }
}

String sleep() throws InterruptedException {
  Thread.sleep(Duration.ofDays(1)); // the interrupt ends it, and its worker lives on
  return "never";
}

String failTwice(SharedLong runs) {
  if (runs.incrementAndGet() < 3) {
    throw new IllegalStateException("not yet");
  }
  return "good after " + runs.get() + " attempts";
}

String exit() {
  System.exit(3);
  return "never";
}

String useUpMemory() {
  var blocks = new ArrayList<long[]>();
  while (true) {
    blocks.add(new long[1 << 20]);
  }
}

@SuppressWarnings("restricted") // the crash is what it is for
String writeToAddressZero() {
  MemorySegment.NULL.reinterpret(8).set(ValueLayout.JAVA_LONG, 0, 42);
  return "never";
}

String outcome(Task<String> task) {
  try {
    return task.join();
  } catch (CompletionException e) {
    return switch (e.getCause()) {
      case TaskTimeoutException late ->
          "ended after "
              + late.timeout().toMillis()
              + " ms"
              + (late.stacks().isPresent() ? ", with its worker, which was killed" : "");
      case WorkerOutOfMemoryException shortage ->
          "its worker %s, pid %d, had only %d MiB"
              .formatted(shortage.worker(), shortage.pid(), shortage.limitBytes() >> 20);
      case WorkerCrashedException crash ->
          "its worker %s, pid %d, %s"
              .formatted(
                  crash.worker(),
                  crash.pid(),
                  crash
                      .signal()
                      .map(signal -> "was killed by " + signal)
                      .orElse("ended with exit code " + crash.exitCode()));
      case Throwable own -> own.toString();
    };
  }
}

void main() {
  var tasks = new LinkedHashMap<String, Task<String>>();
  try (var runs = SharedLong.create(0);
      var pool = Pool.builder().workers(2).memoryBytes(192 << 20).build()) {
    var impatient = pool.withTimeout(Duration.ofSeconds(1));
    var stubborn = pool.withRetries(RetryPolicy.times(2).on(IllegalStateException.class));
    tasks.put("good task 1", pool.submit(() -> addUp(10)));
    tasks.put("endless loop", impatient.submit(() -> loopForEver()));
    tasks.put("sleep", impatient.submit(() -> sleep()));
    tasks.put("good task 2", pool.submit(() -> addUp(100)));
    tasks.put("exit", pool.submit(() -> exit()));
    tasks.put("out of memory", pool.submit(() -> useUpMemory()));
    tasks.put("native crash", pool.submit(() -> writeToAddressZero()));
    tasks.put("good task 3", pool.submit(() -> addUp(1000)));
    tasks.put("third time lucky", stubborn.submit(() -> failTwice(runs)));

    tasks.forEach((name, task) -> IO.println(name + ": " + outcome(task)));
  }
}
