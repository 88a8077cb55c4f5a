import io.procession.*;
import java.nio.file.attribute.BasicFileAttributes;

// Counts lines as `wc -l` does, one task for each file. A file that cannot be read fails its own
// task and spoils no other.
//
//   LineCount <file or directory>...      directories are walked, whatever is in them

long countLines(Path file) throws IOException {
  try (var in = Files.newInputStream(file)) {
    var buffer = new byte[1 << 16];
    long lines = 0;
    for (int length; (length = in.read(buffer)) >= 0; ) {
      for (int i = 0; i < length; i++) {
        if (buffer[i] == '\n') {
          lines++;
        }
      }
    }
    return lines;
  }
}

/** The regular files in a directory, or the argument itself. */
List<Path> filesIn(Path argument) throws IOException {
  var files = new ArrayList<Path>();
  Files.walkFileTree(
      argument,
      new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
          if (attributes.isRegularFile() || file.equals(argument)) {
            files.add(file);
          }
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
          files.add(file); // its task will say why
          return FileVisitResult.CONTINUE;
        }
      });
  return files;
}

boolean errorIsTerminal() {
  try {
    return Path.of("/dev/stderr").toRealPath().toString().matches("/dev/(pts/|tty|console).*");
  } catch (IOException e) {
    return false; // no such thing on this system
  }
}

void showProgress(Pool pool, List<Task<Long>> tasks) {
  long shown = System.nanoTime();
  int done = 0;
  for (var _ : pool.asCompleted(tasks)) {
    done++;
    if (System.nanoTime() - shown > 100_000_000 || done == tasks.size()) {
      shown = System.nanoTime();
      System.err.print("\r%d of %d files ".formatted(done, tasks.size()));
    }
  }
  System.err.print("\r" + " ".repeat(40) + "\r");
}

double secondsSince(long startNanos) {
  return (System.nanoTime() - startNanos) / 1e9;
}

void main(String[] arguments) throws IOException {
  if (arguments.length == 0) {
    System.err.println("usage: LineCount <file or directory>...");
    System.exit(2);
  }
  var files = new ArrayList<Path>();
  for (var argument : arguments) {
    files.addAll(filesIn(Path.of(argument)));
  }
  Collections.sort(files);

  int workers = Runtime.getRuntime().availableProcessors();
  long total = 0;
  int failed = 0;
  double starting;
  double parallel;
  long start = System.nanoTime();
  try (var pool = Pool.ofProcesses(workers)) {
    pool.map(n -> n, IntStream.range(0, workers)); // the workers are up when this is done
    starting = secondsSince(start);

    start = System.nanoTime();
    var tasks = pool.mapAsync(file -> countLines(file), files);
    if (errorIsTerminal()) {
      showProgress(pool, tasks);
    }
    for (int i = 0; i < files.size(); i++) {
      try {
        long lines = tasks.get(i).join();
        total += lines;
        IO.println("%9d %s".formatted(lines, files.get(i)));
      } catch (CompletionException e) {
        failed++;
        System.err.println("not counted: " + files.get(i) + ": " + e.getCause());
      }
    }
    parallel = secondsSince(start);
  }

  start = System.nanoTime();
  long serialTotal = 0;
  for (var file : files) {
    try {
      serialTotal += countLines(file);
    } catch (IOException e) {
      continue; // named above
    }
  }
  double serial = secondsSince(start);

  IO.println("%9d total in %d files".formatted(total, files.size() - failed));
  if (serialTotal != total) {
    IO.println("%9d in the serial run: files changed meanwhile".formatted(serialTotal));
  }
  IO.println("serial   %8.3f s".formatted(serial));
  IO.println(
      "parallel %8.3f s on %d workers, which took %.3f s to start"
          .formatted(parallel, workers, starting));
  IO.println("speed-up %8.2f".formatted(serial / parallel));
  if (failed > 0) {
    System.exit(1);
  }
}
