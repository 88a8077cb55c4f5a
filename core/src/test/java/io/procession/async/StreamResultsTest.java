package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Streams that are read beside the loop, as Python's {@code async for} reads a generator. */
class StreamResultsTest {

  private final AtomicInteger read = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();

  private Stream<Integer> numbers() {
    return Stream.generate(read::incrementAndGet).onClose(closed::incrementAndGet);
  }

  /** Its elements come when {@code gate} lets them. */
  private Stream<Integer> gated(CountDownLatch gate) {
    return numbers()
        .peek(_ -> {
          try {
            gate.await();
          } catch (InterruptedException e) {
            throw new CancellationException("interrupted");
          }
        });
  }

  @Test
  void anEndlessStreamIsReadAsFarAsItIsWanted() {
    EventLoop.execute(loop -> {
      var taken = new ArrayList<Integer>();
      for (int number : loop.results(numbers())) {
        taken.add(number);
        if (number == 5) {
          break;
        }
      }
      assertThat(taken).containsExactly(1, 2, 3, 4, 5);
      assertThat(read).hasValue(5);
      assertThat(closed).as("the task goes on").hasValue(0);
    });
    assertThat(closed).as("the task has ended").hasValue(1);
  }

  @Test
  void otherTasksRunWhileAnElementIsAwaited() {
    EventLoop.execute(loop -> {
      var gate = new CountDownLatch(1);
      var opens = loop.createTask(gate::countDown);
      var iterator = loop.results(gated(gate)).iterator();
      assertThat(iterator.hasNext()).as("else nobody would open the gate").isTrue();
      assertThat(opens.isDone()).isTrue();
      assertThat(iterator.next()).isEqualTo(1);
      assertThat(iterator.next()).isEqualTo(2);
    });
  }

  @Test
  void atItsEndAStreamIsClosed() {
    EventLoop.execute(loop -> {
      var iterator = loop.results(Stream.of("a", "b").onClose(closed::incrementAndGet)).iterator();
      assertThat(iterator.next()).isEqualTo("a");
      assertThat(iterator.next()).isEqualTo("b");
      assertThat(closed).hasValue(0);
      assertThat(iterator.hasNext()).isFalse();
      assertThat(iterator.hasNext()).isFalse();
      assertThat(closed).hasValue(1);
      assertThatThrownBy(iterator::next)
          .isInstanceOf(NoSuchElementException.class)
          .hasMessageEndingWith("task=main");
    });
    assertThat(closed).hasValue(1);
  }

  @Test
  void anElementMayBeNull() {
    EventLoop.execute(loop -> {
      var elements = new ArrayList<>();
      loop.results(Stream.of("a", null, "b")).forEach(elements::add);
      assertThat(elements).containsExactly("a", null, "b");
    });
  }

  @Test
  void aFailureIsThrownInItsPlaceAndClosesTheStream() {
    EventLoop.execute(loop -> {
      var failure = new IllegalArgumentException("of the third");
      var stream =
          numbers()
              .map(number -> {
                if (number == 3) {
                  throw failure;
                }
                return number;
              })
              .onClose(() -> {
                throw new IllegalStateException("of closing");
              });
      var iterator = loop.results(stream).iterator();
      assertThat(iterator.next()).isEqualTo(1);
      assertThat(iterator.next()).isEqualTo(2);
      assertThatThrownBy(iterator::hasNext)
          .isSameAs(failure)
          .satisfies(thrown ->
              assertThat(thrown.getSuppressed())
                  .singleElement()
                  .extracting(Throwable::getMessage)
                  .isEqualTo("of closing"));
      assertThat(closed).hasValue(1);
      assertThat(iterator.hasNext()).isFalse();
    });
  }

  @Test
  void aStreamIsReadOnce() {
    EventLoop.execute(loop -> {
      var results = loop.results(numbers());
      assertThat(results.iterator().next()).isEqualTo(1);
      assertThatThrownBy(results::iterator).isInstanceOf(IllegalStateException.class);
    });
  }

