import io.procession.*;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

// Tasks that would take a whole program down: here each takes down its worker, is named, and the
// pool goes on with a new worker. Every good result arrives.

String addUp(int last) {
  return "the sum of 1 to " + last + " is " + IntStream.rangeClosed(1, last).sum();
}

String loopForEver() {
  while (true) {
    Thread.onSpinWait();
  }
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
  } catch (CancellationException e) {
    return "cancelled from outside";
  } catch (CompletionException e) {
    return switch (e.getCause()) {
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
  try (var pool = Pool.builder().workers(2).heapBytes(64 << 20).build()) {
    tasks.put("good task 1", pool.submit(() -> addUp(10)));
    tasks.put("endless loop", pool.submit(() -> loopForEver()));
    tasks.put("good task 2", pool.submit(() -> addUp(100)));
    tasks.put("exit", pool.submit(() -> exit()));
    tasks.put("out of memory", pool.submit(() -> useUpMemory()));
    tasks.put("native crash", pool.submit(() -> writeToAddressZero()));
    tasks.put("good task 3", pool.submit(() -> addUp(1000)));

    tasks.get("good task 3").join();
    tasks.get("endless loop").cancel(true); // nothing but its worker's end can stop it
    tasks.forEach((name, task) -> IO.println(name + ": " + outcome(task)));
  }
}
