package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The examples that end tasks before they are done. */
@NoLeaks
class DeadlineExamplesTest {

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** From the first one on the JDK keeps a socket of its own, which is no leak. */
  @BeforeAll
  static void openAnySocket() throws IOException {
    ServerSocketChannel.open().close();
  }

  @ParameterizedTest
  @EnumSource
  void modelSearchStopsWhenItIsGoodEnough(Way way) throws Exception {
    var lines = way.run("ModelSearch").lines();

    assertThat(lines).hasSizeBetween(3, 7);
    assertThat(percent(lines.getFirst())).isGreaterThanOrEqualTo(97);
    assertThat(lines.getFirst()).contains("Choice[neurons=");
    assertThat(lines.get(lines.size() - 2)).matches("the first has 9\\d\\.\\d % of the test right");
    var counts = counts(lines.getLast());
    assertThat(counts.get(0)).isBetween(1, 39);
    assertThat(counts.get(1)).isEqualTo(40);
    assertThat(counts.get(2)).isEqualTo(40 - counts.get(0));
  }

  @Test
  void modelSearchCanLookAtEverything() throws Exception {
    var lines = Way.COMPILED.run("ModelSearch", "all").lines();

    assertThat(lines)
        .hasSize(7)
        .first()
        .isEqualTo(" 99.0 % right with Choice[neurons=8, rate=0.1, seed=0]");
    var found = IntStream.range(0, 5).mapToObj(i -> -percent(lines.get(i))).toList();
    assertThat(found).as("the best first").isSorted();
    assertThat(counts(lines.getLast())).containsExactly(40, 40, 0);
  }

  private static double percent(String line) {
    return Double.parseDouble(line.strip().replaceFirst(" %.*", ""));
  }

  /** Tried, of all, cancelled. */
  private static List<Integer> counts(String line) {
    assertThat(line).matches("\\d+ of \\d+ tried, \\d+ cancelled, in \\d+\\.\\d+ s");
    return NUMBER
        .matcher(line)
        .results()
        .limit(3)
        .map(found -> Integer.valueOf(found.group()))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void expensiveWebRequestShowsBothWays(Way way) throws Exception {
    var lines = way.run("ExpensiveWebRequest").lines();

    assertThat(lines).hasSize(5);
    assertThat(lines.get(0)).contains("light: median, slowest").contains("heavy: median, slowest");
    var times = "( +\\d+\\.\\d ms){4}";
    assertThat(lines.get(1)).matches("its own threads" + times);
    assertThat(lines.get(2)).matches("a pool of processes" + times);
    assertThat(lines.get(3)).isEqualTo("what would take for ever was ended after 5 s");
    assertThat(lines.get(4)).isEqualTo("and the next request was answered");
  }

  @Test
  void expensiveWebRequestServes() throws Exception {
    try (var running = Way.SCRIPT.program("ExpensiveWebRequest").arguments("0").start()) {
      running.awaitOutput(text -> text.contains("/hello"));
      var uri = URI.create(running.output().strip());

      assertThat(get(uri, "/hello")).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nhello\n");
      assertThat(get(uri, "/primes?below=100")).startsWith("HTTP/1.1 200").endsWith("\n25\n");
      assertThat(get(uri, "/primes?below=no")).startsWith("HTTP/1.1 400").endsWith("a number\n");
      assertThat(get(uri, "/primes")).startsWith("HTTP/1.1 400");
      assertThat(get(uri, "/primes?below=100000000000"))
          .startsWith("HTTP/1.1 504")
          .endsWith("it would take more than 5 s\n");
      running.signal("TERM");
      assertThat(running.await().exitCode()).isEqualTo(143);
    }
  }

  private static String get(URI server, String path) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
      var request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void wrongArgumentsAreAnsweredWithASentence() throws Exception {
    for (var wrong :
        List.of(
            List.of("ModelSearch", "101"),
            List.of("ModelSearch", "all", "1"),
            List.of("ExpensiveWebRequest", "http"))) {
      var arguments = wrong.subList(1, wrong.size()).toArray(String[]::new);
      var outcome = Way.COMPILED.program(wrong.getFirst()).arguments(arguments).run();

      assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(2);
      assertThat(outcome.errorLines()).singleElement().asString().startsWith(wrong.getFirst());
    }
  }
}
