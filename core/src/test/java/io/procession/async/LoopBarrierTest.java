package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** After the barriers in CPython's test_locks. */
class LoopBarrierTest {

  private static List<LoopTask<Integer>> arrive(EventLoop loop, LoopBarrier barrier, int count) {
    var tasks = Stream.generate(() -> loop.createTask(() -> barrier.await())).limit(count).toList();
    loop.sleep(Duration.ZERO);
    return tasks;
  }

  private static void assertBroken(EventLoop loop, List<LoopTask<Integer>> tasks) {
    loop.gatherAll(tasks);
    assertThat(tasks)
        .allSatisfy(
            task -> assertThat(task.exception()).isInstanceOf(BrokenBarrierException.class));
  }

  @Test
  void allGoOnWhenTheLastHasComeAgainAndAgain() throws Exception {
    EventLoop.execute(loop -> {
      var barrier = LoopBarrier.create(3);
      for (var round = 0; round < 100; round++) {
        var tasks = arrive(loop, barrier, 2);
        assertThat(barrier.getNumberWaiting()).isEqualTo(2);
        assertThat(tasks).noneMatch(LoopTask::isDone);
        assertThat(barrier.await()).as("the last").isZero();
        assertThat(loop.gather(tasks)).containsExactly(2, 1);
        assertThat(barrier.getNumberWaiting()).isZero();
      }
      assertThat(barrier.getParties()).isEqualTo(3);
    });
  }

  @Test
  void whoeverComesOnceMoreIsOfTheNextRound() {
    EventLoop.execute(loop -> {
      var barrier = LoopBarrier.create(2);
      var log = new ArrayList<String>();
      var tasks =
          IntStream.range(0, 2)
              .mapToObj(party ->
                  loop.createTask(() -> {
                    for (var round = 0; round < 5; round++) {
                      log.add("round " + round);
                      barrier.await();
                    }
                  }))
              .toList();
      loop.gather(tasks);
      assertThat(log).isSorted().hasSize(10);
    });
  }

  @Test
  void aBarrierOfOneHoldsNobodyUp() throws Exception {
    EventLoop.execute(loop -> assertThat(LoopBarrier.create(1).await()).isZero());
    EventLoop.execute(loop ->
        assertThatThrownBy(() -> LoopBarrier.create(0))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageEndingWith("parties=0"));
  }

  @Test
  void aCancelledPartyLeavesTheOthersWaiting() throws Exception {
    EventLoop.execute(loop -> {
      var barrier = LoopBarrier.create(3);
      var tasks = arrive(loop, barrier, 2);
      tasks.get(0).cancel();
      assertThat(barrier.getNumberWaiting()).as("before it had its turn").isEqualTo(1);
      var more = arrive(loop, barrier, 1);
      assertThat(tasks.get(0).isCancelled()).isTrue();
      assertThat(more.get(0).isDone()).isFalse();
      assertThat(barrier.isBroken()).isFalse();
      assertThat(barrier.await()).isZero();
      assertThat(tasks.get(1).await()).isEqualTo(2);
      assertThat(more.get(0).await()).isEqualTo(1);
    });
  }

  @Test
  void breakingItTellsAllWhoWaitAndCome() throws Exception {
    EventLoop.execute(loop -> {
      var barrier = LoopBarrier.create(3);
      var tasks = arrive(loop, barrier, 2);
      barrier.breakBarrier();
      assertThat(barrier.isBroken()).isTrue();
      assertBroken(loop, tasks);
      assertBroken(loop, arrive(loop, barrier, 1));
      assertThatThrownBy(() -> loop.createTask(() -> barrier.await()).await())
          .isInstanceOf(CompletionException.class)
          .cause()
          .hasMessageEndingWith("parties=3");
      barrier.reset();
      assertThat(barrier.isBroken()).isFalse();
      var again = arrive(loop, barrier, 2);
      barrier.await();
      assertThat(loop.gather(again)).containsExactly(2, 1);
    });
  }

  @Test
  void aResetTellsThoseWhoWaitAndNobodyElse() throws Exception {
    EventLoop.execute(loop -> {
      var barrier = LoopBarrier.create(2);
      var tasks = arrive(loop, barrier, 1);
      barrier.reset();
      var next = arrive(loop, barrier, 1);
      assertBroken(loop, tasks);
      assertThat(barrier.toString()).isEqualTo("LoopBarrier[parties=2, waiting=1]");
      assertThat(barrier.await()).isZero();
      assertThat(next.get(0).await()).isEqualTo(1);
    });
  }

  @Test
  void whoWasLetGoKeepsThatWhenTheBarrierBreaksAfterwards() throws Exception {
    EventLoop.execute(loop -> {
      var barrier = LoopBarrier.create(2);
      var tasks = arrive(loop, barrier, 1);
      barrier.await();
      barrier.breakBarrier();
      assertThat(tasks.get(0).await()).isEqualTo(1);
    });
  }
}
