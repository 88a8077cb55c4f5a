import io.procession.*;

// A pool keeps a few worker processes and gives them work. `map` applies one function to many
// items, in whatever worker is free, and gives the results in the order of the items.

int square(int n) {
  return n * n;
}

String squaredBy(int n) {
  var worker = ChildProcess.current();
  return "%d was squared by %s, pid %d".formatted(n, worker.name(), worker.pid());
}

void main() {
  var numbers = List.of(1, 2, 3, 4, 5);
  try (var pool = Pool.ofProcesses(4)) {
    IO.println(pool.map(n -> square(n), numbers));
    pool.withChunkSize(1).map(n -> squaredBy(n), numbers).forEach(IO::println);
  }
}
