package io.procession.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RingTest {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private final Arena arena = Arena.ofShared();

  @AfterEach
  void free() {
    arena.close();
  }

  private MemorySegment ring(long capacity) {
    var memory = arena.allocate(Ring.sizeBytes(capacity), 64);
    Ring.format(memory, capacity);
    return memory;
  }

  private static MemorySegment bytes(int size, int fill) {
    var array = new byte[size];
    Arrays.fill(array, (byte) fill);
    return MemorySegment.ofArray(array);
  }

  private static RingConsumer.Message next(RingConsumer consumer) {
    var message = consumer.peek();
    if (message == null) {
      throw new AssertionError("the ring is empty");
    }
    return message;
  }

  @Test
  void everythingLiesWhereItIsDrawn() {
    var memory = ring(1024);
    var producer = new RingProducer(memory);
    assertThat(producer.offer(7, bytes(5, 1))).isTrue();
    assertThat(producer.offer(9, bytes(8, 2), bytes(1, 3))).isTrue();
    assertThat(memory.get(LONG, 0)).as("head").isZero();
    assertThat(memory.get(LONG, 128)).as("tail").isEqualTo(16 + 24);
    assertThat(memory.get(LONG, 256)).as("capacity").isEqualTo(1024);
    assertThat(memory.get(INT, 264)).as("version").isEqualTo(1);
    assertThat(memory.get(INT, 384)).as("length of the first").isEqualTo(5);
    assertThat(memory.get(INT, 388)).as("kind of the first").isEqualTo(7);
    assertThat(memory.get(ValueLayout.JAVA_BYTE, 392)).isEqualTo((byte) 1);
    assertThat(memory.get(INT, 400)).as("length of the second").isEqualTo(9);
    assertThat(memory.get(INT, 404)).as("kind of the second").isEqualTo(9);
    assertThat(memory.get(ValueLayout.JAVA_BYTE, 416)).isEqualTo((byte) 3);
    new RingConsumer(memory).release();
    assertThat(memory.get(LONG, 0)).as("head").isEqualTo(16);
    assertThat(Ring.sizeBytes(1024)).isEqualTo(384 + 1024);
    assertThat(Ring.TAIL_OFFSET - Ring.HEAD_OFFSET).isGreaterThanOrEqualTo(128);
    assertThat(Ring.CAPACITY_OFFSET - Ring.TAIL_OFFSET).isGreaterThanOrEqualTo(128);
    assertThat(Ring.RECORDS_OFFSET - Ring.TAIL_OFFSET).isGreaterThanOrEqualTo(128);
  }

  @Test
  void nothingIsSeenBeforeItIsPublished() {
    var memory = ring(256);
    var producer = new RingProducer(memory);
    var consumer = new RingConsumer(memory);
    var payload = producer.claim(3, 8);
    assertThat(payload).isNotNull();
    assertThat(consumer.isEmpty()).isTrue();
    assertThat(consumer.peek()).isNull();
    assertThat(new RingConsumer(memory).isEmpty()).isTrue();
    producer.publish();
    assertThat(next(consumer).kind()).isEqualTo(3);
  }

  @Test
  void severalClaimsAreCommittedAtOnceOrForgottenAtOnce() {
    var memory = ring(256);
    var producer = new RingProducer(memory);
    var consumer = new RingConsumer(memory);
    producer.reserve(1, 8);
    producer.reserve(2, 8);
    producer.abandon();
    producer.reserve(3, 8);
    producer.reserve(4, 0);
    assertThat(consumer.isEmpty()).isTrue();
    producer.publish();
    assertThat(kinds(consumer)).containsExactly(3, 4);
  }

  private static List<Integer> kinds(RingConsumer consumer) {
    var kinds = new ArrayList<Integer>();
    consumer.drain((kind, memory, offset, bytes) -> kinds.add(kind), Integer.MAX_VALUE);
    return kinds;
  }

  @Test
  void aClaimCanBeTrimmedToItsRealSize() {
    var memory = ring(256);
    var producer = new RingProducer(memory);
    var consumer = new RingConsumer(memory);
    assertThatIllegalStateException().isThrownBy(() -> producer.trim(0));
    producer.reserve(1, 56);
    assertThatIllegalArgumentException().isThrownBy(() -> producer.trim(57));
    producer.trim(3);
    assertThat(producer.position()).isEqualTo(16);
    producer.publish();
    producer.offer(2, bytes(1, 0));
    assertThat(next(consumer).payload().byteSize()).isEqualTo(3);
    assertThat(kinds(consumer)).containsExactly(1, 2);
  }

  @Test
  void fullIsAnAnswerAndEveryByteCanBeUsed() {
    var memory = ring(64);
    var producer = new RingProducer(memory);
    var consumer = new RingConsumer(memory);
    for (var round = 0; round < 100; round++) {
      for (var record = 0; record < 4; record++) {
        assertThat(producer.offer(record, bytes(8, record))).isTrue();
      }
      assertThat(producer.offer(4, bytes(0, 0))).isFalse();
      assertThat(producer.reserve(4, 0)).isEqualTo(RingProducer.FULL);
      assertThat(producer.claim(4, 0)).isNull();
      assertThat(kinds(consumer)).containsExactly(0, 1, 2, 3);
    }
  }

  @Test
  void aRecordStaysInPlaceUntilItIsReleasedAndBothSidesKnowWhere() {
    var memory = ring(256);
    var producer = new RingProducer(memory);
    var consumer = new RingConsumer(memory);
    var offset = producer.reserve(1, 16);
    producer.publish();
    var position = producer.position();
    var message = next(consumer);
    assertThat(message.offset()).isEqualTo(offset);
    var claim = LONG.varHandle();
    assertThat(claim.compareAndSet(producer.memory(), offset, 0L, 17L)).isTrue();
    assertThat(message.payload().get(LONG, 0)).isEqualTo(17);
    assertThat(claim.compareAndSet(message.payload(), 0L, 0L, 18L)).isFalse();
    while (producer.offer(2, bytes(8, -1))) {
      assertThat(message.payload().get(LONG, 0)).isEqualTo(17);
    }
    assertThat(producer.releasedPosition()).isLessThan(position);
    consumer.release();
    assertThat(producer.releasedPosition()).isEqualTo(position);
  }

  @Test
  void aNewConsumerOrProducerGoesOnWhereTheOldOneWas() {
    var memory = ring(256);
    var producer = new RingProducer(memory);
    for (var kind = 0; kind < 4; kind++) {
      producer.offer(kind, bytes(kind, 0));
    }
    producer.reserve(99, 8); // and dies
    var consumer = new RingConsumer(memory);
    consumer.release();
    next(consumer); // and dies
    assertThat(new RingProducer(memory).offer(4, bytes(1, 1))).isTrue();
    assertThat(kinds(new RingConsumer(memory))).containsExactly(1, 2, 3, 4);
  }

  @Test
  void aBatchHasALimitAndAFailingHandlerBlocksNobody() {
    var memory = ring(256);
    var producer = new RingProducer(memory);
    var consumer = new RingConsumer(memory);
    for (var kind = 0; kind < 6; kind++) {
      producer.offer(kind, bytes(1, 0));
    }
    assertThat(consumer.drain((kind, at, offset, bytes) -> {}, 2)).isEqualTo(2);
    assertThatIllegalStateException()
        .isThrownBy(() ->
            consumer.drain(
                (kind, at, offset, bytes) -> {
                  if (kind == 3) {
                    throw new IllegalStateException("cannot");
                  }
                },
                10));
    assertThat(kinds(new RingConsumer(memory))).containsExactly(4, 5);
  }

  @Test
  void wrongUseIsRefused() {
    var memory = ring(1024);
    var producer = new RingProducer(memory);
    var consumer = new RingConsumer(memory);
    assertThat(producer.maximumPayload()).isEqualTo(1024 / 4 - 8);
    assertThatIllegalArgumentException().isThrownBy(() -> producer.reserve(1, 249));
    assertThatIllegalArgumentException().isThrownBy(() -> producer.reserve(1, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> producer.reserve(-1, 1));
    assertThatIllegalStateException().isThrownBy(consumer::release);
    for (var capacity : new long[] {0, -64, 32, 96, Long.MIN_VALUE}) {
      assertThatIllegalArgumentException().isThrownBy(() -> Ring.sizeBytes(capacity));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> Ring.format(memory, 2048));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RingProducer(arena.allocate(1024, 64)));
  }

  @Test
  void aDamagedRingIsNoticed() {
    var memory = ring(256);
    var producer = new RingProducer(memory);
    producer.offer(1, bytes(8, 0));
    var consumer = new RingConsumer(memory);
    for (var length : new int[] {-5, 9, 4000, Integer.MAX_VALUE}) {
      memory.set(INT, Ring.RECORDS_OFFSET, length);
      assertThatIllegalStateException()
          .isThrownBy(consumer::peek)
          .withMessageContaining("length=" + length);
    }
    memory.set(LONG, Ring.TAIL_OFFSET, 4096);
    assertThatIllegalArgumentException().isThrownBy(() -> new RingConsumer(memory));
  }

  @Test
  void itBehavesLikeAQueueWhateverHappens() {
    var random = new Random(42);
    var memory = ring(512);
    var producer = new RingProducer(memory);
    var consumer = new RingConsumer(memory);
    var model = new ArrayDeque<byte[]>();
    for (var step = 0; step < 200_000; step++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          var payload = new byte[random.nextInt((int) producer.maximumPayload() + 1)];
          random.nextBytes(payload);
          if (producer.offer(payload.length, MemorySegment.ofArray(payload))) {
            model.add(payload);
          } else {
            assertThat(model).isNotEmpty();
          }
        }
        case 2 -> {
          var expected = model.poll();
          if (expected == null) {
            assertThat(consumer.peek()).isNull();
          } else {
            var message = next(consumer);
            assertThat(message.kind()).isEqualTo(expected.length);
            assertThat(message.payload().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
            consumer.release();
          }
        }
        case 3 ->
            consumer.drain(
                (kind, at, offset, bytes) ->
                    assertThat(at.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE))
                        .isEqualTo(model.poll()),
                random.nextInt(4));
        default -> {
          producer = new RingProducer(memory);
          consumer = new RingConsumer(memory);
        }
      }
    }
  }
}
