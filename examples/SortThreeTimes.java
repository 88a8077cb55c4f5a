import io.procession.*;
import io.procession.function.RemoteFunction;

// Three ways to sort, each one list after the other and on a pool. Twice as many numbers take
// bubble sort, O(n²), four times as long, and the others, O(n log n), little more than twice. A
// pool changes none of that; and where the work is little, sending the lists takes longer than
// sorting.
//
//   SortThreeTimes [numbers [lists]]      10,000 and 4 by default

int[] bubbleSort(int[] list) {
  for (int end = list.length - 1; end > 0; end--) {
    for (int i = 0; i < end; i++) {
      if (list[i] > list[i + 1]) {
        int greater = list[i];
        list[i] = list[i + 1];
        list[i + 1] = greater;
      }
    }
  }
  return list;
}

int[] mergeSort(int[] list) {
  if (list.length < 2) {
    return list;
  }
  var left = mergeSort(Arrays.copyOfRange(list, 0, list.length / 2));
  var right = mergeSort(Arrays.copyOfRange(list, list.length / 2, list.length));
  for (int i = 0, l = 0, r = 0; i < list.length; i++) {
    boolean fromLeft = r == right.length || l < left.length && left[l] <= right[r];
    list[i] = fromLeft ? left[l++] : right[r++];
  }
  return list;
}

int[] librarySort(int[] list) {
  Arrays.sort(list);
  return list;
}

List<int[]> randomLists(int count, int numbers) {
  var random = new Random(42);
  return Stream.generate(() -> random.ints(numbers).toArray()).limit(count).toList();
}

/** The best time of three, in seconds: in the first the code is not compiled yet. */
double bestOfThree(List<int[]> lists, Function<List<int[]>, List<int[]>> sortAll) {
  double best = Double.MAX_VALUE;
  for (int i = 0; i < 3; i++) {
    var unsorted = lists.stream().map(int[]::clone).toList();
    long start = System.nanoTime();
    var sorted = sortAll.apply(unsorted);
    best = Math.min(best, (System.nanoTime() - start) / 1e9);
    for (int list = 0; list < lists.size(); list++) {
      if (!Arrays.equals(sorted.get(list), librarySort(lists.get(list).clone()))) {
        throw new AssertionError("list " + list + " is not sorted");
      }
    }
  }
  return best;
}

void compare(
    Pool pool, String name, double expected, List<int[]> lists, RemoteFunction<int[], int[]> sort) {
  Function<List<int[]>, List<int[]>> serially =
      unsorted -> {
        var sorted = new ArrayList<int[]>();
        for (var list : unsorted) {
          try {
            sorted.add(sort.apply(list));
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        }
        return sorted;
      };
  double serial = bestOfThree(lists, serially);
  double parallel = bestOfThree(lists, unsorted -> pool.withChunkSize(1).map(sort, unsorted));
  var halves = lists.stream().map(list -> Arrays.copyOf(list, list.length / 2)).toList();
  double half = bestOfThree(halves, serially);
  IO.println(
      "%-26s %9.5f s %9.5f s %8.2f %12.1f, expected %.1f"
          .formatted(name, serial, parallel, serial / parallel, serial / half, expected));
}

void main(String[] arguments) {
  if (!String.join(" ", arguments).matches("|[1-9][0-9]{1,5}( [1-9][0-9]{0,3})?")) {
    System.err.println("SortThreeTimes takes how many numbers, and lists: SortThreeTimes 10000 4");
    System.exit(2);
  }
  int numbers = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
  var lists = randomLists(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 4, numbers);

  int workers = Runtime.getRuntime().availableProcessors();
  IO.println("%d lists of %d numbers, all sorted right:".formatted(lists.size(), numbers));
  IO.println(
      "%26s %11s %11s %8s %12s"
          .formatted("", "serial", workers + " workers", "speed-up", "2 x numbers"));
  double logarithmic = 2 * Math.log(numbers) / Math.log(numbers / 2);
  try (var pool = Pool.ofProcesses(workers)) {
    compare(pool, "bubble sort, O(n²)", 4, lists, list -> bubbleSort(list));
    compare(pool, "merge sort, O(n log n)", logarithmic, lists, list -> mergeSort(list));
    compare(pool, "the library's, O(n log n)", logarithmic, lists, list -> librarySort(list));
  }
}
