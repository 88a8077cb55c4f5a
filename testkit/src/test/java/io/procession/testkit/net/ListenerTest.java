package io.procession.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.Client;
import io.procession.shared.Connection;
import io.procession.shared.Listener;
import io.procession.spi.Waitable;
import io.procession.testkit.Await;
import io.procession.testkit.NoLeaks;
import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a listener. */
@NoLeaks
@SuppressWarnings("try") // what happens after close() is what is tested
class ListenerTest {

  private static final byte[] KEY = {1, 2, 3};
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path directory = Path.of("");

  private record Waiting<T>(FutureTask<T> task, Thread thread) {

    static <T> Waiting<T> start(Thread.Builder kind, Callable<T> call) throws Exception {
      var task = new FutureTask<T>(call);
      var thread = kind.start(task);
      Await.until(
          () ->
              switch (thread.getState()) {
                case WAITING, TIMED_WAITING, TERMINATED -> true;
                default -> false;
              },
          "it waits");
      assertThat(task.isDone()).isFalse();
      return new Waiting<>(task, thread);
    }
  }

  private static List<Thread.Builder> kinds() {
    return List.of(Thread.ofPlatform(), Thread.ofVirtual());
  }

  private Path path() {
    return directory.resolve("socket");
  }

  /** Before its block does. */
  private static void end(AutoCloseable resource) throws Exception {
    resource.close();
  }

  private static void talk(Listener listener) throws Exception {
    try (var there = Client.connect(listener.address(), KEY);
        var here = listener.accept(LONG).orElseThrow()) {
      there.send(1);
      assertThat(here.receive()).isEqualTo(1);
      assertThat(here.toString()).contains("closed=false");
    }
  }

  @Test
  void itTellsItsAddress() throws Exception {
    try (var listener = Listener.open(LOOPBACK, KEY)) {
      var address = (InetSocketAddress) listener.address();
      assertThat(address.getPort()).isPositive();
      assertThat(listener.toString()).contains(":" + address.getPort());
      talk(listener);
    }
    try (var listener = Listener.open(path(), KEY)) {
      assertThat(listener.address()).isEqualTo(UnixDomainSocketAddress.of(path()));
      talk(listener);
    }
  }

  @Test
  void acceptWaitsNoLongerThanItIsTold() throws Exception {
    try (var listener = Listener.open(path(), KEY)) {
      assertThat(listener.accept(Duration.ZERO)).isEmpty();
      assertThat(listener.accept(Duration.ofSeconds(-1))).isEmpty();
      var before = System.nanoTime();
      assertThat(listener.accept(SHORT)).isEmpty();
      assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(SHORT.toNanos());
    }
  }

  @Test
  void whoWaitsGoesOnWhenSomebodyConnects() throws Exception {
    try (var listener = Listener.open(path(), KEY)) {
      for (var kind : kinds()) {
        var accepting = Waiting.start(kind, listener::accept);
        Client.connect(path(), KEY).close();
        accepting.task().get().close();
        var awaiting = Waiting.start(kind, () -> Connection.awaitAny(listener));
        var there = Client.connect(path(), KEY);
        assertThat(awaiting.task().get()).containsExactly(listener);
        var here = listener.accept(Duration.ZERO).orElseThrow();
        assertThat(listener.isReady()).isFalse();
        List<Waitable> both = List.of(listener, here);
        assertThat(Connection.awaitAny(Duration.ZERO, both)).isEmpty();
        there.close();
        assertThat(Connection.awaitAny(both)).containsExactly(here);
        here.close();
      }
    }
  }

  @Test
  void anInterruptEndsAccept() throws Exception {
    try (var listener = Listener.open(path(), KEY)) {
      for (var kind : kinds()) {
        for (var call : List.<Callable<?>>of(listener::accept, () -> listener.accept(LONG))) {
          var accepting = Waiting.start(kind, call);
          accepting.thread().interrupt();
          assertThatThrownBy(() -> accepting.task().get())
              .hasCauseInstanceOf(InterruptedException.class);
        }
      }
      talk(listener);
    }
  }

