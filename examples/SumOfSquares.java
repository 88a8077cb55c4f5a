import io.procession.*;
import java.math.BigInteger;

// Divide, compute, combine: a big sum is cut into pieces, each worker sums some, and the program
// adds up. The closed form n(n+1)(2n+1)/6 tells whether that is right, and the times tell when it
// pays: the default is so little work that sending it costs more. Try 0..2000000000.
//
//   SumOfSquares [number | first..last]...

record Range(long first, long last) {}

BigInteger sumOfSquares(Range range) {
  long high = 0; // in two halves, which cannot overflow
  long low = 0;
  for (long n = range.first; n <= range.last; n++) {
    long square = n * n;
    high += square >>> 32;
    low += square & 0xFFFF_FFFFL;
  }
  return BigInteger.valueOf(high).shiftLeft(32).add(BigInteger.valueOf(low));
}

List<Range> divide(List<Range> ranges) {
  var pieces = new ArrayList<Range>();
  for (var range : ranges) {
    long length = Math.max(1, (range.last - range.first + 1) / 64);
    for (long first = range.first; first <= range.last; first += length) {
      pieces.add(new Range(first, Math.min(range.last, first + length - 1)));
    }
  }
  return pieces;
}

BigInteger combine(List<BigInteger> sums) {
  return sums.stream().reduce(BigInteger.ZERO, BigInteger::add);
}

BigInteger upTo(long last) { // 0² + 1² + … + last²
  var n = BigInteger.valueOf(last);
  var m = n.add(BigInteger.ONE);
  return n.multiply(m).multiply(n.add(m)).divide(BigInteger.valueOf(6));
}

Range parse(String text) {
  var ends = text.split("\\.\\.", 2);
  try {
    var range = new Range(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]));
    if (range.first <= range.last && isSmall(range.first) && isSmall(range.last)) {
      return range;
    }
  } catch (NumberFormatException e) {
    // said below
  }
  throw new IllegalArgumentException(
      "neither a number nor a range like 0..19999, up to four thousand million: " + text);
}

boolean isSmall(long number) { // so that its square has 64 bits
  return -4_000_000_000L <= number && number <= 4_000_000_000L;
}

double secondsSince(long startNanos) {
  return (System.nanoTime() - startNanos) / 1e9;
}

void main(String[] arguments) {
  var texts = arguments.length == 0 ? List.of("0..19999") : List.of(arguments);
  var ranges = new ArrayList<Range>();
  try {
    texts.forEach(text -> ranges.add(parse(text)));
  } catch (IllegalArgumentException e) {
    System.err.println("SumOfSquares: " + e.getMessage());
    System.exit(2);
  }
  var pieces = divide(ranges);

  long start = System.nanoTime();
  var sum = combine(pieces.stream().map(piece -> sumOfSquares(piece)).toList());
  double serial = secondsSince(start);
  var closedForm =
      combine(ranges.stream().map(r -> upTo(r.last).subtract(upTo(r.first - 1))).toList());
  IO.println("sum " + sum + (sum.equals(closedForm) ? ", as the closed form says" : " is WRONG"));
  IO.println("serial      %9.4f s".formatted(serial));

  int cores = Runtime.getRuntime().availableProcessors();
  for (int workers : new TreeSet<>(List.of(1, 2, 4, 2 * cores))) {
    try (var pool = Pool.ofProcesses(workers)) {
      pool.map(n -> n, IntStream.range(0, workers)); // the workers are up before the clock starts
      start = System.nanoTime();
      var parallelSum = combine(pool.map(piece -> sumOfSquares(piece), pieces));
      double parallel = secondsSince(start);
      IO.println(
          "%2d workers  %9.4f s, %.2f times as fast%s"
              .formatted(
                  workers,
                  parallel,
                  serial / parallel,
                  parallelSum.equals(sum) ? "" : ", but WRONG"));
    }
  }
}
