package io.procession.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The layouts of the synchronizers: words are aligned, and hot ones two cache lines apart. */
class SynchronizerLayoutTest {

  private static final long TABLE = FamilyLayout.SLOTS * (long) Long.BYTES;

  /** For each layout its size, and what others may write while the one before is hot. */
  static Stream<Arguments> layouts() {
    return Stream.of(
        Arguments.of("lock", LockLayout.BYTES, new long[] {LockLayout.OWNER, LockLayout.WAITERS}),
        Arguments.of(
            "fair lock",
            LockLayout.FAIR_BYTES,
            new long[] {
              LockLayout.OWNER, LockLayout.WAITERS, LockLayout.LAST_TICKET, LockLayout.TICKETS
            }),
        Arguments.of(
            "condition",
            ConditionLayout.BYTES,
            new long[] {
              ConditionLayout.LAST_SIGNALLED,
              ConditionLayout.WAITERS,
              ConditionLayout.WAITING,
              ConditionLayout.SIGNALLED
            }),
        Arguments.of(
            "semaphore",
            SemaphoreLayout.BYTES,
            new long[] {
              SemaphoreLayout.MUTEX,
              SemaphoreLayout.TOTAL,
              SemaphoreLayout.WAITERS,
              SemaphoreLayout.TAKEN
            }),
        Arguments.of(
            "event", EventLayout.BYTES, new long[] {EventLayout.STATE, EventLayout.WAITERS}),
        Arguments.of(
            "latch", LatchLayout.BYTES, new long[] {LatchLayout.COUNT, LatchLayout.WAITERS}),
        Arguments.of(
            "read-write lock",
            ReadWriteLockLayout.BYTES,
            new long[] {
              ReadWriteLockLayout.MUTEX,
              ReadWriteLockLayout.WRITER,
              ReadWriteLockLayout.READERS_WAIT,
              ReadWriteLockLayout.WRITERS_WAIT,
              ReadWriteLockLayout.READERS,
              ReadWriteLockLayout.WAITING_WRITERS
            }),
        Arguments.of(
            "barrier",
            BarrierLayout.ACTION,
            new long[] {
              BarrierLayout.MUTEX,
              BarrierLayout.GENERATION,
              BarrierLayout.WAITERS,
              BarrierLayout.BROKEN,
              BarrierLayout.ARRIVED,
              BarrierLayout.ARRIVED_IN
            }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layouts")
  void hotWordsLieTwoCacheLinesApartAndInside(String name, long bytes, long[] hot) {
    assertThat(hot).as(name).isSorted().doesNotHaveDuplicates();
    assertThat(LongStream.of(hot)).as(name).allMatch(offset -> offset % 128 == 0);
    assertThat(hot[hot.length - 1]).isLessThanOrEqualTo(bytes - Long.BYTES);
    assertThat(bytes % Long.BYTES).isZero();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void tablesHaveRoomForEverySlot(long offset, long next) {
    assertThat(next - offset).isGreaterThanOrEqualTo(TABLE);
  }

  static Stream<Arguments> tables() {
    return Stream.of(
        Arguments.of(LockLayout.TICKETS, LockLayout.FAIR_BYTES),
        Arguments.of(ConditionLayout.WAITING, ConditionLayout.SIGNALLED),
        Arguments.of(ConditionLayout.SIGNALLED, ConditionLayout.BYTES),
        Arguments.of(SemaphoreLayout.TAKEN, SemaphoreLayout.BYTES),
        Arguments.of(ReadWriteLockLayout.READERS, ReadWriteLockLayout.WAITING_WRITERS),
        Arguments.of(ReadWriteLockLayout.WAITING_WRITERS, ReadWriteLockLayout.BYTES),
        Arguments.of(BarrierLayout.ARRIVED, BarrierLayout.ARRIVED_IN),
        Arguments.of(BarrierLayout.ARRIVED_IN, BarrierLayout.ACTION));
  }

  @ParameterizedTest
  @MethodSource("plainWords")
  void wordsAreAlignedAndDoNotOverlap(long[] offsets) {
    assertThat(offsets).isSorted().doesNotHaveDuplicates();
    assertThat(LongStream.of(offsets)).allMatch(offset -> offset % Integer.BYTES == 0);
  }

  static Stream<Arguments> plainWords() {
    return Stream.of(
        Arguments.of((Object) new long[] {LockLayout.OWNER, LockLayout.INHERITED, LockLayout.FAIR}),
        Arguments.of((Object) new long[] {SemaphoreLayout.TOTAL, SemaphoreLayout.BOUND}),
        Arguments.of(
            (Object) new long[] {ReadWriteLockLayout.WRITER, ReadWriteLockLayout.INHERITED}),
        Arguments.of(
            (Object)
                new long[] {
                  BarrierLayout.GENERATION,
                  BarrierLayout.RUNNER,
                  BarrierLayout.PARTIES,
                  BarrierLayout.ACTION_BYTES
                }));
  }
}