  @Test
  void closingWakesAllWhoWait() throws Exception {
    for (var kind : kinds()) {
      var listener = Listener.open(path(), KEY);
      var accepting = Waiting.start(kind, listener::accept);
      var another = Waiting.start(kind, () -> listener.accept(LONG));
      var awaiting = Waiting.start(kind, () -> Connection.awaitAny(listener));
      assertThat(listener.isClosed()).isFalse();
      listener.close();
      listener.close();
      assertThat(listener.isClosed()).isTrue();
      assertThatThrownBy(() -> accepting.task().get())
          .hasCauseInstanceOf(ClosedChannelException.class)
          .hasMessageContaining("this listener is closed. address=");
      assertThatThrownBy(() -> another.task().get())
          .hasCauseInstanceOf(ClosedChannelException.class);
      assertThat(awaiting.task().get()).containsExactly(listener);
      assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class);
    }
  }

  @Test
  void closingDropsThoseWhoWereNotAcceptedAndLetsTheOthersGoOn() throws Exception {
    var listener = Listener.open(path(), KEY);
    try (var accepted = Client.connect(path(), KEY);
        var here = listener.accept();
        var waiting = Client.connect(path(), KEY)) {
      Await.until(listener::isReady, "the second waits to be accepted");
      listener.close();
      assertThatThrownBy(waiting::receive).isInstanceOf(EOFException.class);
      accepted.send("on");
      assertThat(here.receive()).isEqualTo("on");
    }
  }

  @Test
  void manyConnectAtOnce() throws Exception {
    var many = 100;
    try (var listener = Listener.builder(KEY).backlog(10).open(path())) {
      var clients = new ArrayList<FutureTask<Object>>();
      for (var i = 0; i < many; i++) {
        var number = i;
        var task =
            new FutureTask<Object>(() -> {
              try (var connection =
                  Client.builder(KEY).handshakeTimeout(Duration.ofMinutes(1)).connect(path())) {
                connection.send(number);
                return String.valueOf(connection.receive());
              }
            });
        clients.add(task);
        Thread.ofVirtual().start(task);
      }
      for (var i = 0; i < many; i++) {
        try (var connection = listener.accept(Duration.ofMinutes(1)).orElseThrow()) {
          connection.send(connection.receive());
          // until it has gone, or what was sent might be lost
          assertThatThrownBy(connection::receive).isInstanceOf(EOFException.class);
        }
      }
      for (var i = 0; i < many; i++) {
        assertThat(clients.get(i).get()).isEqualTo(String.valueOf(i));
      }
    }
  }

  @Test
  void beyondTheBacklogPeersWaitOutside() throws Exception {
    try (var listener = Listener.builder(KEY).backlog(1).open(path());
        var first = Client.connect(path(), KEY)) {
      var strict = Client.builder(KEY).handshakeTimeout(Duration.ofMillis(50));
      assertThatThrownBy(() -> strict.connect(path())).isInstanceOf(SocketTimeoutException.class);
      listener.accept().close();
      end(first);
      talk(listener);
    }
  }

  @Test
  void aRefusalThatCannotBeToldHoldsUpNobody() throws Exception {
    try (var listener =
        Listener.builder(KEY)
            .backlog(1)
            .onRefusal(e -> {
              throw new IllegalStateException("expected by this test", e);
            })
            .open(path())) {
      for (var i = 0; i < 3; i++) {
        assertThatThrownBy(() -> Client.connect(path(), new byte[] {9}))
            .isInstanceOf(IOException.class);
      }
      talk(listener);
    }
  }

  @Test
  void theFileGoesWithTheListener() throws Exception {
    try (var listener = Listener.open(path(), KEY)) {
      assertThat(Files.getPosixFilePermissions(path())).hasSize(2);
      talk(listener);
    }
    assertThat(path()).doesNotExist();
    assertThatThrownBy(() -> Client.connect(path(), KEY))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("address=" + path());
  }

  @Test
  void aDeadSocketIsReplaced() throws Exception {
    var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    dead.bind(UnixDomainSocketAddress.of(path())).close();
    assertThat(path()).exists();
    assertThatThrownBy(() -> Client.connect(path(), KEY)).isInstanceOf(ConnectException.class);
    try (var listener = Listener.open(path(), KEY)) {
      talk(listener);
      try (var entries = Files.list(directory)) {
        assertThat(entries).containsExactly(path());
      }
    }
  }

  @Test
  void aLivingSocketIsNot() throws Exception {
    try (var listener = Listener.builder(KEY).onRefusal(e -> {}).open(path())) {
      assertThatThrownBy(() -> Listener.open(path(), KEY))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("somebody listens there already")
          .hasMessageContaining("address=" + path());
      talk(listener);
      assertThatThrownBy(
              () -> {
                try (var tcp = Listener.open(LOOPBACK, KEY)) {
                  Listener.open(tcp.address(), KEY).close();
                }
              })
          .isInstanceOf(BindException.class);
    }
  }

  @Test
  void whatIsNoSocketIsLeftAlone() throws Exception {
    Files.writeString(path(), "precious");
    assertThatThrownBy(() -> Listener.open(path(), KEY))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("it is no socket");
    assertThat(path()).hasContent("precious");
    assertThatThrownBy(() -> Listener.open(directory, KEY))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void aFileThatIsNotItsOwnAnyMoreStays() throws Exception {
    try (var first = Listener.open(path(), KEY)) {
      Files.delete(path());
      try (var second = Listener.open(path(), KEY)) {
        end(first);
        assertThat(path()).exists();
        talk(second);
      }
    }
    try (var _ = Listener.open(path(), KEY)) {
      Files.delete(path());
    }
  }

  @Test
  void placesWhereNobodyCanListen() {
    assertThatThrownBy(() -> Listener.open(directory.resolve("missing").resolve("s"), KEY))
        .isInstanceOf(BindException.class);
    assertThatThrownBy(() -> Listener.open(directory.resolve("x".repeat(120)), KEY))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("too long");
    var nowhere = InetSocketAddress.createUnresolved("host.invalid", 1);
    assertThatThrownBy(() -> Listener.open(nowhere, KEY)).isInstanceOf(UnknownHostException.class);
    assertThatThrownBy(() -> Client.connect(nowhere, KEY)).isInstanceOf(UnknownHostException.class);
  }

  @Test
  void settingsThatMakeNoSense() {
    assertThatThrownBy(() -> Listener.builder(KEY).backlog(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("backlog=0");
    for (var bytes : new int[] {0, -1, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> Client.builder(KEY).maxMessageBytes(bytes))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("maxMessageBytes=" + bytes);
    }
    assertThatThrownBy(() -> Client.builder(KEY).handshakeTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("handshakeTimeout=PT0S");
  }
}
