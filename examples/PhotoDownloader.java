import io.procession.*;
import io.procession.function.RemoteCallable;
import java.net.*;
import java.net.http.*;
import java.net.http.HttpResponse.BodyHandlers;

// Who waits for a network needs no processor, but company: the same program with one thread, some
// threads, a virtual thread for each photo, and some processes, which are executors all. Virtual
// threads cost the least; processes pay where each photo is worked on, too, or could do harm.
//
//   PhotoDownloader <text file of URLs> <folder> [seconds that a photo may take]      10 by default

static final HttpClient CLIENT =
    HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

/** A photo to load, and what its file will be called, but for the ending. */
record Photo(URI uri, String name) {}

record Loaded(Path file, long bytes) {}

/** The photos that the file lists: one URL a line; twice the same is one; # starts a comment. */
List<Photo> loadData(Path list) throws IOException {
  var uris = new LinkedHashSet<URI>();
  for (var line : Files.readAllLines(list)) {
    try {
      var uri = URI.create(line.strip());
      if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?")) {
        uris.add(uri);
        continue;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    if (!line.isBlank() && !line.strip().startsWith("#")) {
      System.err.println("no address of a photo: " + line);
    }
  }
  var names = new HashSet<String>();
  var photos = new ArrayList<Photo>();
  for (var uri : uris) {
    var name = safeName(uri);
    for (int number = 2; !names.add(name.toLowerCase(Locale.ROOT)); number++) {
      name = safeName(uri) + "-" + number;
    }
    photos.add(new Photo(uri, name));
  }
  return photos;
}

/** The last part of the path, without its ending and without what a file system may not like. */
String safeName(URI uri) {
  var path = uri.getPath(); // %28 is a parenthesis here
  var name = path.substring(path.lastIndexOf('/', path.length() - 2) + 1);
  name = name.replaceFirst("\\.[A-Za-z0-9]{1,5}$", "").replaceAll("[^\\p{L}\\p{N}()._-]+", "_");
  name = name.replaceFirst("^[._]+", "").replaceFirst("[._]+$", "");
  return name.isEmpty() ? "photo" : name.substring(0, Math.min(60, name.length()));
}

Loaded getImage(Photo photo, Path folder, Duration limit) throws Exception {
  var request = HttpRequest.newBuilder(photo.uri).build();
  // The time-out of a request ends with the headers; a slow server may dribble for ever.
  var exchange =
      CLIENT.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), 1 << 28));
  HttpResponse<byte[]> response;
  try {
    response = exchange.get(limit.toNanos(), TimeUnit.NANOSECONDS);
  } catch (TimeoutException e) {
    throw new HttpTimeoutException("it took more than " + limit.toSeconds() + " s");
  } catch (ExecutionException e) {
    throw e.getCause() instanceof Exception cause ? cause : e;
  } finally {
    exchange.cancel(true);
  }
  if (response.statusCode() != 200) {
    throw new IOException("the server answers " + response.statusCode());
  }
  var type = response.headers().firstValue("Content-Type").orElse("nothing");
  if (!type.startsWith("image/")) {
    throw new IOException("no photo, but " + type);
  }
  var ending = type.replaceFirst("image/(x-)?([a-z0-9]*).*", ".$2").replace("jpeg", "jpg");
  var file = folder.resolve(photo.name + ending);
  Files.write(file, response.body());
  return new Loaded(file, response.body().length);
}

void loadAll(
    String way,
    ExecutorService executor,
    List<Photo> photos,
    Path folder,
    Duration limit,
    boolean list)
    throws InterruptedException {
  long start = System.nanoTime();
  var tasks = new ArrayList<Future<Loaded>>();
  for (var photo : photos) {
    RemoteCallable<Loaded> task = () -> getImage(photo, folder, limit); // this kind can travel
    tasks.add(executor.submit(task));
  }
  int loaded = 0;
  long bytes = 0;
  for (int i = 0; i < photos.size(); i++) {
    try {
      var photo = tasks.get(i).get();
      loaded++;
      bytes += photo.bytes;
      if (list) {
        IO.println("%9d %s".formatted(photo.bytes, photo.file.getFileName()));
      }
    } catch (ExecutionException e) {
      System.err.println(way + ": not loaded: " + photos.get(i).uri + ": " + e.getCause());
    }
  }
  double seconds = (System.nanoTime() - start) / 1e9;
  IO.println(
      "%-16s %7.3f s for %d of %d photos, %d bytes"
          .formatted(way, seconds, loaded, photos.size(), bytes));
}

void main(String[] arguments) throws Exception {
  if (arguments.length < 2
      || arguments.length > 3
      || !arguments[arguments.length - 1].matches(
          arguments.length == 3 ? "[1-9][0-9]{0,3}" : ".*")) {
    System.err.println("usage: PhotoDownloader <text file of URLs> <folder> [seconds, 1 to 9999]");
    System.exit(2);
  }
  if (!Files.isReadable(Path.of(arguments[0]))) {
    System.err.println("there is no such text file: " + arguments[0]);
    System.exit(2);
  }
  var photos = loadData(Path.of(arguments[0]));
  var folder = Files.createDirectories(Path.of(arguments[1])).toAbsolutePath();
  var limit = Duration.ofSeconds(arguments.length == 3 ? Integer.parseInt(arguments[2]) : 10);

  try (var one = Executors.newSingleThreadExecutor()) {
    loadAll("serial", one, photos, folder, limit, true);
  }
  try (var some = Executors.newFixedThreadPool(4)) {
    loadAll("4 threads", some, photos, folder, limit, false);
  }
  try (var many = Executors.newVirtualThreadPerTaskExecutor()) {
    loadAll("virtual threads", many, photos, folder, limit, false);
  }
  try (var pool = Pool.ofProcesses(4)) {
    pool.map(n -> n, IntStream.range(0, 4)); // the workers are up before the clock starts
    loadAll("4 processes", pool, photos, folder, limit, false);
  }
}
