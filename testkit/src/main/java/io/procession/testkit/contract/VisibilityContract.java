package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedDoubleArray;
import io.procession.shared.SharedIntArray;
import io.procession.shared.SharedLong;
import io.procession.shared.SharedLongArray;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What one process has written, and another one may see: when, in which order, and how whole. */
@SuppressWarnings("ThreadPriorityCheck") // who is waited for may need this processor
public abstract class VisibilityContract extends SharedContract {

  private static final int ROUNDS = 500;
  private static final int LENGTH = 64;
  private static final int LARGE = 100_000;
  private static final int SPINS = 1000;

  /** For subclasses. */
  protected VisibilityContract() {}

  /** How one side says something, and the other one hears it. */
  private enum Mode {
    VOLATILE {
      @Override
      void say(SharedLong word, long value) {
        word.set(value);
      }

      @Override
      long hear(SharedLong word) {
        return word.get();
      }
    },
    RELEASE_AND_ACQUIRE {
      @Override
      void say(SharedLong word, long value) {
        word.setRelease(value);
      }

      @Override
      long hear(SharedLong word) {
        return word.getAcquire();
      }
    },
    LAZY {
      @Override
      void say(SharedLong word, long value) {
        word.lazySet(value);
      }

      @Override
      long hear(SharedLong word) {
        return word.longValue();
      }
    };

    abstract void say(SharedLong word, long value);

    abstract long hear(SharedLong word);

    void await(SharedLong word, long value) {
      var start = System.nanoTime();
      for (var spins = 0; hear(word) < value; spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else if (System.nanoTime() - start < LONG.toNanos()) {
          Thread.yield();
        } else {
          throw new AssertionError("nothing is heard; mode=%s value=%d".formatted(this, value));
        }
      }
    }
  }

  /** Writes plainly, and says so. */
  private static boolean write(
      Mode mode, SharedLongArray longs, SharedIntArray ints, SharedLong said, SharedLong seen) {
    var all = new long[LENGTH];
    for (var round = 1; round <= ROUNDS; round++) {
      if (round % 2 == 0) {
        Arrays.fill(all, round);
        longs.copyFrom(all);
        ints.fill(round);
      } else {
        for (var i = 0; i < LENGTH; i++) {
          longs.setPlain(i, round);
          ints.setPlain(i, round);
        }
      }
      mode.say(said, round);
      mode.await(seen, round);
    }
    return true;
  }

