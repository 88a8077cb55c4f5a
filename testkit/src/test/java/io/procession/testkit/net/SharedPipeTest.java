package io.procession.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.ChildProcess;
import io.procession.shared.Connection;
import io.procession.shared.SharedPipe;
import io.procession.shared.SharedQueue;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.contract.ConnectionContract.Ends;
import io.procession.testkit.contract.ConnectionEndContract;
import io.procession.testkit.contract.ConnectionMessageContract;
import io.procession.testkit.contract.ConnectionWaitContract;
import io.procession.testkit.contract.OneWayConnectionContract;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Pipes keep the contract of connections, and do what only pipes do. */
@NoLeaks
class SharedPipeTest {

  private static Ends ends() {
    var pipe = SharedPipe.create();
    return new Ends(pipe.first(), pipe.second());
  }

  @Nested
  class Messages extends ConnectionMessageContract {
    @Override
    protected Ends connect() {
      return ends();
    }
  }

  @Nested
  class End extends ConnectionEndContract {
    @Override
    protected Ends connect() {
      return ends();
    }
  }

  @Nested
  class Wait extends ConnectionWaitContract {
    @Override
    protected Ends connect() {
      return ends();
    }
  }

  @Nested
  class OneWay extends OneWayConnectionContract {
    @Override
    protected Ends connect() {
      var pipe = SharedPipe.createOneWay();
      return new Ends(pipe.second(), pipe.first());
    }
  }

  @Test
  void aChildTalksAndItsExitIsTheEnd() throws Exception {
    try (var pipe = SharedPipe.create()) {
      var child =
          ChildProcess.start(
              end -> {
                end.send("Hello from process!");
                end.send(end.receive());
                end.sendBytes(new byte[3_000_000]);
                end.send(null);
              },
              pipe.second());
      assertThat(pipe.first().receive()).isEqualTo("Hello from process!");
      pipe.first().send(List.of(1, 2, 3));
      assertThat(pipe.first().receive()).isEqualTo(List.of(1, 2, 3));
      assertThat(pipe.first().receiveBytes()).hasSize(3_000_000);
      assertThat(pipe.first().receive()).isNull();
      assertThatThrownBy(() -> pipe.first().receive()).isInstanceOf(EOFException.class);
      assertThatThrownBy(() -> pipe.first().send(1))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("nobody has the other end");
      child.join();
    }
  }

  @Test
  void aKilledChildIsTheEndAfterWhatItHadSent() throws Exception {
    try (var pipe = SharedPipe.create();
        var sent = SharedQueue.<Integer>create()) {
      var child =
          ChildProcess.start(
              (end, both) -> {
                end.send(1);
                end.send(2);
                both.put(2);
                Thread.sleep(Duration.ofMinutes(10));
              },
              pipe.second(),
              sent);
      assertThat(sent.take()).isEqualTo(2);
      child.kill();
      child.join();
      assertThat(pipe.first().receive()).isEqualTo(1);
      assertThat(pipe.first().receive()).isEqualTo(2);
      assertThatThrownBy(() -> pipe.first().receive()).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void anEndThatIsGivenAwayAgainIsNotAtItsEnd() throws Exception {
    try (var pipe = SharedPipe.create()) {
      for (var number = 1; number <= 2; number++) {
        var child = ChildProcess.start((end, i) -> end.send(i), pipe.second(), number);
        assertThat(pipe.first().receive()).isEqualTo(number);
        child.join();
      }
    }
  }

  @Test
  void twoChildrenTalkToEachOther() throws Exception {
    try (var pipe = SharedPipe.create();
        var result = SharedQueue.<Object>create()) {
      var left = ChildProcess.start(end -> end.send("from the left"), pipe.first());
      var right =
          ChildProcess.start(
              (end, to) -> to.put(end.receive(String.class) + ""), pipe.second(), result);
      assertThat(result.take()).isEqualTo("from the left");
      left.join();
      right.join();
    }
  }

  @Test
  void pipesQueuesAndChildrenAreWaitedForTogether() throws Exception {
    try (var pipe = SharedPipe.createOneWay();
        var queue = SharedQueue.<Integer>create();
        var go = SharedQueue.<Integer>create()) {
      var child =
          ChildProcess.start(() -> {
            queue.put(1);
            go.take();
          });
      assertThat(Connection.awaitAny(pipe.first(), queue, child)).containsExactly(queue);
      assertThat(queue.take()).isEqualTo(1);
      assertThat(Connection.awaitAny(Duration.ZERO, List.of(pipe.first(), queue, child))).isEmpty();
      pipe.second().send("something");
      assertThat(Connection.awaitAny(pipe.first(), queue, child)).containsExactly(pipe.first());
      assertThat(pipe.first().receive()).isEqualTo("something");
      go.put(1);
      assertThat(Connection.awaitAny(pipe.first(), queue, child)).containsExactly(child);
    }
  }
}
