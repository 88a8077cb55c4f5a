package io.procession.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.function.RemoteCallable;
import io.procession.internal.codec.StandardCodec;
import io.procession.internal.wire.ChannelLayout;
import io.procession.internal.wire.Control;
import io.procession.internal.wire.Ring;
import io.procession.internal.wire.RingProducer;
import io.procession.spi.Engine;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong with one child is its own end, and not that of the threads that serve all. */
class ChildDamageTest {

  private final ChildEngine engine =
      new ChildEngine(LaunchOptions.of(ChildEngine.MAIN).withMaxHeapBytes(64L << 20));
  private final Ear healthyEar = new Ear();
  private final Ear ear = new Ear();
  private Child healthy;

  @BeforeEach
  void startTheOther() throws Exception {
    healthy = engine.start("healthy", healthyEar);
    healthyEar.ready.get(1, TimeUnit.MINUTES);
  }

  /** Whoever hears of deaths, and whoever starts, is still there. */
  @AfterEach
  void theOtherIsServed() throws Exception {
    var next = new Ear();
    engine.start("next", next).kill();
    assertThat(next.exit.get(1, TimeUnit.MINUTES).signal()).isEqualTo("SIGKILL");
    healthy.retire();
    var exit = healthyEar.exit.get(1, TimeUnit.MINUTES);
    assertThat(exit.code()).isZero();
    assertThat(exit.cause()).isNull();
    engine.close();
  }

  @Test
  void aDamagedRingOfResultsEndsTheChild() throws Exception {
    var child = engine.start("damaged", ear);
    ear.ready.get(1, TimeUnit.MINUTES);
    damage(channel(child).responses());
    child.hub().ringResponses();
    assertDeadOf("the results of a worker could not be taken");
  }

  @Test
  void aDamagedRingOfQuestionsEndsTheChild() throws Exception {
    var child = engine.start("damaged", ear);
    ear.ready.get(1, TimeUnit.MINUTES);
    damage(channel(child).controlUp());
    child.hub().ringControl();
    assertDeadOf("the ring is damaged");
  }

  @Test
  void aSenselessQuestionEndsTheChild() throws Exception {
    var child = engine.start("senseless", ear);
    ear.ready.get(1, TimeUnit.MINUTES);
    var questions = new RingProducer(channel(child).controlUp());
    var record = Objects.requireNonNull(questions.claim(Control.LEASE, 16));
    record.set(ValueLayout.JAVA_INT, 8, -1); // its size
    questions.publish();
    child.hub().ringControl();
    assertDeadOf("-1");
  }

  @Test
  void aRequestThatCouldNotBeWrittenIsNotSentWithTheNextOne() throws Exception {
    var child = engine.start("halves", ear);
    ear.ready.get(1, TimeUnit.MINUTES);
    var numberless =
        new ClassLoader() {
          @Override
          public int hashCode() {
            throw new IllegalStateException("it has no number");
          }
        };
    var half = new Engine.Calls(null, numberless, message(), new long[] {0});
    assertThatThrownBy(() -> child.offer(1, half, 0, 1)).hasMessage("it has no number");
    var whole = new Engine.Calls(null, getClass().getClassLoader(), message(), new long[] {0});
    assertThat(child.offer(2, whole, 0, 1)).isTrue();
    assertThat(ear.settled.get(1, TimeUnit.MINUTES)).isEqualTo(2);
    half.message().close();
    whole.message().close();
    child.retire();
    assertThat(ear.exit.get(1, TimeUnit.MINUTES).code()).isZero();
  }

  private Engine.Message message() {
    var message = (Engine.Encoded) engine.message();
    RemoteCallable<Integer> one = () -> 1;
    new StandardCodec().write(one, message.output());
    return message;
  }

  @Test
  void whoListensMayFail() throws Exception {
    ear.failure = new IllegalStateException("it does not want to know");
    engine.start("unwanted", ear);
    assertDeadOf("the results of a worker could not be taken");
  }

  @Test
  void aStartMayFailByAnError() {
    healthy
        .hub()
        .onStarter(() -> {
          throw new OutOfMemoryError("unable to create native thread: as it would say");
        });
  }

  private void assertDeadOf(String cause) throws Exception {
    var exit = ear.exit.get(1, TimeUnit.MINUTES);
    assertThat(exit.signal()).isEqualTo("SIGKILL");
    assertThat(exit.cause()).hasMessageContaining(cause);
  }

  private static ChannelLayout channel(Child child) throws ReflectiveOperationException {
    var field = Child.class.getDeclaredField("channel");
    field.setAccessible(true);
    return (ChannelLayout) field.get(child);
  }

  /** As a child would that writes where it must not. */
  private static void damage(MemorySegment ring) {
    var tail = ring.get(ValueLayout.JAVA_LONG, Ring.TAIL_OFFSET);
    var capacity = ring.get(ValueLayout.JAVA_LONG, Ring.CAPACITY_OFFSET);
    ring.set(ValueLayout.JAVA_INT, Ring.RECORDS_OFFSET + (tail & (capacity - 1)), -1);
    ring.set(ValueLayout.JAVA_LONG, Ring.TAIL_OFFSET, tail + 64);
  }

  private static final class Ear implements Engine.Listener {
    final CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
    final CompletableFuture<Long> settled = new CompletableFuture<>();
    final CompletableFuture<Engine.Exit> exit = new CompletableFuture<>();
    volatile @Nullable RuntimeException failure;

    @Override
    public void ready() {
      ready.complete(null);
      fail();
    }

    @Override
    public void settled(
        long sequence,
        int index,
        boolean failed,
        MemorySegment result,
        Engine.@Nullable Message large,
        long durationNanos) {
      settled.complete(sequence);
    }

    @Override
    public void paused() {}

    @Override
    public void exited(Engine.Exit ended) {
      exit.complete(ended);
      fail();
    }

    private void fail() {
      var wanted = failure;
      if (wanted != null) {
        throw wanted;
      }
    }
  }
}
