import io.procession.*;

// The executor's way. `map` waits for all results and keeps the order of the numbers; `asCompleted`
// hands over each task as soon as it has ended, the quickest first.

double squareRoot(int number) {
  double root = Math.sqrt(number);
  IO.println("The square root of " + number + " is " + root); // printed by the worker
  return root;
}

void main() {
  var numbers = List.of(25, 36, 49, 64, 81);
  try (var pool = Pool.ofProcesses(2)) {
    IO.println("In order: " + pool.map(number -> squareRoot(number), numbers));

    var tasks = pool.mapAsync(number -> Math.sqrt(number), numbers);
    for (var task : pool.asCompleted(tasks)) {
      IO.println("Completed: " + task.join());
    }
  }
}
