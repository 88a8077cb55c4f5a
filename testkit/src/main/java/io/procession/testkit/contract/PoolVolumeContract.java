package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Values that are large, and many. */
public abstract class PoolVolumeContract extends PoolContract {

  /** For subclasses. */
  protected PoolVolumeContract() {}

  private static final int HUGE = 300_000_000;
  private static final int LARGE = 4 << 20;

  @Test
  void aHugeValueTravelsThereAndBack() throws Exception {
    var bytes = new byte[HUGE];
    bytes[0] = 1;
    bytes[HUGE / 2] = 2;
    bytes[HUGE - 1] = 3;
    try (var pool = pool(1)) {
      var back =
          pool.submit(
                  array -> {
                    array[1] = (byte) (array[0] + array[HUGE / 2] + array[HUGE - 1]);
                    return array;
                  },
                  bytes)
              .get();
      assertThat(bytes[1]).isEqualTo(has(PoolTrait.COPIES) ? (byte) 0 : 6);
      bytes[1] = 6;
      assertThat(Arrays.mismatch(bytes, back)).isEqualTo(-1);
    }
  }

  @Test
  void manyLargeValuesTravel() {
    try (var pool = pool(2)) {
      Iterable<byte[]> items = () -> IntStream.range(0, 100).mapToObj(n -> filled(n)).iterator();
      var sums = pool.map(array -> (int) array[0] + array[LARGE - 1], items);
      assertThat(sums).isEqualTo(IntStream.range(0, 100).map(n -> 2 * n).boxed().toList());

      var arrays = pool.mapAsync(PoolVolumeContract::filled, IntStream.range(0, 25));
      for (var n = 0; n < 25; n++) {
        assertThat(arrays.get(n).join()).hasSize(LARGE).startsWith(n).endsWith(n);
      }
    }
  }

  private static byte[] filled(int n) {
    var array = new byte[LARGE];
    Arrays.fill(array, (byte) n);
    return array;
  }

  @Test
  void aLargeCaptureTravelsOnceWithItsFunction() {
    var table = IntStream.range(0, 1_000_000).toArray();
    try (var pool = pool(2)) {
      assertThat(pool.map(n -> table[n], IntStream.range(0, 2000)))
          .isEqualTo(IntStream.range(0, 2000).boxed().toList());
    }
  }

  @Test
  void sizesAroundTheChannelsOwnAllTravel() {
    try (var pool = pool(1)) {
      var sizes = IntStream.rangeClosed(0, 40).map(n -> n * 8_000 + n % 3).boxed().toList();
      assertThat(pool.map(size -> new byte[size], sizes))
          .extracting(array -> array.length)
          .isEqualTo(sizes);
      var arrays = sizes.stream().map(size -> new byte[size]).toList();
      assertThat(pool.map(array -> array.length, arrays)).isEqualTo(sizes);
    }
  }
}
