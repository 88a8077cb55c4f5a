package io.procession.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DoorbellTest {
  private static final long FOREVER = Long.MAX_VALUE;
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  // In the segment of the ping-pong: each side's doorbell, and the last number each has sent.
  private static final long PING_WORD = 0;
  private static final long PONG_WORD = 128;
  private static final long PING = 256;
  private static final long PONG = 384;
  private static final long PING_PONG_BYTES = 512;

  /** Sends back every number that it gets. */
  static final class Echo {
    static void main(String[] arguments) throws Exception {
      var platform = Platforms.named(arguments[0]);
      try (var segment = platform.attach(Platforms.handle(arguments[1]))) {
        var memory = segment.memory();
        var rounds = Long.parseLong(arguments[2]);
        var missed = play(platform, memory, PING, PONG, rounds, Long.parseLong(arguments[3]));
        System.out.println(missed);
      }
    }
  }

  /** The side that answers: waits for the number at {@code in} and stores it at {@code out}. */
  private static long play(
      Platform platform, MemorySegment memory, long in, long out, long rounds, long spinNanos) {
    var own = platform.doorbell(memory.asSlice(in == PING ? PING_WORD : PONG_WORD, 4));
    var other = platform.doorbell(memory.asSlice(in == PING ? PONG_WORD : PING_WORD, 4));
    for (var round = 1L; round <= rounds; round++) {
      var number = round;
      if (!own.await(() -> (long) LONG.getAcquire(memory, in) == number, FOREVER, spinNanos)) {
        throw new IllegalStateException("interrupted");
      }
      LONG.setRelease(memory, out, number);
      other.ring();
    }
    return own.missedRings();
  }

  private static void pingPong(Platform platform, long rounds, long spinNanos) throws IOException {
    try (var segment = platform.createSegment(PING_PONG_BYTES);
        var child =
            ChildJvm.start(
                Echo.class,
                List.of(),
                platform.name(),
                Platforms.text(segment.handle()),
                rounds,
                spinNanos)) {
      var memory = segment.memory();
      var own = platform.doorbell(memory.asSlice(PONG_WORD, 4));
      var other = platform.doorbell(memory.asSlice(PING_WORD, 4));
      var warmUp = rounds / 2;
      var start = 0L;
      for (var round = 1L; round <= rounds; round++) {
        var number = round;
        if (round == warmUp) {
          start = System.nanoTime();
        }
        LONG.setRelease(memory, PING, number);
        other.ring();
        assertThat(
                own.await(() -> (long) LONG.getAcquire(memory, PONG) == number, FOREVER, spinNanos))
            .isTrue();
      }
      var nanos = (System.nanoTime() - start) / (rounds - warmUp);
      var missed = own.missedRings() + child.readLong();
      System.out.printf(
          "doorbell round trip: platform=%s spinNanos=%d rounds=%d roundTripNanos=%d missed=%d%n",
          platform.name(), spinNanos, rounds, nanos, missed);
      assertThat(missed).isZero();
      assertThat(child.exitCode()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void noRingIsLostBetweenTwoProcessesThatSpin(Platform platform) throws IOException {
    pingPong(platform, 200_000, 50_000);
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void noRingIsLostBetweenTwoProcessesThatSleepAtOnce(Platform platform) throws IOException {
    pingPong(platform, platform.name().equals("linux") ? 200_000 : 5_000, 0);
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void aPatientWaiterLooksLessAndLessAndHearsEachRing(Platform platform) throws Exception {
    try (var segment = platform.createSegment(128)) {
      var bell = platform.doorbell(segment.memory().asSlice(0, 4));
      var looks = new AtomicInteger();
      var rings = new AtomicInteger();
      var heard = new AtomicInteger();
      var waiter =
          CompletableFuture.runAsync(() -> {
            var patience = new Doorbell.Patience();
            while (heard.get() < 3) {
              var seen = heard.get();
              BooleanSupplier ready =
                  () -> {
                    looks.incrementAndGet();
                    return rings.get() > seen;
                  };
              if (bell.awaitPatiently(ready, patience, 0)) {
                heard.incrementAndGet();
              }
            }
          });
      // After so long an interval it is between two looks for certain.
      Thread.sleep(1500);
      for (var ring = 1; ring <= 3; ring++) {
        rings.set(ring);
        bell.ring();
        while (heard.get() < ring) {
          assertThat(waiter).isNotCompletedExceptionally();
          Thread.sleep(1);
        }
      }
      waiter.get();
      // 100 + 200 + 400 + 800 ms, two or three looks each, and two for each ring.
      assertThat(looks.get()).isLessThan(30);
      assertThat(bell.missedRings()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void whatHoldsAlreadyNeedsNoWait(Platform platform) throws IOException {
    try (var segment = platform.createSegment(4)) {
      var bell = platform.doorbell(segment.memory());
      assertThat(bell.await(() -> true, 0, 0)).isTrue();
      assertThat(bell.await(() -> false, 0, 0)).isFalse();
      assertThat(bell.await(() -> false, -1, 1_000)).isFalse();
      assertThat(bell.word()).isEqualTo(Doorbell.AWAKE);
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void aTimeOutComesNotTooEarly(Platform platform) throws IOException {
    try (var segment = platform.createSegment(4)) {
      var bell = platform.doorbell(segment.memory());
      for (var timeout : new long[] {1_000, 3_000_000, 150_000_000}) {
        var start = System.nanoTime();
        assertThat(bell.await(() -> false, timeout, 10_000)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(timeout);
        assertThat(bell.word()).isEqualTo(Doorbell.AWAKE);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void aRingThatNeverComesIsMadeUpForByLooking(Platform platform) throws Exception {
    try (var segment = platform.createSegment(4)) {
      var bell = platform.doorbell(segment.memory());
      var condition = new AtomicBoolean();
      var waiter = CompletableFuture.supplyAsync(() -> bell.await(condition::get, FOREVER, 0));
      ChildJvm.await("asleep", () -> bell.word() == Doorbell.ASLEEP);
      condition.set(true); // and the ringer is dead
      assertThat(waiter.get()).isTrue();
      assertThat(bell.missedRings()).isLessThanOrEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void anInterruptEndsTheWaitAndIsKept(Platform platform) throws Exception {
    try (var segment = platform.createSegment(4)) {
      var bell = platform.doorbell(segment.memory());
      var result = new CompletableFuture<String>();
      var waiter =
          Thread.ofPlatform()
              .start(() -> {
                var ready = bell.await(() -> false, FOREVER, 0);
                result.complete(ready + " " + Thread.currentThread().isInterrupted());
              });
      ChildJvm.await("asleep", () -> bell.word() == Doorbell.ASLEEP);
      waiter.interrupt();
      assertThat(result.get()).isEqualTo("false true");
      waiter.join();
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void noRingIsLostWhileAnotherThreadLooksInTheWaitersStead(Platform platform) throws Exception {
    var rounds = 200;
    try (var segment = platform.createSegment(4)) {
      var bell = platform.doorbell(segment.memory());
      var sent = new AtomicInteger();
      var taken = new AtomicInteger();
      var waiter =
          Thread.ofPlatform()
              .start(() -> {
                while (taken.get() < rounds) {
                  bell.await(() -> taken.get() < sent.get(), FOREVER, 0);
                  taken.set(sent.get());
                }
              });
      var hushed = 0;
      var slept = 0;
      for (var round = 1; round <= rounds; round++) {
        // What comes while the other thread looks is left to the waiter.
        ChildJvm.await("asleep", () -> bell.word() == Doorbell.ASLEEP);
        if (bell.hush()) {
          hushed++;
          sent.set(round);
          bell.ring();
          bell.resume();
          if (taken.get() < sent.get()) {
            bell.ring();
          }
        } else {
          sent.set(round);
          bell.ring();
        }
        var start = System.nanoTime();
        var number = round;
        ChildJvm.await("taken", () -> taken.get() == number);
        if (System.nanoTime() - start > Doorbell.SLICE_NANOS / 2) {
          slept++;
        }
      }
      waiter.join();
      assertThat(hushed).isPositive();
      assertThat(slept).as("rounds in which a ring was lost").isLessThan(rounds / 2);
      assertThat(bell.missedRings()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void aWaiterThatLeftNativeCodeIsSeenSleepingInJava(Platform platform) throws Exception {
    try (var segment = platform.createSegment(4)) {
      var bell = platform.doorbell(segment.memory());
      var condition = new AtomicBoolean();
      var result = new CompletableFuture<Boolean>();
      var waiter =
          Thread.ofPlatform().start(() -> result.complete(bell.await(condition::get, FOREVER, 0)));
      ChildJvm.await("asleep", () -> bell.word() == Doorbell.ASLEEP);
      bell.leaveNative();
      ChildJvm.await("in Java", () -> waiter.getState() == Thread.State.TIMED_WAITING);
      condition.set(true);
      assertThat(result.get()).isTrue();
      waiter.join();
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void aClosedSegmentEndsTheWaitWithAnException(Platform platform) throws Exception {
    var segment = platform.createSegment(4);
    var bell = platform.doorbell(segment.memory());
    var failure = new CompletableFuture<Throwable>();
    var waiter =
        Thread.ofPlatform()
            .start(() -> {
              try {
                bell.await(() -> false, FOREVER, 0);
              } catch (IllegalStateException closed) {
                failure.complete(closed);
              }
            });
    ChildJvm.await("asleep", () -> bell.word() == Doorbell.ASLEEP);
    segment.close();
    assertThat(failure.get()).isInstanceOf(IllegalStateException.class);
    waiter.join();
    assertThatIllegalStateException().isThrownBy(bell::ring);
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void theWordMustBeAlignedAndWhole(Platform platform) throws IOException {
    try (var segment = platform.createSegment(8)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> platform.doorbell(segment.memory().asSlice(2, 4)));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> platform.doorbell(segment.memory().asSlice(0, 3)));
    }
  }
}
