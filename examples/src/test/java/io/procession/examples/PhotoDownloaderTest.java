package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.procession.testkit.NoLeaks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NoLeaks
class PhotoDownloaderTest {

  private static final List<String> WAYS =
      List.of("serial", "4 threads", "virtual threads", "4 processes");

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;

  /** From the first one on the JDK keeps a socket of its own, which is no leak. */
  @BeforeAll
  static void openAnySocket() throws IOException {
    ServerSocketChannel.open().close();
  }

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stopServer() {
    over.countDown();
    threads.close();
    server.stop(0);
  }

  /** The path says what to do; the photo is the path and query in bytes. */
  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    var uri = exchange.getRequestURI();
    var path = uri.getPath();
    try (exchange) {
      if (path.contains("slow")) {
        over.await();
      }
      var type =
          path.contains("text") ? "text/html" : path.contains("png") ? "image/png" : "image/jpeg";
      exchange.getResponseHeaders().set("Content-Type", type);
      if (path.contains("missing")) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      var body = photo(uri.toString());
      exchange.sendResponseHeaders(200, body.length);
      int dribble = path.contains("dribble") ? 3 : 0;
      if (dribble > 0) {
        exchange.getResponseBody().write(body, 0, dribble);
        exchange.getResponseBody().flush();
        over.await();
      }
      exchange.getResponseBody().write(body, dribble, body.length - dribble);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static byte[] photo(String uri) {
    return uri.repeat(100).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private Path list(String... paths) throws IOException {
    var lines = Arrays.stream(paths).map(path -> path.startsWith("/") ? url(path) : path).toList();
    return Files.write(directory.resolve("urls.txt"), lines);
  }

  @ParameterizedTest
  @EnumSource
  void filesHaveSafeAndUniqueNames(Way way) throws Exception {
    var photos = directory.resolve("photos");
    var list =
        list(
            "# holiday",
            "",
            "/album/beach%28at%20noon%29.jpg",
            "/album/beach%28at%20noon%29.jpg",
            "/photo?id=1&size=big",
            "/photo?id=2&size=big",
            "/Photo",
            "/deep/sea.png",
            "/deep/sea.jpg",
            "/..%2F..%2Fescape.jpg",
            "/.hidden",
            "/folder/",
            "/");

    var outcome = way.run("PhotoDownloader", list.toString(), photos.toString());

    assertThat(photos.toFile().list())
        .containsExactlyInAnyOrder(
            "beach(at_noon).jpg",
            "photo.jpg",
            "photo-2.jpg",
            "Photo-3.jpg",
            "sea.png",
            "sea-2.jpg",
            "escape.jpg",
            "hidden.jpg",
            "folder.jpg",
            "photo-4.jpg");
    assertThat(photos.resolve("photo-2.jpg")).hasBinaryContent(photo("/photo?id=2&size=big"));
    assertThat(directory.resolve("escape.jpg")).doesNotExist();
    assertThat(requests).as("each once in each way").hasValue(4 * 10);
    assertThat(outcome.lines())
        .contains("%9d sea.png".formatted(photo("/deep/sea.png").length))
        .hasSize(10 + 4);
    for (var name : WAYS) {
      assertThat(outcome.lines())
          .anyMatch(
              line -> line.matches(name + " +\\d+\\.\\d+ s for 10 of 10 photos, 14100 bytes"));
    }
  }

  @Test
  void whatCannotBeLoadedIsReportedAndSkipped() throws Exception {
    var photos = directory.resolve("photos");
    var list =
        list(
            "/good.jpg",
            "/missing.jpg",
            "/slow.jpg",
            "/dribble.jpg",
            "/text.jpg",
            "http://127.0.0.1:1/nobody-listens.jpg",
            "ftp://127.0.0.1/old.jpg",
            "not a URL",
            "/also-good.jpg");

    var outcome =
        Way.SCRIPT
            .program("PhotoDownloader")
            .arguments(list.toString(), photos.toString(), "4")
            .run();

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(photos.toFile().list()).containsExactlyInAnyOrder("good.jpg", "also-good.jpg");
    assertThat(outcome.errorLines())
        .contains(
            "no address of a photo: ftp://127.0.0.1/old.jpg", "no address of a photo: not a URL");
    for (var way : WAYS) {
      assertThat(outcome.lines()).anyMatch(line -> line.matches(way + " .* for 2 of 7 photos.*"));
      assertThat(outcome.errorLines())
          .contains(
              way
                  + ": not loaded: "
                  + url("/missing.jpg")
                  + ": java.io.IOException: the server answers 404",
              way
                  + ": not loaded: "
                  + url("/slow.jpg")
                  + ": java.net.http.HttpTimeoutException: it took more than 4 s",
              way
                  + ": not loaded: "
                  + url("/dribble.jpg")
                  + ": java.net.http.HttpTimeoutException: it took more than 4 s",
              way
                  + ": not loaded: "
                  + url("/text.jpg")
                  + ": java.io.IOException: no photo, but text/html")
          .anyMatch(line -> line.startsWith(way + ": not loaded: http://127.0.0.1:1/"));
    }
  }

  @Test
  void wrongArgumentsAreAnsweredWithASentence() throws Exception {
    var list = list("/good.jpg").toString();
    for (var wrong :
        List.of(
            List.<String>of(),
            List.of(list),
            List.of(list, "photos", "0"),
            List.of(list, "photos", "1", "2"),
            List.of(directory + "/missing", "photos"))) {
      var outcome =
          Way.COMPILED.program("PhotoDownloader").arguments(wrong.toArray(String[]::new)).run();

      assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(2);
      assertThat(outcome.errorLines())
          .singleElement()
          .asString()
          .containsAnyOf("usage: ", "no such text file");
    }
  }
}
