package io.procession.async;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopSocketTest {

  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static void echo(LoopSocket socket) throws IOException {
    try (socket) {
      var buffer = ByteBuffer.allocate(4096);
      while (socket.read(buffer) >= 0) {
        socket.write(buffer.flip());
        buffer.clear();
      }
    }
  }

  private static LoopTask<?> serve(EventLoop loop, LoopServerSocket server) {
    return loop.createTask(
        "server",
        () -> {
          while (true) {
            var socket = server.accept();
            var _ = loop.createTask(() -> echo(socket));
          }
        });
  }

  private static String talk(LoopSocket socket, String text) throws IOException {
    var bytes = text.getBytes(UTF_8);
    socket.write(ByteBuffer.wrap(bytes));
    var answer = ByteBuffer.allocate(bytes.length);
    socket.readFully(answer);
    return new String(answer.array(), UTF_8);
  }

  @Test
  void aThousandClientsAreServedAtOnce() throws Exception {
    EventLoop.execute(loop -> {
      try (var server = LoopServerSocket.bind(ANY_PORT)) {
        var serving = serve(loop, server);
        var clients = new ArrayList<LoopTask<?>>();
        var ready = LoopEvent.create();
        var open = new int[1];
        for (var i = 0; i < 1_000; i++) {
          var text = "client " + i;
          clients.add(
              loop.createTask(() -> {
                try (var socket = LoopSocket.connect(server.address())) {
                  if (++open[0] == 1_000) {
                    ready.set();
                  }
                  ready.await();
                  for (var round = 0; round < 3; round++) {
                    assertThat(talk(socket, text)).isEqualTo(text);
                  }
                }
              }));
        }
        loop.gather(clients);
        serving.cancel();
      }
    });
  }

  @Test
  void largeWritesWaitForTheReader() throws Exception {
    EventLoop.execute(loop -> {
      try (var server = LoopServerSocket.bind(ANY_PORT)) {
        var accepting = loop.createTask(() -> server.accept());
        try (var client = LoopSocket.connect(server.address());
            var peer = accepting.await()) {
          var bytes = ByteBuffer.allocate(32 << 20);
          var writing =
              loop.createTask(() -> {
                client.write(bytes);
                client.shutdownOutput();
              });
          var buffer = ByteBuffer.allocate(1 << 20);
          var total = 0L;
          for (var count = 0; count >= 0; count = peer.read(buffer.clear())) {
            total += count;
          }
          assertThat(total).isEqualTo(bytes.capacity());
          writing.await();
          assertThatThrownBy(() -> peer.readFully(buffer.clear()))
              .isInstanceOf(EOFException.class)
              .hasMessageEndingWith("missing=" + buffer.capacity());
        }
      }
    });
  }

  @Test
  void aReadThatIsCancelledLeavesTheConnection() throws Exception {
    EventLoop.execute(loop -> {
      try (var server = LoopServerSocket.bind(ANY_PORT)) {
        var serving = serve(loop, server);
        try (var socket = LoopSocket.connect(server.address())) {
          var read = loop.createTask(() -> socket.read(ByteBuffer.allocate(10)));
          loop.sleep(Duration.ZERO);
          assertThatThrownBy(() -> socket.read(ByteBuffer.allocate(10)))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageStartingWith("another task waits for the same");
          read.cancel();
          loop.gatherAll(read);
          assertThat(read.isCancelled()).isTrue();
          assertThat(talk(socket, "still open")).isEqualTo("still open");
        }
        serving.cancel();
      }
    });
  }

  @Test
  void closingWakesWhoeverWaits() throws Exception {
    EventLoop.execute(loop -> {
      var server = LoopServerSocket.bind(ANY_PORT);
      var address = server.address();
      var accepts = loop.createTask(() -> server.accept());
      loop.sleep(Duration.ZERO);
      server.close();
      server.close();
      loop.gatherAll(accepts);
      assertThat(accepts.exception()).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> LoopSocket.connect(address))
          .as("nobody listens any more")
          .isInstanceOf(ConnectException.class);
    });
  }

  @Test
  void aRefusedConnectionIsAnError() throws Exception {
    EventLoop.execute(loop -> {
      var server = LoopServerSocket.bind(ANY_PORT);
      var address = server.address();
      server.close();
      assertThatThrownBy(() -> LoopSocket.connect(address)).isInstanceOf(ConnectException.class);
    });
  }

  @Test
  void socketsMayBeFiles(@TempDir Path directory) throws Exception {
    EventLoop.execute(loop -> {
      var address = UnixDomainSocketAddress.of(directory.resolve("socket"));
      try (var server = LoopServerSocket.bind(address)) {
        var serving = serve(loop, server);
        try (var socket = LoopSocket.connect(address)) {
          assertThat(talk(socket, "hello")).isEqualTo("hello");
        }
        serving.cancel();
      }
    });
  }

  @Test
  void timersAndThreadsGoOnWhileATaskReads() throws Exception {
    EventLoop.execute(loop -> {
      try (var server = LoopServerSocket.bind(ANY_PORT)) {
        var accepts = loop.createTask(() -> server.accept());
        loop.sleep(Duration.ofMillis(5));
        assertThat(loop.toThread(() -> "thread").await()).isEqualTo("thread");
        accepts.cancel();
      }
    });
  }
}
