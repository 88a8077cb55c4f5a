package io.procession;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.engine.ChildEngine;
import io.procession.internal.engine.LaunchOptions;
import io.procession.spi.Engine;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each step of ending a call, with a worker and a clock that do what the test says. */
class DeadlinesTest {

  private static final long TIMEOUT = 1_000_000_000;
  private static final long GRACE = 100_000_000;
  private static final long SECOND = 1_000_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Watch watch = new Watch("deadlines", lock, now -> Watch.NEVER);
  private final Dispatch dispatch = new Dispatch(watch, Watch.NEVER, () -> {});
  private final Deadlines deadlines = new Deadlines(lock, dispatch, watch, GRACE);
  private final FakeWorker worker = new FakeWorker();
  private final Slot slot = new Slot("fake");
  private final List<Batch> late = new ArrayList<>();
  private final ChildEngine engine = new ChildEngine(LaunchOptions.of(ChildEngine.MAIN));
  private final long start = System.nanoTime();

  DeadlinesTest() {
    slot.worker = worker;
    slot.state = WorkerInfo.State.IDLE;
    dispatch.slots().add(slot);
  }

  @AfterEach
  void end() {
    locked(watch::end);
    engine.close();
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  private Batch batch(Terms terms, int count) {
    var calls =
        new Engine.Calls(null, getClass().getClassLoader(), engine.message(), new long[count]);
    return Batch.of(new Deaf(), calls, 0, 100, terms);
  }

  private void submit(Terms terms, int count) {
    var batch = batch(terms, count);
    locked(() -> {
      deadlines.submitted(batch);
      dispatch.submit(batch);
    });
  }

  private Terms timeout() {
    return Terms.NONE.withTimeout(Duration.ofNanos(TIMEOUT));
  }

  /** Expires a timeout after the start of the test. */
  private Terms deadline() {
    return new Terms(RetryPolicy.NEVER, Terms.UNLIMITED, TIMEOUT, start + TIMEOUT);
  }

  private long look(long atNanos) {
    lock.lock();
    try {
      return deadlines.look(start + atNanos, late);
    } finally {
      lock.unlock();
    }
  }

  @Test
  void aCallInTimeIsLeftAlone() {
    submit(timeout(), 2);
    // Nothing has started: it cannot be too late before a timeout from now.
    assertThat(look(0)).isEqualTo(TIMEOUT);
    worker.start(1, start + 10);
    assertThat(look(20)).isEqualTo(TIMEOUT - 10);
    assertThat(look(TIMEOUT + 9)).isEqualTo(1);
    // The next call has its own time.
    slot.sent.getFirst().settle(0);
    worker.start(1, start + TIMEOUT);
    assertThat(look(TIMEOUT + 10)).isEqualTo(TIMEOUT - 10);
    assertThat(worker.told).containsExactly("offer 1");
  }

  @Test
  void aCallThatTakesTooLongIsInterruptedAskedAndKilled() {
    submit(timeout(), 1);
    worker.start(1, start);
    assertThat(look(TIMEOUT)).isEqualTo(GRACE);
    assertThat(worker.told).containsExactly("offer 1", "interrupt 1 0");
    assertThat(look(TIMEOUT + GRACE - 1)).isEqualTo(1);
    assertThat(look(TIMEOUT + GRACE)).isEqualTo(SECOND);
    assertThat(worker.told).containsExactly("offer 1", "interrupt 1 0", "stacks");
    worker.stacks.complete("what it did");
    assertThat(look(TIMEOUT + GRACE + 1)).isEqualTo(Watch.NEVER);
    assertThat(worker.told).containsExactly("offer 1", "interrupt 1 0", "stacks", "kill");
    var ending = Objects.requireNonNull(slot.ending);
    assertThat(ending.stacks()).isEqualTo("what it did");
    assertThat(look(TIMEOUT + 10 * SECOND)).isEqualTo(Watch.NEVER);
    assertThat(worker.told).containsOnlyOnce("kill");
  }

  @Test
  void aWorkerThatDoesNotAnswerIsKilledAfterASecond() {
    submit(timeout(), 1);
    worker.start(1, start);
    look(TIMEOUT);
    look(TIMEOUT + GRACE);
    assertThat(look(TIMEOUT + GRACE + SECOND - 1)).isEqualTo(1);
    look(TIMEOUT + GRACE + SECOND);
    assertThat(worker.told).endsWith("kill");
    var ending = Objects.requireNonNull(slot.ending);
    assertThat(ending.stacks()).contains("did not tell its stacks within 1000 ms");
  }

  @Test
  void aCallThatEndsInItsGraceIsNotKilled() {
    submit(timeout(), 1);
    worker.start(1, start);
    look(TIMEOUT);
    var sent = slot.sent.getFirst();
    assertThat(sent.settle(0)).isTrue();
    assertThat(sent.exceeded(0)).isEqualTo(Duration.ofNanos(TIMEOUT));
    slot.sent.remove(sent);
    look(TIMEOUT + GRACE);
    assertThat(slot.ending).isNull();
    assertThat(worker.told).containsExactly("offer 1", "interrupt 1 0");
  }

  @Test
  void aCallThatEndsWhileItsStacksAreTakenIsNotKilled() {
    submit(timeout(), 1);
    worker.start(1, start);
    look(TIMEOUT);
    look(TIMEOUT + GRACE);
    var sent = slot.sent.getFirst();
    assertThat(sent.settle(0)).isTrue();
    slot.sent.remove(sent);
    look(TIMEOUT + GRACE + SECOND);
    assertThat(worker.told).doesNotContain("kill");
    assertThat(slot.isFull).isFalse();
  }

  @Test
  void aCallThatStartedBehindOneThatIsToEndIsNotKilledInItsPlace() {
    submit(timeout(), 1);
    locked(() -> dispatch.send(slot, batch(Terms.NONE, 1)));
    worker.start(1, start);
    look(TIMEOUT);
    // The first has ended, which the pool will hear of in a moment.
    worker.start(2, start + TIMEOUT + 1);
    look(TIMEOUT + GRACE);
    assertThat(worker.told).containsExactly("offer 1", "offer 2", "interrupt 1 0");
    assertThat(slot.ending).isNull();
  }

  @Test
  void theLimitOfACallBehindOneThatWasToEndIsKept() {
    submit(timeout(), 1);
    locked(() -> dispatch.send(slot, batch(timeout(), 1)));
    worker.start(1, start);
    locked(() -> deadlines.end(slot, slot.sent.getFirst(), 0, null, start));
    worker.start(2, start + GRACE);
    assertThat(look(GRACE)).isEqualTo(TIMEOUT);
    look(GRACE + TIMEOUT);
    assertThat(worker.told).endsWith("interrupt 2 0");
  }

  @Test
  void aCallThatEndedJustBeforeIsInTime() {
    submit(timeout(), 1);
    worker.start(1, start);
    var sent = slot.sent.getFirst();
    assertThat(sent.settle(0)).isTrue();
    look(TIMEOUT);
    assertThat(sent.exceeded(0)).isNull();
    assertThat(worker.told).containsExactly("offer 1");
  }

  @Test
  void whatWasSentBehindItIsTakenBackBeforeTheKill() {
    submit(timeout(), 3);
    worker.start(1, start);
    look(TIMEOUT);
    look(TIMEOUT + GRACE);
    assertThat(dispatch.hasWaiting()).isTrue();
    assertThat(slot.sent.getFirst().end).isEqualTo(1);
    worker.stacks.complete("");
    look(TIMEOUT + GRACE + 1);
    assertThat(worker.told).containsExactly("offer 1", "interrupt 1 0", "stacks", "kill");
    assertThat(dispatch.bury(slot))
        .singleElement()
        .satisfies(dead -> {
          assertThat(dead.call().firstNumber()).isEqualTo(100);
          assertThat(dead.wasDropped()).isFalse();
        });
    assertThat(dispatch.hasWaiting()).isTrue();
  }

  @Test
  void whatNobodyWantsIsKilledWithoutAQuestion() {
    submit(Terms.NONE, 1);
    worker.start(1, start);
    locked(() -> deadlines.end(slot, slot.sent.getFirst(), 0, null, start));
    assertThat(look(GRACE - 1)).isEqualTo(1);
    look(GRACE);
    assertThat(worker.told).containsExactly("offer 1", "interrupt 1 0", "kill");
  }

  @Test
  void whatHasNotStartedAtItsDeadlineIsTakenOutWhereverItIs() {
    slot.state = WorkerInfo.State.STARTING;
    submit(deadline(), 2);
    slot.state = WorkerInfo.State.IDLE;
    locked(dispatch::dispatch);
    assertThat(slot.sent).hasSize(1);
    slot.isFull = true;
    submit(deadline(), 5);
    submit(Terms.NONE, 7);
    assertThat(look(TIMEOUT - 1)).isEqualTo(1);
    assertThat(late).isEmpty();
    assertThat(look(TIMEOUT)).isEqualTo(Watch.NEVER);
    assertThat(late.stream().mapToInt(Batch::size).sum()).isEqualTo(7);
    assertThat(worker.told).containsExactly("offer 1");
    // What has no deadline is there still.
    assertThat(dispatch.hasWaiting()).isTrue();
  }

  @Test
  void whatRunsAtItsDeadlineIsEnded() {
    submit(deadline(), 2);
    worker.start(1, start + 5);
    look(TIMEOUT);
    assertThat(late).singleElement().satisfies(rest -> assertThat(rest.from()).isEqualTo(1));
    assertThat(worker.told).containsExactly("offer 1", "interrupt 1 0");
    assertThat(slot.sent.getFirst().exceeded(0)).isEqualTo(Duration.ofNanos(TIMEOUT));
  }

  @Test
  void aWorkerThatUsesTooMuchIsKilledAndOnlyIfItHasWork() {
    var memory = new MemoryWatch(lock, dispatch, 1000);
    worker.usedBytes = 1001;
    var now = System.nanoTime();
    assertThat(memory.look(now)).isEqualTo(Watch.NEVER);
    submit(Terms.NONE, 2);
    worker.start(1, now);
    worker.usedBytes = 1000;
    assertThat(memory.look(now)).isEqualTo(MemoryWatch.EVERY_NANOS);
    worker.usedBytes = 1001;
    assertThat(memory.look(now + 1)).isEqualTo(MemoryWatch.EVERY_NANOS - 1);
    memory.look(now + MemoryWatch.EVERY_NANOS);
    assertThat(worker.told).containsExactly("offer 1", "kill");
    var shortage = Objects.requireNonNull(slot.shortage);
    assertThat(shortage.usedBytes()).isEqualTo(1001);
    assertThat(dispatch.hasWaiting()).isTrue();
  }

  /** Nobody waits for these calls. */
  private static final class Deaf implements Job {

    @Override
    public long callNanos() {
      return 0;
    }

    @Override
    public void took(int calls, long durationNanos) {}

    @Override
    public void settled(
        int index,
        boolean failed,
        MemorySegment result,
        Engine.@Nullable Message large,
        Engine.Worker worker) {}

    @Override
    public void failed(int index, Throwable failure) {}

    @Override
    public Throwable failure(
        MemorySegment result, Engine.@Nullable Message large, Engine.Worker worker) {
      return new AssertionError("nobody asks");
    }

    @Override
    public void paused() {}
  }
}
