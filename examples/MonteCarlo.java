import io.procession.*;

// Many independent simulations, and the same result however they are spread: each task makes its
// random points from a seed of its own, and the seeds come from one. Neither the number of workers
// nor who runs what can change the sum. The quarter of a circle covers π/4 of its square.
//
//   MonteCarlo [millions of points [seed]]      64 and 42 by default

long countInside(long seed) {
  var random = new SplittableRandom(seed);
  long inside = 0;
  for (int i = 0; i < 1_000_000; i++) {
    double x = random.nextDouble();
    double y = random.nextDouble();
    if (x * x + y * y < 1) {
      inside++;
    }
  }
  return inside;
}

long sum(List<Long> counts) {
  return counts.stream().mapToLong(count -> count).sum();
}

double secondsSince(long startNanos) {
  return (System.nanoTime() - startNanos) / 1e9;
}

void main(String[] arguments) {
  int millions = 64;
  long seed = 42;
  try {
    millions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : millions;
    seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : seed;
  } catch (NumberFormatException e) {
    millions = 0;
  }
  if (millions < 1 || arguments.length > 2) {
    System.err.println("MonteCarlo takes how many million points, and a seed: MonteCarlo 64 42");
    System.exit(2);
  }
  var seeds = new SplittableRandom(seed).longs(millions).boxed().toList();

  long start = System.nanoTime();
  long inside = sum(seeds.stream().map(each -> countInside(each)).toList());
  double serial = secondsSince(start);

  double points = millions * 1e6;
  double estimate = 4 * inside / points;
  IO.println("π is about %.6f, which is off by %.6f".formatted(estimate, estimate - Math.PI));
  IO.println(
      "the standard error of %d million points is %.6f"
          .formatted(millions, Math.sqrt(Math.PI * (4 - Math.PI) / points)));
  IO.println("serial     %8.3f s".formatted(serial));
  for (int workers : List.of(1, 2, 4)) {
    try (var pool = Pool.ofProcesses(workers)) {
      pool.map(n -> n, IntStream.range(0, workers)); // the workers are up before the clock starts
      start = System.nanoTime();
      long same = sum(pool.map(each -> countInside(each), seeds));
      double parallel = secondsSince(start);
      IO.println(
          "%d workers  %8.3f s, %.2f times as fast, %s"
              .formatted(
                  workers,
                  parallel,
                  serial / parallel,
                  same == inside ? "the same points inside" : "but WRONG: " + same));
    }
  }
}
