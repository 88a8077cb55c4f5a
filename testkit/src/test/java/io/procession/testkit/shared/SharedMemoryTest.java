package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Pool;
import io.procession.shared.SharedMemory;
import io.procession.testkit.Await;
import io.procession.testkit.NoLeaks;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

@NoLeaks
class SharedMemoryTest {

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final int LARGE_BYTES = 100 << 20;
  private static final int ROUNDS = 200;

  @Test
  void whatOneWritesTheOtherReads() {
    try (var elsewhere = new Elsewhere();
        var memory = SharedMemory.create(1000);
        var there = elsewhere.handle(memory)) {
      assertThat(memory.memory().address() % 64).isZero();
      assertThat(there).isNotSameAs(memory);
      assertThat(there.byteSize()).isEqualTo(1000);
      memory.memory().set(LONG, 992, 42);
      assertThat(there.memory().get(LONG, 992)).isEqualTo(42);
      there.copyFrom(MemorySegment.ofArray(new byte[] {1, 2, 3}));
      var bytes = new byte[4];
      memory.copyTo(MemorySegment.ofArray(bytes));
      assertThat(bytes).containsExactly(1, 2, 3, 0);
      assertThat(memory.asBuffer().order()).isEqualTo(ByteOrder.nativeOrder());
      assertThat(memory.asBuffer().get(2)).isEqualTo((byte) 3);
      memory.asBuffer().putLong(8, 7);
      assertThat(there.memory().get(LONG, 8)).isEqualTo(7);
    }
  }

  @Test
  void aHandleThatComesBackIsItself() throws Exception {
    try (var memory = SharedMemory.create(100);
        var slice = memory.slice(10, 20);
        var readOnly = memory.readOnly()) {
      assertThat(Elsewhere.<SharedMemory>read(Elsewhere.write(memory))).isSameAs(memory);
      assertThat(Elsewhere.<SharedMemory>read(Elsewhere.write(slice))).isSameAs(slice);
      assertThat(Elsewhere.<SharedMemory>read(Elsewhere.write(readOnly))).isSameAs(readOnly);
    }
  }

  @Test
  void aSliceKeepsTheWholeAliveAndIsClosedByItself() {
    try (var elsewhere = new Elsewhere()) {
      var memory = SharedMemory.create(4096);
      memory.memory().set(LONG, 1024, 42);
      var slice = memory.slice(1000, 100);
      var part = slice.slice(24, 8);
      memory.close();
      assertThat(part.byteSize()).isEqualTo(8);
      assertThat(part.memory().get(LONG, 0)).isEqualTo(42);
      assertThat(elsewhere.handle(part).memory().get(LONG, 0)).isEqualTo(42);
      slice.close();
      var there = elsewhere.handle(part);
      part.close();
      assertThat(there.memory().byteSize()).isEqualTo(8);
      assertThat(there.memory().get(LONG, 0)).isEqualTo(42);
      assertThatIllegalStateException().isThrownBy(slice::memory);
      there.close();
    }
  }

  @Test
  void aSliceLiesInside() {
    try (var memory = SharedMemory.create(100);
        var slice = memory.slice(90, 10);
        var empty = memory.slice(100, 0)) {
      assertThat(empty.byteSize()).isZero();
      assertThatThrownBy(() -> memory.slice(91, 10)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> slice.slice(1, 10)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> slice.slice(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> slice.memory().get(BYTE, 10))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> slice.memory().get(BYTE, -1))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedMemory.create(-1))
        .withMessageEndingWith("bytes=-1");
    assertThatIllegalStateException()
        .isThrownBy(() -> SharedMemory.create(1L << 60))
        .withMessageContaining("wantedBytes=" + (1L << 60));
  }

