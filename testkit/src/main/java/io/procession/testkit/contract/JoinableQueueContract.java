package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.QueueClosedException;
import io.procession.UnreadableElementException;
import io.procession.shared.JoinableQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a {@link JoinableQueue} promises beyond a queue, as long as nobody dies. */
@SuppressWarnings("try") // what happens after close() is what is tested
public abstract class JoinableQueueContract extends SharedContract {

  private static final int MANY = 1000;

  /** For subclasses. */
  protected JoinableQueueContract() {}

  private static long work(JoinableQueue<Integer> jobs) throws InterruptedException {
    var sum = 0L;
    try {
      while (true) {
        sum += jobs.take();
        jobs.taskDone();
      }
    } catch (QueueClosedException _) {
      return sum;
    }
  }

  private static int take(JoinableQueue<Integer> jobs, int count) throws InterruptedException {
    var last = 0;
    for (var i = 0; i < count; i++) {
      last = jobs.take();
    }
    return last;
  }

  private static long done(JoinableQueue<?> jobs) {
    jobs.taskDone();
    return jobs.unfinished();
  }

  private static boolean join(JoinableQueue<?> jobs) throws InterruptedException {
    jobs.join();
    return true;
  }

  @Test
  void joinWaitsUntilAllIsDoneWith() throws Exception {
    try (var party = party();
        var jobs = JoinableQueue.<Integer>create()) {
      for (var round = 0; round < 10; round++) {
        for (var i = 0; i < 3; i++) {
          jobs.put(i);
        }
        var here = start(() -> join(jobs)).asleep();
        var virtual = startVirtual(() -> jobs.join(LONG)).asleep();
        assertThat(jobs.unfinished()).isEqualTo(3);
        assertThat(party.call(() -> take(jobs, 3))).isEqualTo(2);
        assertThat(jobs.size()).isZero();
        assertThat(jobs.join(SHORT)).isFalse();
        assertThat(party.call(() -> done(jobs))).isEqualTo(2);
        assertThat(party.call(() -> done(jobs))).isEqualTo(1);
        assertThat(jobs.join(SHORT)).isFalse();
        assertThat(here.isDone() || virtual.isDone()).isFalse();
        assertThat(party.call(() -> done(jobs))).isZero();
        assertThat(here.get() && virtual.get()).isTrue();
      }
    }
  }