  @Test
  void elsewhereItIsAClearError() {
    var iterators = new ArrayList<Iterator<Integer>>();
    EventLoop.execute(loop -> {
      var iterator = loop.results(numbers()).iterator();
      iterators.add(iterator);
      loop.toThread(() ->
              assertThatThrownBy(iterator::next)
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageStartingWith("EventLoop.results was called outside its event loop"))
          .await();
      assertThat(iterator.next()).as("that did no harm").isEqualTo(1);
    });
    assertThat(iterators.getFirst().hasNext()).as("its task has ended").isFalse();
  }

  @Test
  void aCancellationInterruptsWhoeverReadsAndClosesTheStream() {
    EventLoop.execute(loop -> {
      var task =
          loop.createTask(() -> {
            for (int number : loop.results(gated(new CountDownLatch(1)))) {
              throw new AssertionError("number=" + number);
            }
          });
      while (read.get() == 0) {
        loop.sleep(Duration.ZERO);
      }
      task.cancel("enough");
      loop.gatherAll(task);
      assertThatThrownBy(task::result)
          .isInstanceOf(CancellationException.class)
          .hasMessage("enough");
      assertThat(closed).hasValue(1);
    });
    assertThat(closed).hasValue(1);
  }

  @Test
  void aCancellationWaitsForWhoeverDoesNotListen() {
    EventLoop.execute(loop -> {
      var gate = new CountDownLatch(1);
      var isReading = new CountDownLatch(1);
      var stream =
          numbers()
              .peek(_ -> {
                isReading.countDown();
                while (gate.getCount() > 0) {
                  Thread.onSpinWait();
                }
              });
      var task = loop.createTask(() -> loop.results(stream).iterator().next());
      loop.toThread(() -> isReading.await()).await();
      task.cancel();
      task.cancel();
      loop.sleep(Duration.ofMillis(5));
      assertThat(task.isDone()).isFalse();
      assertThat(closed).as("never while somebody reads").hasValue(0);
      gate.countDown();
      loop.gatherAll(task);
      assertThat(task.isCancelled()).isTrue();
      assertThat(closed).hasValue(1);
    });
  }

  @Test
  void aTaskThatEndsBeforeItsStreamClosesIt() {
    EventLoop.execute(loop -> {
      var task = loop.createTask(() -> loop.results(numbers()).iterator().next());
      assertThat(task.await()).isEqualTo(1);
      loop.sleep(Duration.ZERO);
      assertThat(closed).hasValue(1);
    });
    assertThat(closed).hasValue(1);
  }

  @Test
  void aStreamOfATaskThatIsForgottenIsClosedThoughItsClosingFails() {
    EventLoop.execute(loop -> {
      var _ =
          loop.createTask(() -> {
            var failing =
                numbers()
                    .onClose(() -> {
                      throw new IllegalStateException("of closing: the other is closed as well");
                    });
            var _ = loop.results(failing).iterator().next();
            var _ = loop.results(numbers()).iterator().next();
            loop.sleep(Duration.ofHours(1));
          });
      while (read.get() < 2) {
        loop.sleep(Duration.ZERO);
      }
    });
    assertThat(closed).hasValue(2);
  }

  /** Whichever comes first, the element or the cancellation. */
  @RepeatedTest(5)
  void aCancellationAtAnyMomentClosesTheStreamOnce() {
    for (var turns = 0; turns < 100; turns++) {
      var turn = turns;
      read.set(0);
      closed.set(0);
      EventLoop.execute(loop -> {
        var task =
            loop.createTask(() -> {
              for (int number : loop.results(numbers())) {
                assertThat(number).isPositive();
              }
            });
        for (var i = 0; i < turn; i++) {
          loop.sleep(Duration.ZERO);
        }
        task.cancel();
        loop.gatherAll(task);
        assertThat(task.isCancelled()).isTrue();
        assertThat(closed).hasValue(turn == 0 ? 0 : 1);
      });
      assertThat(closed).hasValue(turn == 0 ? 0 : 1);
    }
  }
}
