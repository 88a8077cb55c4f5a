import io.procession.*;
import java.nio.file.attribute.BasicFileAttributes;

// Map and reduce: which words do these texts use most? One function counts the words of some files,
// another adds two counts, and both run in the workers. A table costs more to send than to make: so
// the files are dealt into few hands, each with about as many bytes.
//
//   MapReduceWords <file or directory>...      directories are walked, whatever is in them

record Counts(Map<String, Long> words, List<String> failures) {

  Counts() {
    this(new HashMap<>(), new ArrayList<>());
  }

  void merge(Counts other) {
    other.words.forEach((word, count) -> words.merge(word, count, Long::sum));
    failures.addAll(other.failures);
  }

  Counts plus(Counts other) {
    var sum = new Counts(); // reduce wants its arguments left as they are
    sum.merge(this);
    sum.merge(other);
    return sum;
  }
}

Counts countWords(List<Path> files) {
  var counts = new Counts();
  for (var file : files) {
    var words = new HashMap<String, Long>(); // apart, until the whole file could be read
    try (var text = new BufferedReader(new InputStreamReader(Files.newInputStream(file)))) {
      for (String line; (line = text.readLine()) != null; ) {
        countWords(line.toLowerCase(Locale.ROOT), words);
      }
      counts.merge(new Counts(words, List.of()));
    } catch (IOException e) {
      counts.failures.add(file + ": " + e);
    }
  }
  return counts;
}

/** A word is made of letters, and apostrophes between them. */
void countWords(String line, Map<String, Long> words) {
  int start = -1;
  for (int i = 0; i <= line.length(); i++) {
    if (i < line.length() && Character.isLetter(line.charAt(i))) {
      start = start < 0 ? i : start;
    } else if (start >= 0 && !isApostrophe(line, i)) {
      words.merge(line.substring(start, i).replace('’', '\''), 1L, Long::sum);
      start = -1;
    }
  }
}

boolean isApostrophe(String line, int i) {
  return i + 1 < line.length()
      && "'’".indexOf(line.charAt(i)) >= 0
      && Character.isLetter(line.charAt(i + 1));
}

record FileSize(Path file, long bytes) {}

/** The files below these, the largest first. */
List<FileSize> find(String... arguments) throws IOException {
  var found = new ArrayList<FileSize>();
  for (var argument : arguments) {
    Files.walkFileTree(
        Path.of(argument),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              found.add(new FileSize(file, attributes.size()));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            found.add(new FileSize(file, 0)); // its task will say why
            return FileVisitResult.CONTINUE;
          }
        });
  }
  found.sort(Comparator.comparingLong(FileSize::bytes).reversed());
  return found;
}

/** Deals out the files: the next one goes where there are the fewest bytes. */
List<List<Path>> deal(List<FileSize> files, int hands) {
  record Hand(List<Path> files, long bytes) {}
  var dealt = new PriorityQueue<>(Comparator.comparingLong(Hand::bytes));
  for (int i = 0; i < hands; i++) {
    dealt.add(new Hand(new ArrayList<>(), 0));
  }
  for (var file : files) {
    var least = dealt.remove();
    least.files.add(file.file);
    dealt.add(new Hand(least.files, least.bytes + Math.max(1, file.bytes)));
  }
  return dealt.stream().map(Hand::files).filter(hand -> !hand.isEmpty()).toList();
}

double secondsSince(long startNanos) {
  return (System.nanoTime() - startNanos) / 1e9;
}

void main(String... arguments) throws IOException {
  if (arguments.length == 0) {
    System.err.println("usage: MapReduceWords <file or directory>...");
    System.exit(2);
  }
  var files = find(arguments);
  int workers = Runtime.getRuntime().availableProcessors();

  Counts counts;
  double parallel;
  try (var pool = Pool.ofProcesses(workers)) {
    pool.map(n -> n, IntStream.range(0, workers)); // the workers are up before the clock starts
    long start = System.nanoTime();
    counts =
        pool.withChunkSize(1)
            .reduce(
                new Counts(),
                (sum, hand) -> sum.plus(countWords(hand)),
                (left, right) -> left.plus(right),
                deal(files, 4 * workers));
    parallel = secondsSince(start);
  }
  long start = System.nanoTime();
  var check = countWords(files.stream().map(FileSize::file).toList());
  double serial = secondsSince(start);

  Comparator<Map.Entry<String, Long>> mostFirst =
      Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry::getKey);
  counts.words.entrySet().stream()
      .sorted(mostFirst)
      .limit(20)
      .forEach(entry -> IO.println("%9d %s".formatted(entry.getValue(), entry.getKey())));
  long total = counts.words.values().stream().mapToLong(count -> count).sum();
  IO.println(
      "%9d words, %d different, in %d files%s"
          .formatted(
              total,
              counts.words.size(),
              files.size() - counts.failures.size(),
              counts.words.equals(check.words) ? ", as in the serial run" : ": WRONG"));
  IO.println("serial   %8.3f s".formatted(serial));
  IO.println("parallel %8.3f s on %d workers".formatted(parallel, workers));
  IO.println("speed-up %8.2f".formatted(serial / parallel));
  counts.failures.forEach(failure -> System.err.println("not counted: " + failure));
  if (!counts.failures.isEmpty()) {
    System.exit(1);
  }
}