  @Test
  void whatWasWrittenBeforeIsSeenAfter() throws Exception {
    for (var mode : Mode.values()) {
      try (var party = party();
          var longs = SharedLongArray.create(LENGTH);
          var ints = SharedIntArray.create(LENGTH);
          var said = SharedLong.create(0);
          var seen = SharedLong.create(0)) {
        var there = party.begin(() -> write(mode, longs, ints, said, seen));
        for (var round = 1; round <= ROUNDS; round++) {
          mode.await(said, round);
          for (var i = 0; i < LENGTH; i++) {
            assertThat(longs.getPlain(i) == round && ints.getPlain(i) == round)
                .as("%s, round %d, element %d", mode, round, i)
                .isTrue();
          }
          mode.say(seen, round);
        }
        assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  /** Raises its own flag and looks at the other one, at about the same time as the other side. */
  private static BitSet meet(SharedLong arrived, SharedIntArray own, SharedIntArray other) {
    var seen = new BitSet();
    for (var round = 0; round < ROUNDS; round++) {
      arrived.incrementAndGet();
      Mode.VOLATILE.await(arrived, 2L * (round + 1));
      own.set(round, 1);
      seen.set(round, other.get(round) == 1);
    }
    return seen;
  }

  @Test
  void ofTwoWhoWriteAndThenLookOneSeesTheOther() throws Exception {
    try (var party = party();
        var arrived = SharedLong.create(0);
        var left = SharedIntArray.create(ROUNDS);
        var right = SharedIntArray.create(ROUNDS)) {
      var there = party.begin(() -> meet(arrived, right, left));
      var seen = meet(arrived, left, right);
      seen.or(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS));
      assertThat(seen.nextClearBit(0)).as("the first round in which nobody saw").isEqualTo(ROUNDS);
    }
  }

  /** Its two halves are the same. */
  private static long doubled(int number) {
    return number * 0x1_0000_0001L;
  }

  private static boolean isWhole(long value) {
    return (int) (value >>> Integer.SIZE) == (int) value;
  }

  private static boolean writeWhole(
      SharedLongArray longs, SharedDoubleArray doubles, SharedLong over) {
    var all = new long[longs.length()];
    var allDoubles = new double[doubles.length()];
    for (var round = 1; round <= ROUNDS; round++) {
      var value = doubled(round);
      Arrays.fill(all, value);
      Arrays.fill(allDoubles, Double.longBitsToDouble(value));
      longs.copyFrom(all);
      doubles.copyFrom(allDoubles);
      longs.fill(0, longs.length() / 2, doubled(ROUNDS + round));
      doubles.setOpaque(0, Double.longBitsToDouble(doubled(round + 1)));
      longs.setPlain(1, value);
    }
    over.set(1);
    return true;
  }

  @Test
  void noElementIsSeenInPart() throws Exception {
    try (var party = party();
        var longs = SharedLongArray.create(1000);
        var doubles = SharedDoubleArray.create(1000);
        var over = SharedLong.create(0)) {
      var there = party.begin(() -> writeWhole(longs, doubles, over));
      var looks = 0;
      do {
        assertThat(longs.stream().allMatch(VisibilityContract::isWhole)).isTrue();
        assertThat(Arrays.stream(longs.toArray()).allMatch(VisibilityContract::isWhole)).isTrue();
        var bits = Arrays.stream(doubles.toArray()).mapToLong(Double::doubleToRawLongBits);
        assertThat(bits.allMatch(VisibilityContract::isWhole)).isTrue();
        assertThat(isWhole(longs.getOpaque(0)) && isWhole(longs.getPlain(1))).isTrue();
        looks++;
      } while (over.get() == 0);
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(looks).isPositive();
    }
  }

  /** Gives how often another value was there than the one that was written. */
  private static int writeEvery(int step, int first, SharedIntArray ints) {
    var strange = 0;
    for (var round = 1; round <= ROUNDS; round++) {
      for (var i = first; i < ints.length(); i += step) {
        strange += round == 1 || ints.getPlain(i) == round - 1 ? 0 : 1;
        ints.setPlain(i, round);
      }
    }
    return strange;
  }

  @Test
  void neighboursDoNotDisturbEachOther() throws Exception {
    try (var party = party();
        var ints = SharedIntArray.create(301)) {
      var there = party.begin(() -> writeEvery(2, 1, ints));
      assertThat(writeEvery(2, 0, ints)).isZero();
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isZero();
      assertThat(ints.toArray()).containsOnly(ROUNDS);
    }
  }

  @Test
  void whatIsCopiedInHereIsCopiedOutThere() throws Exception {
    try (var party = party();
        var ints = SharedIntArray.create(LARGE);
        var longs = SharedLongArray.create(LARGE);
        var doubles = SharedDoubleArray.create(LARGE)) {
      var someInts = new int[LARGE];
      var someLongs = new long[LARGE];
      var someDoubles = new double[LARGE];
      Arrays.setAll(someInts, i -> i * 31);
      Arrays.setAll(someLongs, i -> i * 0x1_0000_0001L);
      Arrays.setAll(someDoubles, i -> 1.0 / i);
      ints.copyFrom(someInts);
      longs.copyFrom(someLongs);
      doubles.copyFrom(someDoubles);
      assertThat(party.call(() -> ints.toArray())).isEqualTo(someInts);
      assertThat(party.call(() -> longs.stream().toArray())).isEqualTo(someLongs);
      assertThat(party.call(() -> inner(doubles)))
          .isEqualTo(Arrays.copyOfRange(someDoubles, 10, LARGE - 10));
      party.call(() -> {
        longs.copyFrom(new long[] {1, 2, 3}, 1, LARGE - 2, 2);
        ints.asSegment().setAtIndex(ValueLayout.JAVA_INT, 7, 8);
        doubles.fill(0, 3, 5);
        return true;
      });
      assertThat(longs.get(LARGE - 1)).isEqualTo(3);
      assertThat(ints.get(7)).isEqualTo(8);
      assertThat(doubles.stream().limit(4)).containsExactly(5.0, 5.0, 5.0, someDoubles[3]);
    }
  }

  private static double[] inner(SharedDoubleArray doubles) {
    var inner = new double[doubles.length() - 20];
    doubles.copyTo(10, inner, 0, inner.length);
    return inner;
  }
}
