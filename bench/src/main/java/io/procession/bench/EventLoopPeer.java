package io.procession.bench;

import io.procession.async.EventLoop;
import io.procession.async.LoopConsumer;
import io.procession.async.LoopRunnable;
import io.procession.async.LoopServerSocket;
import io.procession.async.LoopSocket;
import io.procession.async.LoopTask;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The event loop beside Python's asyncio, which {@code loop.py} runs. Without arguments it measures
 * both in turn, in processes of their own, and prints a line for each figure; with the name of a
 * workload it does that one. Java is measured as it starts, and once it is warm.
 *
 * <pre>
 *   procession run -cp bench/target/procession-bench-VERSION.jar -J-Dbench.directory=bench \
 *       io.procession.bench.EventLoopPeer
 * </pre>
 */
final class EventLoopPeer {

  private static final int TASKS = 100_000;
  private static final int SWITCHES = 1_000_000;
  private static final int REPEATS = 5;
  private static final int CONNECTIONS = 1_000;
  private static final int MESSAGES = 100;
  private static final int MESSAGE_BYTES = 1_024;

  private EventLoopPeer() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0) {
      compare();
      return;
    }
    switch (arguments[0]) {
      case "sleepers" -> repeat(EventLoopPeer::sleepers);
      case "switches" -> repeat(EventLoopPeer::switches);
      case "memory" -> EventLoop.execute(EventLoopPeer::memory);
      case "serve" -> EventLoop.execute(EventLoopPeer::serve);
      default ->
          throw new IllegalArgumentException("there is no such workload. name=" + arguments[0]);
    }
  }

  // --- the workloads
  // -------------------------------------------------------------------------------

  private static void repeat(LoopConsumer<EventLoop, Exception> body) throws Exception {
    for (var i = 0; i < REPEATS; i++) {
      EventLoop.execute(loop -> {
        var started = System.nanoTime();
        body.accept(loop);
        IO.println((System.nanoTime() - started) / 1e9);
      });
    }
  }

  private static void sleepers(EventLoop loop) {
    loop.gatherAll(sleeping(loop, Duration.ofSeconds(1)));
  }

  private static List<LoopTask<?>> sleeping(EventLoop loop, Duration duration) {
    var tasks = new ArrayList<LoopTask<?>>(TASKS);
    for (var i = 0; i < TASKS; i++) {
      tasks.add(loop.createTask(() -> loop.sleep(duration)));
    }
    return tasks;
  }

  private static void switches(EventLoop loop) {
    LoopRunnable spin =
        () -> {
          for (var i = 0; i < SWITCHES / 2; i++) {
            loop.sleep(Duration.ZERO);
          }
        };
    loop.gatherAll(loop.createTask(spin), loop.createTask(spin));
  }

  /** Bytes for each sleeping task: of resident memory, and of the heap once it was collected. */
  private static void memory(EventLoop loop) throws IOException {
    System.gc();
    var residentBefore = residentBytes();
    var heapBefore = heapBytes();
    var tasks = sleeping(loop, Duration.ofHours(1));
    loop.sleep(Duration.ofMillis(100));
    var resident = residentBytes() - residentBefore;
    System.gc();
    IO.println(resident / (double) TASKS);
    IO.println((heapBytes() - heapBefore) / (double) TASKS);
    tasks.forEach(LoopTask::cancel);
  }

  private static long heapBytes() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static long residentBytes() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      var line = lines.filter(each -> each.startsWith("VmRSS")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    }
  }

  private static void serve(EventLoop loop) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var server = LoopServerSocket.bind(address)) {
      IO.println(((InetSocketAddress) server.address()).getPort());
      var serving =
          loop.createTask(() -> {
            while (true) {
              var socket = server.accept();
              var _ = loop.createTask(() -> echo(socket));
            }
          });
      loop.toThread(() -> System.in.readAllBytes()).await();
      serving.cancel();
    }
  }

  private static @Nullable Void echo(LoopSocket socket) throws IOException {
    try (socket) {
      var buffer = ByteBuffer.allocate(4096);
      while (socket.read(buffer) >= 0) {
        socket.write(buffer.flip());
        buffer.clear();
      }
    }
    return null;
  }

  // --- the comparison
  // ------------------------------------------------------------------------------

  private static void compare() throws Exception {
    var loop = Path.of(System.getProperty("bench.directory", "bench"), "loop.py").toString();
    for (var workload : List.of("sleepers", "switches", "memory")) {
      print(workload + ", asyncio", figures(List.of("python3", loop, workload)));
      print(workload + ", Procession", figures(java(workload)));
    }
    for (var round = 0; round < 3; round++) {
      IO.println(
          "echoes per second, asyncio    %,10.0f".formatted(echoes("python3", loop, "serve")));
      IO.println(
          "echoes per second, Procession %,10.0f"
              .formatted(echoes(java("serve").toArray(String[]::new))));
    }
  }

  private static List<String> java(String workload) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path")
            + System.getProperty("path.separator")
            + System.getProperty("jdk.module.path", ""),
        EventLoopPeer.class.getName(),
        workload);
  }

  private static void print(String what, List<Double> figures) {
    var all = figures.stream().map("%.3f"::formatted).toList();
    IO.println("%-24s %s".formatted(what, String.join("  ", all)));
  }

  private static List<Double> figures(List<String> command) throws Exception {
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var lines = process.inputReader().lines()) {
      return lines.map(Double::valueOf).toList();
    } finally {
      process.waitFor();
    }
  }

  /** Echoes per second of a server, by the same plain client for both. */
  private static double echoes(String... command) throws Exception {
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      var port = Integer.parseInt(output.readLine());
      var connected = new CountDownLatch(CONNECTIONS);
      var go = new CountDownLatch(1);
      var started = 0L;
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var i = 0; i < CONNECTIONS; i++) {
          var _ = threads.submit(() -> talk(port, connected, go));
        }
        connected.await();
        started = System.nanoTime();
        go.countDown();
      }
      return CONNECTIONS * MESSAGES / ((System.nanoTime() - started) / 1e9);
    } finally {
      process.outputWriter().close();
      process.waitFor();
    }
  }

  private static boolean talk(int port, CountDownLatch connected, CountDownLatch go)
      throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      connected.countDown();
      go.await();
      var message = new byte[MESSAGE_BYTES];
      for (var i = 0; i < MESSAGES; i++) {
        socket.getOutputStream().write(message);
        var answer = socket.getInputStream().readNBytes(MESSAGE_BYTES);
        if (!Arrays.equals(message, answer)) {
          throw new IllegalStateException("the echo is another. bytes=" + answer.length);
        }
      }
      return true;
    }
  }
}
