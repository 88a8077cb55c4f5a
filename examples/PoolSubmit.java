import io.procession.*;

// One task for each number: `submit` returns at once, `join` waits for that task's result. Where
// `map` is one call for all items, here the program holds each task in its hand.

int square(int n) {
  return n * n;
}

void main() {
  try (var pool = Pool.ofProcesses(4)) {
    var tasks = new ArrayList<Task<Integer>>();
    for (int number = 1; number <= 5; number++) {
      tasks.add(pool.submit(n -> square(n), number));
    }
    IO.println(tasks.stream().map(task -> task.join()).toList());
  }
}
