package io.procession.testkit.async;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.procession.async.EventLoop;
import io.procession.async.LoopTask;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Without a leak check: the JDK's own HTTP client and server let go of a socket when they like. */
class EventLoopHttpTest {

  private static final int REQUESTS = 10;

  /** The server answers none before all have been asked. */
  @Test
  void manyRequestsAreUnderWayAtOnce() throws Exception {
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), REQUESTS);
    var barrier = new CyclicBarrier(REQUESTS);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            barrier.await(60, TimeUnit.SECONDS);
            exchange.sendResponseHeaders(200, -1);
          } catch (Exception e) {
            exchange.sendResponseHeaders(500, -1);
          }
        });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var client = HttpClient.newHttpClient()) {
      server.setExecutor(threads);
      server.start();
      var uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
      EventLoop.execute(loop -> {
        var requests = new ArrayList<LoopTask<Integer>>();
        for (var i = 0; i < REQUESTS; i++) {
          requests.add(
              loop.createTask(() -> {
                var request = HttpRequest.newBuilder(uri).build();
                HttpResponse<Void> response =
                    loop.await(client.sendAsync(request, BodyHandlers.discarding()));
                return response.statusCode();
              }));
        }
        assertThat(loop.gather(requests)).hasSize(REQUESTS).containsOnly(200);
      });
    } finally {
      server.stop(0);
    }
  }
}
