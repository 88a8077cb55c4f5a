package io.procession.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.ChildProcess;
import io.procession.shared.Client;
import io.procession.shared.Connection;
import io.procession.shared.Listener;
import io.procession.spi.Waitable;
import io.procession.testkit.Await;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.contract.Flag;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other end is another process, which may be killed at any moment. */
@NoLeaks
class PeerProcessTest {

  private static final byte[] KEY = {1, 2, 3};
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final int KILLS = 3;

  /** In each message, so that half of one would be seen. */
  private static final int NUMBERS = 50_000;

  @TempDir Path directory = Path.of("");

  private List<SocketAddress> addresses() {
    return List.of(
        UnixDomainSocketAddress.of(directory.resolve("socket")),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static void answer(String path) throws Exception {
    try (var connection = Client.connect(Path.of(path), KEY)) {
      while (connection.receive() instanceof Integer number) {
        connection.send(number * number);
      }
    }
  }

  @Test
  void messagesGoToAnotherProcessAndBack() throws Exception {
    var path = directory.resolve("socket");
    try (var listener = Listener.open(path, KEY)) {
      var child = ChildProcess.start(PeerProcessTest::answer, path.toString());
      var end = Waitable.of(child.onExit());
      try (var connection = listener.accept()) {
        for (var i = 0; i < 100; i++) {
          connection.send(i);
          assertThat(connection.receive()).isEqualTo(i * i);
        }
        connection.send("that is all");
        assertThatThrownBy(connection::receive).isInstanceOf(EOFException.class);
      }
      assertThat(Connection.awaitAny(LONG, List.of(end))).containsExactly(end);
      child.join();
      assertThat(child.exitCode()).isZero();
    }
  }

  private static int[] numbers(int first) {
    var numbers = new int[NUMBERS];
    Arrays.setAll(numbers, i -> first + i);
    return numbers;
  }

  private static void sendForEver(SocketAddress address) throws Exception {
    var connection = Client.connect(address, KEY);
    for (var first = 0; ; first++) {
      connection.send(numbers(first));
    }
  }

  @Test
  void aPeerThatIsKilledWhileItSendsLeavesWholeMessagesAndTheEnd() throws Exception {
    var random = new Random();
    for (var address : addresses()) {
      for (var kill = 0; kill < KILLS; kill++) {
        try (var listener = Listener.open(address, KEY)) {
          var child = ChildProcess.start(PeerProcessTest::sendForEver, listener.address());
          try (var connection = listener.accept()) {
            var before = random.nextInt(50);
            for (var first = 0; first < before; first++) {
              assertThat(connection.receive(int[].class)).isEqualTo(numbers(first));
            }
            child.kill();
            var next = before;
            while (!isEnd(connection, next)) {
              next++;
            }
            assertThat(connection.poll()).isTrue();
            assertThatThrownBy(connection::receive).isInstanceOf(EOFException.class);
            assertThatThrownBy(
                    () -> {
                      while (true) {
                        connection.send("is anybody there");
                      }
                    })
                .isInstanceOf(IOException.class);
          }
          child.join();
        }
      }
    }
  }

  private static boolean isEnd(Connection connection, int next) throws Exception {
    try {
      assertThat(connection.receive(int[].class)).isEqualTo(numbers(next));
      return false;
    } catch (EOFException e) {
      return true;
    }
  }

  private static void connectAndWait(String path, Flag connected) throws Exception {
    var connection = Client.connect(Path.of(path), KEY);
    connected.raise();
    while (true) {
      Thread.sleep(1000);
      var _ = connection.isClosed();
    }
  }

  @Test
  void whoWaitsForAProcessThatIsKilledGoesOn() throws Exception {
    var path = directory.resolve("socket");
    var connected = Flag.in(directory, "connected");
    try (var listener = Listener.open(path, KEY)) {
      var child = ChildProcess.start(PeerProcessTest::connectAndWait, path.toString(), connected);
      try (var connection = listener.accept()) {
        connected.await();
        var end = Waitable.of(child.onExit());
        var receiving = start(connection::receive);
        var sending =
            start(() -> {
              while (true) {
                connection.sendBytes(new byte[100_000]);
              }
            });
        var awaiting = start(() -> Connection.awaitAny(List.of(end)));
        Await.until(
            () -> !receiving.isDone() && !sending.isDone() && !awaiting.isDone(), "they wait");
        child.kill();
        assertThatThrownBy(receiving::get).hasCauseInstanceOf(EOFException.class);
        assertThatThrownBy(sending::get).hasCauseInstanceOf(IOException.class);
        assertThat(awaiting.get()).containsExactly(end);
        assertThat(Connection.awaitAny(end, connection)).containsExactly(end, connection);
      }
    }
  }

  private static <T> FutureTask<T> start(Callable<T> call) {
    var task = new FutureTask<T>(call);
    Thread.ofVirtual().start(task);
    return task;
  }

  private static void listen(String path, Flag listens) throws Exception {
    try (var listener = Listener.open(Path.of(path), KEY)) {
      listens.raise();
      try (var connection = listener.accept()) {
        connection.send(ProcessHandle.current().pid());
        connection.receive();
      }
    }
  }

  @Test
  void aListenerThatWasKilledLeavesAPathForTheNext() throws Exception {
    var path = directory.resolve("socket");
    var first = Flag.in(directory, "first");
    var killed = ChildProcess.start(PeerProcessTest::listen, path.toString(), first);
    first.await();
    killed.kill();
    killed.join();
    assertThat(path).exists();

    var second = Flag.in(directory, "second");
    var child = ChildProcess.start(PeerProcessTest::listen, path.toString(), second);
    second.await();
    try (var connection = Client.connect(path, KEY)) {
      assertThat(connection.receive()).isEqualTo(child.pid());
      connection.send("over");
    }
    child.join();
    assertThat(child.exitCode()).isZero();
    assertThat(path).doesNotExist();
  }
}
