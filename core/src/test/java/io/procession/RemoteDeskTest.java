package io.procession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.function.RemoteCallable;
import io.procession.internal.codec.StandardCodec;
import io.procession.internal.engine.HeapMessage;
import io.procession.internal.os.Platform;
import io.procession.shared.SharedQueue;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A desk whose owner is the test. */
class RemoteDeskTest {

  private final SharedQueue<PoolMessage.Request> requests = SharedQueue.create();
  private final RemoteDesk desk = new RemoteDesk("p", 1, Platform.current().self(), requests);

  @SuppressWarnings("NullAway") // the pool goes no further, so its passport needs no office
  private final Pool pool = WorkerPool.of(desk, Passport.issue("p", 1, null));

  private final SharedQueue<PoolMessage.Reply> replies = next(PoolMessage.Join.class).replies();

  @AfterEach
  void end() {
    if (!replies.isClosed()) {
      try {
        replies.shutdown();
      } catch (IllegalStateException _) {
        // The desk has just closed it.
      }
    }
    requests.close();
  }

  private <T extends PoolMessage.Request> T next(Class<T> type) {
    try {
      return type.cast(requests.take());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] encoded(Object value) {
    try (var message = new HeapMessage()) {
      new StandardCodec().write(value, message);
      return message.toBytes();
    }
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"}) // as a reply that this process cannot read
  void aReplyThatCannotBeReadEndsWhatIsOpen() {
    var task = pool.submit((RemoteCallable<Integer>) () -> 1);
    var other = CompletableFuture.supplyAsync(() -> pool.isTerminated());
    next(PoolMessage.Submit.class);
    next(PoolMessage.Ask.class);

    ((SharedQueue) replies).add("no reply");

    assertThatThrownBy(() -> task.get(1, TimeUnit.MINUTES))
        .hasCauseInstanceOf(PoolBrokenException.class)
        .hasRootCauseInstanceOf(ClassCastException.class);
    assertThat(other.join()).isTrue();
    assertThatThrownBy(() -> pool.submit((RemoteCallable<Integer>) () -> 1))
        .isInstanceOf(RejectedExecutionException.class)
        .hasRootCauseInstanceOf(ClassCastException.class);
    next(PoolMessage.Drop.class);
  }

  @Test
  void aMapThatHasFinishedDoesNotMindThatTheOwnerEnds() {
    var owner =
        CompletableFuture.runAsync(() -> {
          next(PoolMessage.Function.class);
          var submit = next(PoolMessage.Submit.class);
          requests.shutdown();
          replies.add(new PoolMessage.Ended(submit.sequence(), 0, 7, false, encoded(2), "w", 1));
        });
    assertThat(pool.map(n -> n + 1, List.of(1))).containsExactly(2);
    owner.join();
    replies.add(new PoolMessage.Over());
  }

  @Test
  void aTaskHasTheNumberThatTheOwnerGaveIt() throws Exception {
    var task = pool.submit((RemoteCallable<Integer>) () -> 1);
    var other = pool.submit((RemoteCallable<Integer>) () -> 1);
    var first = next(PoolMessage.Submit.class);
    var second = next(PoolMessage.Submit.class);
    assertThat(task.id()).isZero();
    replies.add(new PoolMessage.Ended(second.sequence(), 0, 41, false, encoded(2), "w", 1));
    var why = NestedJob.encoded(new IllegalStateException("no"));
    replies.add(new PoolMessage.Failed(first.sequence(), 0, 40, why));
    assertThat(other.get(1, TimeUnit.MINUTES)).isEqualTo(2);
    assertThatThrownBy(() -> task.get(1, TimeUnit.MINUTES))
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThat(task.id()).isEqualTo(40);
    assertThat(other.id()).isEqualTo(41);
    replies.add(new PoolMessage.Over());
  }

  @Test
  void nothingIsLeftToCancelOnceTheOwnerHasEnded() {
    var task = pool.submit((RemoteCallable<Integer>) () -> 1);
    requests.shutdown();
    assertThat(task.cancel(true)).isTrue();
    assertThat(task).isCancelled();
    replies.add(new PoolMessage.Over());
  }

  @Test
  void anOwnerThatDoesNotAnswerMakesNobodyWaitLongerThanAsked() throws Exception {
    assertThat(pool.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(next(PoolMessage.Ask.class).question())
        .isEqualTo(PoolMessage.Question.AWAIT_TERMINATION);
    replies.add(new PoolMessage.Over());
  }

  @Test
  void aQuestionThatCannotBeAnsweredFails() {
    var owner =
        CompletableFuture.runAsync(() -> {
          var ask = next(PoolMessage.Ask.class);
          var why = NestedJob.encoded(new IllegalStateException("no answer"));
          replies.add(new PoolMessage.Unanswered(ask.number(), why));
        });
    assertThatThrownBy(pool::workers).isInstanceOf(IllegalStateException.class);
    owner.join();
    replies.add(new PoolMessage.Over());
  }
}
