import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.procession.*;
import java.net.*;
import java.net.http.*;
import java.net.http.HttpResponse.BodyHandlers;

// A web service most of whose requests are light, and some cost seconds of a processor. Served by
// its own threads, these take the processors away from all the others, and cannot be stopped. A
// pool of processes takes the work elsewhere, and whatever passes its deadline is ended with its
// worker.
//
//   ExpensiveWebRequest             both ways under load
//   ExpensiveWebRequest <port>      serves /hello and /primes?below=1000000 until it is stopped

static final Duration DEADLINE = Duration.ofSeconds(5);

int countPrimes(long below) {
  int count = 0;
  for (long n = 2; n < below; n++) {
    boolean prime = true;
    for (long d = 2; prime && d * d <= n; d++) {
      prime = n % d != 0;
    }
    count += prime ? 1 : 0;
  }
  return count;
}

interface Heavy {
  int countPrimes(long below) throws Exception;
}

int countInProcess(Pool pool, long below) throws Exception {
  return pool.withDeadline(DEADLINE).submit(n -> countPrimes(n), below).get();
}

void answer(HttpExchange exchange, int status, Object text) throws IOException {
  var body = (text + "\n").getBytes();
  exchange.sendResponseHeaders(status, body.length);
  exchange.getResponseBody().write(body);
}

void answerHeavy(HttpExchange exchange, Heavy heavy) throws IOException {
  var query = String.valueOf(exchange.getRequestURI().getQuery());
  if (!query.matches("below=[0-9]{1,18}")) {
    answer(exchange, 400, "ask for /primes?below= and a number");
    return;
  }
  try {
    answer(exchange, 200, heavy.countPrimes(Long.parseLong(query.substring(6))));
  } catch (IOException e) {
    throw e; // whoever asked has gone
  } catch (ExecutionException e) {
    if (e.getCause() instanceof TaskTimeoutException) {
      answer(exchange, 504, "it would take more than " + DEADLINE.toSeconds() + " s");
    } else {
      answer(exchange, 500, e.getCause());
    }
  } catch (Exception e) {
    answer(exchange, 500, e);
  }
}

/** Each request has a virtual thread. */
HttpServer serve(int port, Heavy heavy) throws IOException {
  var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
  server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
  server.createContext(
      "/hello",
      exchange -> {
        try (exchange) {
          answer(exchange, 200, "hello");
        }
      });
  server.createContext(
      "/primes",
      exchange -> {
        try (exchange) {
          answerHeavy(exchange, heavy);
        }
      });
  server.start();
  return server;
}

/** Asks, and gives how long the answer took, in milliseconds. */
double ask(HttpClient client, HttpServer server, String path, String expected) throws Exception {
  long start = System.nanoTime();
  var uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  double millis = (System.nanoTime() - start) / 1e6;
  var said = answer.statusCode() + " " + answer.body().strip();
  if (!said.equals(expected)) {
    throw new AssertionError(path + ": " + said);
  }
  return millis;
}

/** Four ask for heavy things, three times each; one asks for light ones meanwhile. */
void load(String way, HttpServer server) throws Exception {
  try (var client = HttpClient.newHttpClient();
      var clients = Executors.newFixedThreadPool(4)) {
    ask(client, server, "/primes?below=100", "200 25");
    ask(client, server, "/hello", "200 hello");
    var asking = new ArrayList<Future<Double>>();
    for (int i = 0; i < 12; i++) {
      asking.add(clients.submit(() -> ask(client, server, "/primes?below=400000", "200 33860")));
    }
    var light = new ArrayList<Double>();
    while (!asking.stream().allMatch(Future::isDone)) {
      light.add(ask(client, server, "/hello", "200 hello"));
      Thread.sleep(2);
    }
    var heavy = new ArrayList<Double>();
    for (var each : asking) {
      heavy.add(each.get());
    }
    Collections.sort(light);
    Collections.sort(heavy);
    IO.println(
        "%-20s %8.1f ms %8.1f ms %12.1f ms %8.1f ms"
            .formatted(
                way,
                light.get(light.size() / 2),
                light.getLast(),
                heavy.get(heavy.size() / 2),
                heavy.getLast()));
  }
}

void main(String[] arguments) throws Exception {
  if (arguments.length > 1 || arguments.length == 1 && !arguments[0].matches("[0-9]{1,5}")) {
    System.err.println(
        "ExpensiveWebRequest takes no argument, or a port: ExpensiveWebRequest 8080");
    System.exit(2);
  }
  // Without grace: who counts primes does not listen to an interrupt.
  try (var pool = Pool.builder().grace(Duration.ZERO).build()) {
    if (arguments.length == 1) {
      var server = serve(Integer.parseInt(arguments[0]), below -> countInProcess(pool, below));
      IO.println("http://127.0.0.1:%d/hello".formatted(server.getAddress().getPort()));
      new CountDownLatch(1).await();
    }
    IO.println("%20s %24s %28s".formatted("", "light: median, slowest", "heavy: median, slowest"));
    var server = serve(0, below -> countPrimes(below));
    load("its own threads", server);
    server.stop(0);

    server = serve(0, below -> countInProcess(pool, below));
    load("a pool of processes", server);
    try (var client = HttpClient.newHttpClient()) {
      ask(
          client,
          server,
          "/primes?below=" + Long.MAX_VALUE / 10,
          "504 it would take more than 5 s");
      IO.println("what would take for ever was ended after %d s".formatted(DEADLINE.toSeconds()));
      ask(client, server, "/primes?below=1000", "200 168");
      IO.println("and the next request was answered");
    }
    server.stop(0);
  }
}
