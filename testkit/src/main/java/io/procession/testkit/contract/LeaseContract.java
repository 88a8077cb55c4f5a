package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.Connection;
import io.procession.shared.JoinableQueue;
import io.procession.shared.Lease;
import io.procession.testkit.Await;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a {@link JoinableQueue} promises of elements whose takers die. */
public abstract class LeaseContract extends SharedContract {

  /** For subclasses. */
  protected LeaseContract() {}

  /** An element, which comes soon. */
  static <E> Lease<E> lease(JoinableQueue<E> jobs) throws InterruptedException {
    return Objects.requireNonNull(jobs.lease(LONG), "no element came");
  }

  private static boolean take(JoinableQueue<Integer> jobs, int count) throws InterruptedException {
    for (var i = 0; i < count; i++) {
      var _ = jobs.take();
    }
    return true;
  }

  private static boolean done(JoinableQueue<?> jobs) {
    jobs.taskDone();
    return true;
  }

  /** Somebody takes so many, and dies. */
  private void takeAndDie(JoinableQueue<Integer> jobs, int count) throws Exception {
    try (var party = party()) {
      party.call(() -> take(jobs, count));
      party.kill();
    }
  }

  @Test
  void whatTheDeadTookComesBackFirstAndMarked() throws Exception {
    try (var jobs = JoinableQueue.<Integer>create()) {
      for (var i = 0; i < 4; i++) {
        jobs.put(i);
      }
      try (var party = party()) {
        party.call(() -> take(jobs, 3) && done(jobs));
        party.kill();
        for (var number = 1; number <= 2; number++) {
          var again = lease(jobs);
          // Before its death is seen, what was behind is first.
          if (!again.isRedelivered()) {
            assertThat(again.value()).isEqualTo(3);
            again.done();
            again = lease(jobs);
          }
          assertThat(again.value()).isEqualTo(number);
          assertThat(again.isRedelivered()).isTrue();
          again.done();
        }
      }
      while (jobs.poll() != null) {
        jobs.taskDone();
      }
      jobs.join();
      assertThat(jobs.unfinished()).isZero();
    }
  }

  @Test
  void whoWaitsGetsWhatTheDeadHad() throws Exception {
    try (var party = party();
        var jobs = JoinableQueue.<Integer>create()) {
      for (var i = 0; i < 3; i++) {
        jobs.put(i);
      }
      party.call(() -> take(jobs, 3));
      var leasing = start(() -> jobs.lease().isRedelivered()).asleep();
      var taking = startVirtual(() -> jobs.take()).asleep();
      var polling = start(() -> jobs.poll(LONG)).asleep();
      party.kill();
      assertThat(leasing.get()).isTrue();
      assertThat(taking.get()).isBetween(0, 2);
      assertThat(polling.get()).isBetween(0, 2).isNotEqualTo(taking.get());
      assertThat(jobs.unfinished()).isEqualTo(3);
    }
  }

  @Test
  void someoneElseGetsWhatTheDeadHad() throws Exception {
    try (var party = party();
        var another = party();
        var jobs = JoinableQueue.<Integer>create()) {
      jobs.put(5);
      party.call(() -> take(jobs, 1));
      var there =
          another.begin(() -> {
            var lease = lease(jobs);
            lease.done();
            return lease.isRedelivered() ? lease.value() : -1;
          });
      party.kill();
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(5);
      assertThat(jobs.join(LONG)).isTrue();
    }
  }

  @Test
  void whatTwoDiedOfIsGivenUpAndWhoJoinsGoesOn() throws Exception {
    try (var jobs = JoinableQueue.<Integer>create()) {
      jobs.put(1);
      takeAndDie(jobs, 1);
      try (var second = party()) {
        second.call(() -> take(jobs, 1));
        var here = start(() -> jobs.join(LONG)).asleep();
        var virtual = startVirtual(() -> jobs.join(LONG)).asleep();
        assertThat(here.isDone() || virtual.isDone()).isFalse();
        second.kill();
        // Though nobody takes any more.
        assertThat(here.get()).isTrue();
        assertThat(virtual.get()).isTrue();
      }
      assertThat(jobs.poll()).isNull();
      assertThat(jobs.unfinished()).isZero();
    }
  }

  @Test
  void whatOneDiedOfIsNotDoneWithUntilAnotherHasDoneIt() throws Exception {
    try (var party = party();
        var another = party();
        var jobs = JoinableQueue.<Integer>create()) {
      jobs.put(1);
      party.call(() -> take(jobs, 1));
      var joiner = start(() -> jobs.join(LONG)).asleep();
      party.kill();
      another.call(() -> take(jobs, 1));
      assertThat(joiner.isDone()).isFalse();
      assertThat(jobs.join(SHORT)).isFalse();
      another.call(() -> done(jobs));
      assertThat(joiner.get()).isTrue();
    }
  }

  @Test
  void whatWasDoneBeforeTheDeathStaysDone() throws Exception {
    try (var jobs = JoinableQueue.<Integer>create()) {
      jobs.put(1);
      jobs.put(2);
      try (var party = party()) {
        party.call(() -> take(jobs, 1) && done(jobs));
        party.kill();
      }
      assertThat(jobs.take()).isEqualTo(2);
      jobs.taskDone();
      assertThat(jobs.join(LONG)).isTrue();
      assertThat(jobs.poll(SHORT)).isNull();
    }
  }

  @Test
  void whatComesBackCanBeWaitedForWithOtherThings() throws Exception {
    try (var party = party();
        var jobs = JoinableQueue.<Integer>create();
        var other = JoinableQueue.<Integer>create()) {
      jobs.put(1);
      party.call(() -> take(jobs, 1));
      assertThat(jobs.isReady()).isFalse();
      var waiter = start(() -> Connection.awaitAny(LONG, List.of(other, jobs))).asleep();
      party.kill();
      assertThat(waiter.get()).containsExactly(jobs);
      assertThat(jobs.isReady()).isTrue();
      assertThat(jobs.poll()).isEqualTo(1);
      assertThat(jobs.isReady()).isFalse();
    }
  }

  @Test
  void whatTheLivingHaveIsNobodyElses() throws Exception {
    try (var party = party();
        var jobs = JoinableQueue.<Integer>create()) {
      jobs.put(1);
      party.call(() -> take(jobs, 1));
      assertThat(jobs.lease(SHORT)).isNull();
      assertThat(jobs.poll(SHORT)).isNull();
      assertThatThrownBy(jobs::taskDone).isInstanceOf(IllegalStateException.class);
      party.call(() -> done(jobs));
      assertThat(jobs.join(LONG)).isTrue();
    }
  }

  /** Work that is done in two calls, between which nothing there refers to the queue. */
  @Test
  void whatWasTakenIsRememberedThoughTheQueueIsNot() throws Exception {
    try (var party = party();
        var jobs = JoinableQueue.<Integer>create()) {
      jobs.put(1);
      party.call(() -> take(jobs, 1));
      party.call(() -> collectGarbage());
      party.call(() -> done(jobs));
      assertThat(jobs.join(LONG)).isTrue();
      party.call(() -> collectGarbage());
      jobs.put(2);
      assertThat(party.call(() -> take(jobs, 1) && done(jobs))).isTrue();
    }
  }

  private static boolean collectGarbage() throws InterruptedException {
    for (var round = 0; round < 3; round++) {
      var garbage = new WeakReference<>(new Object());
      Await.until(
          () -> {
            System.gc();
            return garbage.get() == null;
          },
          "garbage is collected");
    }
    return true;
  }
}
