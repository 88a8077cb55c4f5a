package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.SharedDoubleArray;
import io.procession.shared.SharedIntArray;
import io.procession.shared.SharedLong;
import io.procession.shared.SharedLongArray;
import io.procession.testkit.NoLeaks;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Much at once, out of bounds, and after the end. */
@NoLeaks
class ArrayCopyTest {

  @Test
  void elementsAreCopiedInAndOut() {
    try (var elsewhere = new Elsewhere();
        var ints = SharedIntArray.copyOf(new int[] {1, 2, 3, 4, 5});
        var longs = SharedLongArray.copyOf(new long[] {1, 2, 3, 4, 5});
        var doubles = SharedDoubleArray.copyOf(new double[] {1, 2, 3, 4, 5})) {
      ints.copyFrom(new int[] {7, 8, 9}, 1, 3, 2);
      longs.copyFrom(new long[] {7, 8, 9}, 1, 3, 2);
      doubles.copyFrom(new double[] {7, 8, 9}, 1, 3, 2);
      ints.fill(0, 2, -1);
      longs.fill(0, 2, -1);
      doubles.fill(0, 2, -1);

      assertThat(elsewhere.handle(ints).toArray()).containsExactly(-1, -1, 3, 8, 9);
      assertThat(elsewhere.handle(longs).toArray()).containsExactly(-1, -1, 3, 8, 9);
      assertThat(elsewhere.handle(doubles).toArray()).containsExactly(-1, -1, 3, 8, 9);
      var someInts = new int[3];
      var someLongs = new long[3];
      var someDoubles = new double[3];
      ints.copyTo(2, someInts, 1, 2);
      longs.copyTo(2, someLongs, 1, 2);
      doubles.copyTo(2, someDoubles, 1, 2);
      assertThat(someInts).containsExactly(0, 3, 8);
      assertThat(someLongs).containsExactly(0, 3, 8);
      assertThat(someDoubles).containsExactly(0, 3, 8);
      ints.copyTo(someInts);
      assertThat(someInts).containsExactly(-1, -1, 3);
      assertThat(ints.stream().sum()).isEqualTo(18);
      assertThat(longs.stream().sum()).isEqualTo(18);
      assertThat(doubles.stream().sum()).isEqualTo(18);
      assertThat(ints.asSegment().getAtIndex(ValueLayout.JAVA_INT, 4)).isEqualTo(9);
      assertThat(doubles.asSegment().byteSize()).isEqualTo(5 * Double.BYTES);
    }
  }

  @Test
  void boundsAreThoseOfTheJdk() {
    try (var array = SharedIntArray.create(3);
        var longs = SharedLongArray.create(3);
        var doubles = SharedDoubleArray.create(3);
        var empty = SharedLongArray.create(0)) {
      List<ThrowingCallable> wrong =
          List.of(
              () -> array.get(3),
              () -> array.set(-1, 1),
              () -> array.incrementAndGet(Integer.MAX_VALUE),
              () -> array.copyFrom(new int[4]),
              () -> array.copyFrom(new int[4], 3, 0, 2),
              () -> array.copyFrom(new int[4], 0, 2, 2),
              () -> array.copyFrom(new int[4], 0, 0, -1),
              () -> array.copyTo(new int[4]),
              () -> array.copyTo(2, new int[4], 0, 2),
              () -> array.fill(2, 4, 1),
              () -> array.fill(2, 1, 1),
              () -> longs.copyFrom(new long[4]),
              () -> longs.copyFrom(new long[4], 3, 0, 2),
              () -> longs.copyFrom(new long[4], 0, 2, 2),
              () -> longs.copyTo(new long[4]),
              () -> longs.copyTo(2, new long[4], 0, 2),
              () -> longs.fill(2, 4, 1),
              () -> doubles.copyFrom(new double[4]),
              () -> doubles.copyFrom(new double[4], 3, 0, 2),
              () -> doubles.copyFrom(new double[4], 0, 2, 2),
              () -> doubles.copyTo(new double[4]),
              () -> doubles.copyTo(2, new double[4], 0, 2),
              () -> doubles.fill(2, 4, 1),
              () -> empty.get(0));
      assertThat(wrong)
          .allSatisfy(call ->
              assertThatThrownBy(call)
                  .isInstanceOf(IndexOutOfBoundsException.class)
                  .hasMessageContaining("out of bounds for length"));
      assertThat(array.toArray()).containsExactly(0, 0, 0);
      assertThat(longs.toArray()).containsExactly(0, 0, 0);
      assertThat(doubles.toArray()).containsExactly(0, 0, 0);
      assertThat(empty.toArray()).isEmpty();
      assertThat(empty.length()).isZero();
    }
    assertThatThrownBy(() -> SharedDoubleArray.create(-1))
        .isInstanceOf(NegativeArraySizeException.class)
        .hasMessageEndingWith("length=-1");
  }

  @Test
  void aClosedHandleSaysSoAndOthersGoOn() {
    try (var elsewhere = new Elsewhere()) {
      var value = SharedLong.create(1);
      var array = SharedLongArray.copyOf(new long[] {1});
      var valueThere = elsewhere.handle(value);
      var arrayThere = elsewhere.handle(array);
      var segment = array.asSegment();
      value.close();
      value.close();
      array.close();

      List<ThrowingCallable> calls =
          List.of(
              value::get,
              value::incrementAndGet,
              () -> array.get(0),
              () -> array.set(0, 1),
              array::toArray,
              array::stream,
              array::asSegment,
              () -> Elsewhere.write(array));
      assertThat(calls)
          .allSatisfy(call ->
              assertThatIllegalStateException()
                  .isThrownBy(call)
                  .withMessageMatching("this handle was closed.*Shared\\w+=\\d+"));
      assertThatIllegalStateException().isThrownBy(() -> segment.get(ValueLayout.JAVA_LONG, 0));
      assertThat(value.toString()).contains("closed");
      assertThat(array.toString()).contains("closed");
      assertThat(valueThere.incrementAndGet()).isEqualTo(2);
      assertThat(arrayThere.incrementAndGet(0)).isEqualTo(2);
      valueThere.close();
      arrayThere.close();
    }
  }
}
