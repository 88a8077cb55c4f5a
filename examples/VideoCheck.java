import io.procession.*;
import io.procession.shared.SharedQueue;
import java.nio.file.attribute.BasicFileAttributes;
import video.Film;
import video.FlashLimits;

// Is this video fit for children, or would it flash too much for some? Two sets of processes and a
// queue between them: one loads videos, which is waiting, so there are more of them than
// processors; the other decodes and measures, which is computing. The queue holds few videos and
// few bytes: who loads waits while those who check are busy, and memory stays bounded.
//
//   VideoCheck <file or folder>...      the limits are those of WCAG 2.3.1, see FlashLimits
//
// Animated GIF and motion-JPEG AVI are decoded here, other formats by ffmpeg, if it is there.

static final Set<String> FORMATS =
    Set.of("gif", "avi", "mp4", "m4v", "mov", "mkv", "webm", "mpg", "mpeg", "wmv", "flv", "ogv");
static final long QUEUE_BYTES = 256 << 20;
static final long LARGE = QUEUE_BYTES / 8; // such a video is read from where it is, bit by bit

/** A video on its way; without bytes if it stays where it is. */
record Video(Path file, byte[] bytes) {}

enum Kind {
  FIT,
  UNFIT,
  SKIPPED,
  BAD
}

record Verdict(Path file, Kind kind, String reason) {}

Video loadVideo(Path file) throws IOException {
  boolean stays = Film.needsFile(file) || Files.size(file) > LARGE;
  return new Video(file, stays ? null : Files.readAllBytes(file));
}

Verdict processVideo(Video video) {
  try (var film = Film.open(video.file, video.bytes)) {
    var limits = new FlashLimits();
    while (film.next()) {
      var violation = limits.see(film.picture(), film.millis());
      if (violation.isPresent()) {
        var reason =
            ": %s at %.2f s".formatted(violation.get().limit(), violation.get().millis() / 1000.0);
        return new Verdict(video.file, Kind.UNFIT, reason);
      }
    }
    return new Verdict(video.file, Kind.FIT, "");
  } catch (UnsupportedOperationException e) {
    return new Verdict(video.file, Kind.SKIPPED, ": " + e.getMessage());
  } catch (IOException | RuntimeException e) { // broken files break decoders in many ways
    return new Verdict(video.file, Kind.BAD, ": " + e);
  }
}

/** The files themselves, and those in folders whose names end like a video's. */
List<Path> find(String... arguments) throws IOException {
  var files = new TreeSet<Path>();
  for (var argument : arguments) {
    var given = Path.of(argument).toAbsolutePath();
    Files.walkFileTree(
        given,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            var name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            var format = name.substring(name.lastIndexOf('.') + 1);
            boolean video = attributes.isRegularFile() && FORMATS.contains(format);
            if (video || file.equals(given)) {
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
  }
  return List.copyOf(files);
}

void print(Verdict verdict) {
  var out = verdict.kind == Kind.BAD ? System.err : System.out;
  var kind = verdict.kind.name().toLowerCase(Locale.ROOT);
  out.println("%-7s %s%s".formatted(kind, verdict.file, verdict.reason));
}

/** The pipeline. Prints each verdict when it comes. */
List<Verdict> check(List<Path> files, Pool loaders, SharedQueue<Video> videos, Pool checkers) {
  var loads =
      loaders
          .withChunkSize(1)
          .mapAsync(
              file -> {
                videos.put(loadVideo(file));
                return file;
              },
              files);
  var checks =
      checkers
          .withChunkSize(1)
          .mapAsync(_ -> processVideo(videos.take()), IntStream.range(0, files.size()));
  // When all are loaded, nobody is to wait for those that could not be.
  CompletableFuture.allOf(loads.toArray(CompletableFuture[]::new))
      .whenComplete((_, _) -> videos.shutdown());

  var verdicts = new LinkedHashMap<Path, Verdict>();
  for (var check : checkers.asCompleted(checks)) {
    if (check.state() == Future.State.SUCCESS) {
      verdicts.put(check.join().file, check.join());
      print(check.join());
    }
  }
  videos.shutdown(); // should nobody be left who checks, the loaders are not to wait
  for (int i = 0; i < files.size(); i++) {
    if (!verdicts.containsKey(files.get(i))) {
      var load = loads.get(i).handle((_, failure) -> failure).join();
      var reason = load == null ? "the process that checked it died" : load.toString();
      var lost = new Verdict(files.get(i), Kind.BAD, ": " + reason);
      verdicts.put(lost.file, lost);
      print(lost);
    }
  }
  return List.copyOf(verdicts.values());
}

void printRate(List<Verdict> verdicts, double seconds, int loaders, int checkers) {
  long videos = verdicts.stream().filter(v -> v.kind == Kind.FIT || v.kind == Kind.UNFIT).count();
  double perDay = videos / seconds * 24 * 60 * 60;
  IO.println(
      "%d videos checked in %.2f s, %,.0f a day, by %d loaders and %d checkers"
          .formatted(videos, seconds, perDay, loaders, checkers));
  if (videos > 0) {
    double years = 3.7e6 * 2 / (60 * 24 * 365.25);
    IO.println(
        "3.7 million a day need %,.0f checkers; serially, at two minutes each, they take %.0f years"
            .formatted(Math.ceil(3.7e6 / perDay * checkers), years));
  }
}

void main(String[] arguments) throws IOException {
  if (arguments.length == 0) {
    System.err.println("usage: VideoCheck <file or folder>...");
    System.exit(2);
  }
  var files = find(arguments);
  int checkers = Runtime.getRuntime().availableProcessors();
  int loaders = 2 * checkers;
  List<Verdict> verdicts;
  try (var videos = SharedQueue.<Video>create(2 * checkers, QUEUE_BYTES);
      var loading = Pool.builder().workers(loaders).heapBytes(8 * LARGE).build();
      var checking =
          Pool.builder()
              .workers(checkers)
              .heapBytes(1 << 30) // for some pictures of the largest size
              .jvmArguments("-Djava.awt.headless=true")
              .build()) {
    loading.map(n -> n, IntStream.range(0, loaders)); // the workers are up before the clock starts
    checking.map(n -> n, IntStream.range(0, checkers));
    long start = System.nanoTime();
    verdicts = check(files, loading, videos, checking);
    printRate(verdicts, (System.nanoTime() - start) / 1e9, loaders, checkers);
  }
  if (verdicts.stream().anyMatch(verdict -> verdict.kind == Kind.BAD)) {
    System.exit(1);
  }
}
