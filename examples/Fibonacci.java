import io.procession.*;

// More processors or a better algorithm? Plain recursion computes the same numbers over and over:
// it takes more calls than F(n) is large. Who remembers them, or builds them from below, takes n
// steps. A pool divides the time of plain recursion by its workers; the better algorithm wins.
//
//   Fibonacci [n]        from 0 to 50; 42 by default

long plain(int n) {
  return n < 2 ? n : plain(n - 1) + plain(n - 2);
}

long memoised(int n, Map<Integer, Long> known) {
  if (n < 2) {
    return n;
  }
  var remembered = known.get(n);
  if (remembered != null) {
    return remembered;
  }
  long number = memoised(n - 1, known) + memoised(n - 2, known);
  known.put(n, number);
  return number;
}

long bottomUp(int n) {
  var table = new long[Math.max(2, n + 1)];
  table[1] = 1;
  for (int i = 2; i <= n; i++) {
    table[i] = table[i - 1] + table[i - 2];
  }
  return table[n];
}

/** Runs it, says how long it took, and gives back that time in seconds. */
<T> double time(String what, T expected, Supplier<T> work) {
  long start = System.nanoTime();
  var result = work.get();
  double seconds = (System.nanoTime() - start) / 1e9;
  IO.println(
      "%-34s %12.6f s%s".formatted(what, seconds, result.equals(expected) ? "" : ", but WRONG"));
  return seconds;
}

void main(String[] arguments) {
  int n = 42;
  if (arguments.length > 0) {
    if (arguments.length > 1 || !arguments[0].matches("[0-9]|[1-4][0-9]|50")) {
      System.err.println("Fibonacci takes one number from 0 to 50, as in: Fibonacci 40");
      System.exit(2);
    }
    n = Integer.parseInt(arguments[0]);
  }
  int last = n;
  long number = bottomUp(last);
  IO.println("F(7) = " + bottomUp(7));
  IO.println("F(%d) = %d".formatted(last, number));

  time("plain recursion", number, () -> plain(last));
  double memoised = time("memoised", number, () -> memoised(last, new HashMap<>()));
  double bottomUp = time("bottom-up table", number, () -> bottomUp(last));

  // The largest takes the longest: who starts with it does not wait for it in the end.
  var numbers = IntStream.rangeClosed(0, last).mapToObj(i -> last - i).toList();
  var all = numbers.stream().map(i -> bottomUp(i)).toList();
  var title = "plain, F(%d) to F(0), ".formatted(last);
  double serial = time(title + "serial", all, () -> numbers.stream().map(i -> plain(i)).toList());
  int workers = Runtime.getRuntime().availableProcessors();
  try (var pool = Pool.ofProcesses(workers)) {
    pool.map(i -> i, IntStream.range(0, workers)); // the workers are up before the clock starts
    double parallel =
        time(
            title + workers + " workers",
            all,
            () -> pool.withChunkSize(1).map(i -> plain(i), numbers));
    IO.println("the pool is %.2f times as fast as serial".formatted(serial / parallel));
    IO.println("memoised is %,.0f times as fast as the pool".formatted(parallel / memoised));
    IO.println("the table is %,.0f times as fast as the pool".formatted(parallel / bottomUp));
  }
}
