package io.procession;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.spi.Engine;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In which order calls reach the workers. */
class PriorityTest {

  private static final Terms RETRYING = Terms.NONE.withRetries(RetryPolicy.times(1));

  private final FakeEngine engine = new FakeEngine();
  private final Flow flow = new Flow("p", Flow.FOREVER, Flow.FOREVER);
  private final Ledger ledger =
      new Ledger(
          engine,
          "p",
          Runnable::run,
          null,
          new Supervision(0, 0, new RestartGuard("p", 0, Duration.ZERO)),
          new StaffPlan(1, 0, 0, null, 0),
          new Provisions(flow, null, 2, new Sight("p", null, Runnable::run)));
  private final List<String> ended = new ArrayList<>();

  @AfterEach
  void end() {
    ledger.terminate();
  }

  private void start(int workers) {
    ledger.startWorkers();
    ledger.resize(workers);
    engine.workers.forEach(worker -> worker.listener.ready());
  }

  /** Calls of one name; each may take any time. */
  private void submit(String name, int priority, int calls) throws InterruptedException {
    var message = new FakeEngine.HeapMessage();
    var encoded =
        new Engine.Calls(null, ClassLoader.getSystemClassLoader(), message, new long[calls]);
    ledger.submit(
        Batch.of(new Named(name, priority, ended), encoded, 0, ledger.numbers(calls), RETRYING));
  }

  private record Named(String name, long priority, List<String> ended) implements Job {
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
        Engine.Worker worker) {
      ended.add(name + index);
    }

    @Override
    public void failed(int index, Throwable failure) {
      ended.add(name + index + "!");
    }

    @Override
    public Throwable failure(MemorySegment result, Engine.Worker worker) {
      return new AssertionError("no call fails");
    }

    @Override
    public void paused() {}
  }

  private void runAll() {
    var any = true;
    while (any) {
      any = false;
      for (var worker : engine.workers) {
        any |= worker.run();
      }
    }
  }

  @Test
  void aHigherPriorityGoesFirstAndWithinOneTheFirstGoesFirst() throws Exception {
    start(1);
    submit("running", 0, 1);
    engine.workers.getFirst().begin();
    submit("a", 0, 1);
    submit("b", -1, 1);
    submit("c", 5, 1);
    submit("d", 0, 1);
    submit("e", 5, 1);
    submit("f", 9, 1);
    engine.workers.getFirst().end();
    runAll();
    assertThat(ended).containsExactly("running0", "f0", "c0", "e0", "a0", "d0", "b0");
  }

  @Test
  void whatWasSentTogetherAndHasNotStartedWaitsToo() throws Exception {
    start(1);
    submit("bulk", 0, 5);
    engine.workers.getFirst().begin();
    submit("late", 0, 1);
    submit("urgent", 1, 1);
    engine.workers.getFirst().end();
    runAll();
    assertThat(ended)
        .containsExactly("bulk0", "urgent0", "bulk1", "bulk2", "bulk3", "bulk4", "late0");
  }

  @Test
  void whatMovesOnFromADeadWorkerKeepsItsPlace() throws Exception {
    start(1);
    submit("bulk", 0, 4);
    submit("next", 0, 1);
    submit("low", -1, 1);
    var first = engine.workers.getFirst();
    first.run();
    first.begin();
    first.die();
    engine.workers.get(1).listener.ready();
    runAll();
    assertThat(ended).containsExactly("bulk0", "bulk1", "bulk2", "bulk3", "next0", "low0");
  }

  @Test
  void withoutPrioritiesThereIsNoSecondLine() {
    var line = new WaitingLine();
    assertThat(line.first()).isNull();
    assertThat(line.isEmpty()).isTrue();
    assertThat(line.isRanked()).isFalse();
  }

  @Test
  void anyMixtureOfWorkDeathsAndPrioritiesEndsEachCallOnce() throws Exception {
    var seed = System.nanoTime();
    var random = new Random(seed);
    start(3);
    var expected = 0;
    for (var step = 0; step < 2000; step++) {
      var worker = engine.workers.get(random.nextInt(engine.workers.size()));
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          var calls = random.nextInt(1, 6);
          submit("j" + step + "-", random.nextInt(-2, 3), calls);
          expected += calls;
        }
        case 2 -> {
          if (random.nextInt(10) == 0) {
            engine.workers.remove(worker);
            worker.begin();
            worker.die();
            engine.workers.getLast().listener.ready();
          }
        }
        default -> worker.run();
      }
    }
    runAll();
    assertThat(ended).as("seed=%d", seed).hasSize(expected).doesNotHaveDuplicates();
  }
}
