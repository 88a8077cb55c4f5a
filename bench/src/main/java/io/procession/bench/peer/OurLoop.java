package io.procession.bench.peer;

import io.procession.async.EventLoop;
import io.procession.async.LoopServerSocket;
import io.procession.async.LoopSocket;
import io.procession.async.LoopTask;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Procession's {@link EventLoop}; {@code loop.py} does the same by asyncio. */
final class OurLoop {

  private static final int SWITCHES = 1_000_000;
  private static final Duration SLEEP = Duration.ofSeconds(1);
  private static final int ECHO_BYTES = 64;

  private OurLoop() {}

  static void addTo(Program program) {
    program
        .with(
            "sleepers",
            settings -> seconds -> Timing.latency(seconds, () -> sleepers(settings.get("tasks"))))
        .with("task-memory", settings -> _ -> memory(settings.get("tasks")))
        .with("switches", _ -> seconds -> Timing.rate(seconds, SWITCHES, OurLoop::switches))
        .with("echo", settings -> seconds -> echo(settings.get("connections"), seconds));
  }

  private static void sleepers(int count) {
    EventLoop.execute(loop -> {
      var tasks = new ArrayList<LoopTask<?>>();
      for (var number = 0; number < count; number++) {
        tasks.add(loop.createTask(() -> loop.sleep(SLEEP)));
      }
      loop.gatherAll(tasks);
    });
  }

  /** By how much the tasks let the memory of this process grow while they sleep, for each. */
  private static Sample memory(int count) throws Exception {
    return EventLoop.run(loop -> {
      var before = Usage.ownMemoryBytes();
      var tasks = new ArrayList<LoopTask<?>>();
      for (var number = 0; number < count; number++) {
        tasks.add(loop.createTask(() -> loop.sleep(SLEEP)));
      }
      loop.sleep(SLEEP.dividedBy(2));
      var after = Usage.ownMemoryBytes();
      loop.gatherAll(tasks);
      return Sample.of(Math.max(0, after - before) / count);
    });
  }

  private static void switches() {
    EventLoop.execute(loop ->
        loop.gatherAll(loop.createTask(() -> turn(loop)), loop.createTask(() -> turn(loop))));
  }

  private static void turn(EventLoop loop) {
    for (var number = 0; number < SWITCHES / 2; number++) {
      loop.sleep(Duration.ZERO);
    }
  }

  /** A server, and as many clients in the same loop; each waits for its echo. */
  private static Sample echo(int connections, double seconds) throws IOException {
    return EventLoop.run(loop -> {
      var loopback = InetAddress.getLoopbackAddress();
      try (var server = LoopServerSocket.bind(new InetSocketAddress(loopback, 0))) {
        var accepting = loop.createTask(() -> accept(loop, server, connections));
        var clients = connect(server.address(), connections);
        accepting.await();
        var start = System.nanoTime();
        var end = start + (long) (seconds * 1e9);
        var tasks = new ArrayList<LoopTask<Integer>>();
        for (var client : clients) {
          tasks.add(loop.createTask(() -> ask(client, end)));
        }
        var count = loop.gather(tasks).stream().mapToInt(Integer::intValue).sum();
        var elapsed = (System.nanoTime() - start) / 1e9;
        for (var client : clients) {
          client.close();
        }
        return new Sample(count / elapsed, 0, count);
      }
    });
  }

  private static void accept(EventLoop loop, LoopServerSocket server, int connections)
      throws IOException {
    for (var number = 0; number < connections; number++) {
      var socket = server.accept();
      var _ = loop.createTask(() -> serve(socket));
    }
  }

  private static void serve(LoopSocket socket) throws IOException {
    var buffer = ByteBuffer.allocate(ECHO_BYTES);
    try (socket) {
      while (true) {
        socket.readFully(buffer.clear());
        socket.write(buffer.flip());
      }
    } catch (EOFException _) {
      // The client has gone.
    }
  }

  private static List<LoopSocket> connect(SocketAddress server, int connections)
      throws IOException {
    var clients = new ArrayList<LoopSocket>();
    for (var number = 0; number < connections; number++) {
      clients.add(LoopSocket.connect(server));
    }
    return clients;
  }

  private static int ask(LoopSocket socket, long end) throws IOException {
    var buffer = ByteBuffer.allocate(ECHO_BYTES);
    var count = 0;
    do {
      socket.write(buffer.clear());
      socket.readFully(buffer.clear());
      count++;
    } while (System.nanoTime() - end < 0);
    return count;
  }
}