  @Test
  void readOnlyStaysSoWhereItTravels() {
    try (var elsewhere = new Elsewhere();
        var memory = SharedMemory.create(100);
        var readOnly = memory.readOnly();
        var slice = readOnly.slice(0, 8);
        var there = elsewhere.handle(readOnly);
        var sliceThere = elsewhere.handle(slice)) {
      for (var handle : new SharedMemory[] {readOnly, slice, there, sliceThere}) {
        assertThat(handle.isReadOnly()).isTrue();
        assertThatIllegalArgumentException()
            .isThrownBy(() -> handle.memory().set(BYTE, 0, (byte) 1));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> handle.copyFrom(MemorySegment.ofArray(new byte[1])));
        assertThatThrownBy(() -> handle.asBuffer().put(0, (byte) 1))
            .isInstanceOf(ReadOnlyBufferException.class);
      }
      memory.memory().set(LONG, 0, 42);
      assertThat(sliceThere.memory().get(LONG, 0)).isEqualTo(42);
      assertThat(memory.isReadOnly()).isFalse();
    }
  }

  @Test
  void noSegmentOutlivesItsHandle() {
    try (var elsewhere = new Elsewhere()) {
      var memory = SharedMemory.create(64);
      var segment = memory.memory();
      var slice = segment.asSlice(8, 8);
      var buffer = memory.asBuffer();
      var there = elsewhere.handle(memory);
      memory.close();
      var others = new ArrayList<SharedMemory>();
      for (var i = 0; i < 4; i++) {
        others.add(SharedMemory.create(64));
        others.getLast().memory().fill((byte) 7);
      }
      assertThat(segment.scope().isAlive()).isFalse();
      assertThatIllegalStateException().isThrownBy(() -> segment.get(LONG, 0));
      assertThatIllegalStateException().isThrownBy(() -> slice.set(LONG, 0, 1));
      assertThatIllegalStateException().isThrownBy(() -> buffer.get(0));
      assertThat(there.memory().get(LONG, 0)).isZero();
      there.close();
      others.forEach(SharedMemory::close);
    }
  }

  @Test
  void aThreadThatUsesTheMemoryWhileItIsClosedIsStopped() throws Exception {
    for (var round = 0; round < ROUNDS; round++) {
      var memory = SharedMemory.create(1 << 16);
      var segment = memory.memory();
      var running = new CountDownLatch(1);
      var use =
          new FutureTask<Long>(() -> {
            for (var sum = 0L; ; sum++) {
              segment.fill((byte) 1);
              running.countDown();
              if (sum < 0) {
                return sum;
              }
            }
          });
      var thread = Thread.ofPlatform().start(use);
      running.await();
      memory.close();
      // It takes the place of the first, as it has the same size.
      try (var other = SharedMemory.create(1 << 16)) {
        assertThatThrownBy(use::get)
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(other.memory().mismatch(MemorySegment.ofArray(new byte[1 << 16]))).isEqualTo(-1);
      }
      thread.join();
    }
  }

  @Test
  void aSegmentHoldsWhatNobodyClosed() throws Exception {
    try (var elsewhere = new Elsewhere()) {
      var before = Blocks.used(elsewhere.family());
      var segment = unclosed();
      for (var i = 0; i < 10; i++) {
        System.gc();
        Thread.sleep(1);
        try (var other = SharedMemory.create(1000)) {
          other.memory().fill((byte) 7);
        }
        assertThat(segment.get(LONG, 0)).isEqualTo(42);
      }
      assertThat(Blocks.used(elsewhere.family())).isEqualTo(before + 1);
      segment = MemorySegment.NULL;
      Await.until(
          () -> {
            System.gc();
            return Blocks.used(elsewhere.family()) == before;
          },
          "the memory is given up once no segment is left; segment=" + segment);
    }
  }

  private static MemorySegment unclosed() {
    var memory = SharedMemory.create(1000);
    memory.memory().set(LONG, 0, 42);
    return memory.memory();
  }

  @Test
  void aWorkerSumsWhatNobodyCopied() throws Exception {
    try (var pool = Pool.ofProcesses(1);
        var memory = SharedMemory.create(LARGE_BYTES)) {
      var small = pool.submit(() -> 1L).get();
      assertThat(small).isEqualTo(1);
      memory.memory().fill((byte) 1);
      var resident = SharedPages.bytes(memory.memory());
      var answer = pool.submit(SharedMemoryTest::sumAndAnswer, memory).get();
      assertThat(answer).isEqualTo(LARGE_BYTES);
      assertThat(memory.memory().get(BYTE, LARGE_BYTES - 1L))
          .as("written there")
          .isEqualTo((byte) 9);
      // The file behind the memory has not grown by a copy.
      assertThat(SharedPages.bytes(memory.memory()) - resident).isLessThan(LARGE_BYTES / 2);
    }
  }

  private static long sumAndAnswer(SharedMemory memory) {
    var segment = memory.memory();
    var sum = 0L;
    for (var at = 0L; at < segment.byteSize(); at++) {
      sum += segment.get(BYTE, at);
    }
    segment.set(BYTE, segment.byteSize() - 1, (byte) 9);
    return sum;
  }

  @Test
  void whatIsGoneSaysSo() {
    try (var elsewhere = new Elsewhere()) {
      var memory = SharedMemory.create(10);
      var message = Elsewhere.write(memory);
      memory.close();
      assertThatThrownBy(() -> elsewhere.act(() -> Elsewhere.read(message)))
          .cause()
          .hasMessageContaining("it is gone")
          .hasMessageContaining("SharedMemory");
    }
  }
}