  @Test
  void aPartyJoinsWhatIsDoneHere() throws Exception {
    try (var party = party();
        var jobs = JoinableQueue.<Integer>create()) {
      jobs.put(1);
      assertThat(party.call(() -> jobs.join(SHORT))).isFalse();
      var there = party.begin(() -> join(jobs));
      take(jobs, 1);
      done(jobs);
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whereNothingIsToDoJoinDoesNotWait() throws Exception {
    try (var jobs = JoinableQueue.<Integer>create()) {
      jobs.join();
      assertThat(jobs.join(Duration.ZERO)).isTrue();
      assertThat(jobs.join(Duration.ofSeconds(-1))).isTrue();
      jobs.put(1);
      assertThat(jobs.join(Duration.ZERO)).isFalse();
      assertThat(jobs.join(Duration.ofSeconds(-1))).isFalse();
      take(jobs, 1);
      assertThat(jobs.join(Duration.ZERO)).isFalse();
      done(jobs);
      assertThat(jobs.join(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
    }
  }

  @Test
  void manyWorkAndAllIsDone() throws Exception {
    try (var party = party();
        var another = party();
        var jobs = JoinableQueue.<Integer>bounded(20)) {
      var there = party.begin(() -> work(jobs));
      var elsewhere = another.begin(() -> work(jobs));
      var here = startVirtual(() -> work(jobs));
      for (var i = 0; i < MANY; i++) {
        jobs.put(i);
      }
      jobs.join();
      assertThat(jobs.unfinished()).isZero();
      jobs.shutdown();
      var sum = here.get();
      sum += there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS);
      sum += elsewhere.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(sum).isEqualTo(MANY * (MANY - 1L) / 2);
    }
  }

  @Test
  void whoHasTakenNothingHasDoneNothing() throws Exception {
    try (var party = party();
        var jobs = JoinableQueue.<Integer>create()) {
      jobs.put(1);
      assertThatThrownBy(jobs::taskDone)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("queue=");
      take(jobs, 1);
      assertThatThrownBy(() -> party.call(() -> done(jobs)))
          .isInstanceOf(IllegalStateException.class);
      assertThat(jobs.unfinished()).isEqualTo(1);
      assertThat(done(jobs)).isZero();
      assertThatThrownBy(jobs::taskDone).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void anyThreadOfAProcessSaysThatItIsDone() throws Exception {
    try (var jobs = JoinableQueue.<Integer>create()) {
      jobs.put(1);
      jobs.put(2);
      take(jobs, 1);
      assertThat(start(() -> take(jobs, 1) + done(jobs)).get()).isEqualTo(2 + 1);
      assertThat(startVirtual(() -> done(jobs)).get()).isZero();
      jobs.join();
    }
  }

  @Test
  void aLeaseIsDoneByItself() throws Exception {
    try (var party = party();
        var jobs = JoinableQueue.<Integer>create()) {
      var waiter = start(() -> jobs.lease().value()).asleep();
      party.call(() -> jobs.offer(7));
      assertThat(waiter.get()).isEqualTo(7);
      assertThat(jobs.lease(SHORT)).isNull();
      party.call(() -> jobs.offer(8));
      var lease = LeaseContract.lease(jobs);
      assertThat(lease.value()).isEqualTo(8);
      assertThat(lease.isRedelivered()).isFalse();
      assertThatThrownBy(jobs::taskDone).isInstanceOf(IllegalStateException.class);
      assertThat(jobs.unfinished()).isEqualTo(2);
      lease.done();
      assertThat(jobs.unfinished()).isEqualTo(1);
      assertThatThrownBy(lease::done).isInstanceOf(IllegalStateException.class);
      assertThat(jobs.unfinished()).isEqualTo(1);
    }
  }

  @Test
  void whatIsTakenLeavesRoom() throws Exception {
    try (var party = party();
        var jobs = JoinableQueue.<Integer>bounded(1)) {
      jobs.put(1);
      assertThat(jobs.offer(2)).isFalse();
      var putter = start(() -> jobs.offer(2, LONG)).asleep();
      party.call(() -> take(jobs, 1));
      assertThat(putter.get()).isTrue();
      assertThat(jobs.unfinished()).isEqualTo(2);
      assertThat(jobs.remainingCapacity()).isZero();
    }
  }

  @Test
  void whatIsRemovedOtherwiseIsDoneWith() throws Exception {
    try (var party = party();
        var jobs = JoinableQueue.<Integer>create()) {
      for (var i = 0; i < 5; i++) {
        jobs.put(i);
      }
      assertThat(party.call(() -> jobs.remove((Object) 1))).isTrue();
      assertThat(party.call(() -> jobs.removeIf(i -> i == 3))).isTrue();
      assertThat(jobs.unfinished()).isEqualTo(3);
      var waiter = start(() -> join(jobs)).asleep();
      party.call(() -> {
        jobs.clear();
        return true;
      });
      assertThat(waiter.get()).isTrue();
      jobs.put(6);
      var drained = new ArrayList<Integer>();
      assertThat(jobs.drainTo(drained)).isEqualTo(1);
      assertThat(jobs.unfinished()).as("it was taken, and nobody said more").isEqualTo(1);
      assertThat(done(jobs)).isZero();
    }
  }

  @Test
  void whatCannotBeMadeHereIsDoneWith() throws Exception {
    try (var party = party();
        var jobs = JoinableQueue.<Object>create()) {
      party.call(() -> jobs.offer(new QueueContract.Unreadable()));
      assertThatThrownBy(jobs::take).isInstanceOf(UnreadableElementException.class);
      jobs.join();
      assertThatThrownBy(jobs::taskDone).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void anInterruptEndsTheJoining() throws Exception {
    try (var jobs = JoinableQueue.<Integer>create()) {
      jobs.put(1);
      var here = start(() -> join(jobs));
      here.asleep().thread.interrupt();
      assertThatThrownBy(here::get).hasCauseInstanceOf(InterruptedException.class);
      var virtual = startVirtual(() -> jobs.join(LONG));
      virtual.asleep().thread.interrupt();
      assertThatThrownBy(virtual::get).hasCauseInstanceOf(InterruptedException.class);
      Thread.currentThread().interrupt();
      assertThatThrownBy(jobs::lease).isInstanceOf(InterruptedException.class);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      assertThat(jobs.unfinished()).isEqualTo(1);
      assertThat(jobs.size()).isEqualTo(1);
    }
  }

  @Test
  void whenItIsShutDownTheRestIsStillDone() throws Exception {
    try (var party = party();
        var jobs = JoinableQueue.<Integer>create()) {
      jobs.put(1);
      jobs.put(2);
      var joiner = start(() -> join(jobs)).asleep();
      party.call(() -> {
        jobs.shutdown();
        return take(jobs, 1);
      });
      assertThatThrownBy(() -> jobs.put(3)).isInstanceOf(QueueClosedException.class);
      var lease = jobs.lease();
      assertThatThrownBy(jobs::lease).isInstanceOf(QueueClosedException.class);
      assertThat(joiner.isDone()).isFalse();
      lease.done();
      assertThat(party.call(() -> done(jobs))).isZero();
      assertThat(joiner.get()).isTrue();
    }
  }

  @Test
  void closingEndsTheJoiningHere() throws Exception {
    try (var party = party();
        var jobs = JoinableQueue.<Integer>create()) {
      jobs.put(1);
      var there = party.begin(() -> take(jobs, 1) + done(jobs));
      there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS);
      jobs.put(2);
      var lease = jobs.lease();
      var joiner = start(() -> join(jobs)).asleep();
      jobs.close();
      assertThatThrownBy(joiner::get).hasCauseInstanceOf(IllegalStateException.class);
      assertThatThrownBy(jobs::taskDone).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(lease::done).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(jobs::unfinished).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(jobs::join).isInstanceOf(IllegalStateException.class);
    }
  }
}
