package io.procession.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.family.Mutex;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The layouts of what carries messages: words are aligned, and what two sides write lies apart. */
class TransportLayoutTest {

  /** Two cache lines: the neighbour of a line is fetched with it. */
  private static final long APART = 128;

  private static final byte GUARD = 0x5A;

  private static MemorySegment allocate(Arena arena, long bytes) {
    return arena.allocate(bytes, 4096);
  }

  /** The words that one side writes while the other reads or writes the ones beside them. */
  @Test
  void theTwoEndsOfAQueueLieApart() {
    var hot =
        LongStream.of(
                QueueLayout.TAIL_MUTEX,
                QueueLayout.TAIL_MUTEX + Mutex.WAITERS,
                QueueLayout.TAIL,
                QueueLayout.HEAD_MUTEX,
                QueueLayout.HEAD_MUTEX + Mutex.WAITERS,
                QueueLayout.HEAD,
                QueueLayout.NOT_EMPTY,
                QueueLayout.NOT_FULL,
                QueueLayout.ALL_DONE)
            .toArray();
    assertThat(hot).isSorted().doesNotHaveDuplicates();
    assertThat(LongStream.of(hot)).allMatch(offset -> offset % APART == 0);
    assertThat(QueueLayout.ALL_DONE + APART).isLessThanOrEqualTo(QueueLayout.BYTES);
    assertThat(QueueLayout.BYTES % APART).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("words")
  void wordsAreAlignedAndDoNotOverlap(String name, long[] offsets, long[] sizes, long end) {
    for (var i = 0; i < offsets.length; i++) {
      assertThat(offsets[i] % sizes[i]).as("%s, word %d", name, i).isZero();
      var next = i + 1 < offsets.length ? offsets[i + 1] : end;
      assertThat(offsets[i] + sizes[i]).as("%s, word %d", name, i).isLessThanOrEqualTo(next);
    }
  }

  static Stream<Arguments> words() {
    var sideEnd = QueueLayout.HEAD_MUTEX - QueueLayout.TAIL;
    return Stream.of(
        longs(
            "a queue's header",
            QueueLayout.TAIL_MUTEX,
            QueueLayout.CAPACITY,
            QueueLayout.LIMIT,
            QueueLayout.SHUT,
            QueueLayout.RETURNED,
            QueueLayout.LEASED),
        longs(
            "an end of a queue",
            Math.min(sideEnd, QueueLayout.NOT_EMPTY - QueueLayout.HEAD),
            QueueLayout.POSITION,
            QueueLayout.COUNT,
            QueueLayout.CONTENT_BYTES,
            QueueLayout.OTHER_POSITION,
            QueueLayout.INTENT_POSITION,
            QueueLayout.INTENT_COUNT,
            QueueLayout.INTENT_BYTES,
            QueueLayout.INTENT_BLOCK,
            QueueLayout.REMOVAL,
            QueueLayout.INTENT_BLOCK_ID),
        Arguments.of(
            "a record",
            new long[] {
              QueueLayout.RECORD_LENGTH, QueueLayout.RECORD_TYPE, QueueLayout.RECORD_SENDER
            },
            new long[] {4, 4, 4},
            QueueLayout.RECORD_BYTES),
        Arguments.of(
            "an end of a pipe",
            new long[] {
              PipeLayout.PIPE,
              PipeLayout.PIPE_ID,
              PipeLayout.PEER,
              PipeLayout.PEER_ID,
              PipeLayout.SIDE,
              PipeLayout.MODES,
              PipeLayout.ABROAD
            },
            new long[] {8, 8, 8, 8, 4, 4, 8},
            PipeLayout.END_BYTES));
  }

  private static Arguments longs(String name, long end, long... offsets) {
    var sizes = new long[offsets.length];
    Arrays.fill(sizes, Long.BYTES);
    return Arguments.of(name, offsets, sizes, end);
  }

  @Test
  void theHalvesOfAPipeAreWholeQueues() {
    assertThat(PipeLayout.HALF_BYTES).isGreaterThanOrEqualTo(QueueLayout.BYTES);
    assertThat(PipeLayout.HALF_BYTES % APART).isZero();
    assertThat(PipeLayout.BYTES).isEqualTo(2 * PipeLayout.HALF_BYTES);
  }

  @Test
  void theHeadOfARecordIsItsLengthAndItsType() {
    var type = QueueLayout.RAW + QueueLayout.IN_BLOCK + QueueLayout.REMOVED;
    try (var arena = Arena.ofConfined()) {
      var record = arena.allocate(QueueLayout.RECORD_BYTES, Long.BYTES);
      record.set(ValueLayout.JAVA_LONG, 0, QueueLayout.recordHead(Integer.MAX_VALUE, type));
      assertThat(record.get(ValueLayout.JAVA_INT, QueueLayout.RECORD_LENGTH))
          .isEqualTo(Integer.MAX_VALUE);
      assertThat(record.get(ValueLayout.JAVA_INT, QueueLayout.RECORD_TYPE)).isEqualTo(type);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 7, 8, 9, 32 << 10, Integer.MAX_VALUE})
  void recordsAreAlignedAndHoldTheirBytes(long length) {
    var bytes = QueueLayout.recordBytes(length);
    assertThat(bytes % Long.BYTES).isZero();
    assertThat(bytes - QueueLayout.RECORD_BYTES - length).isBetween(0L, 7L);
  }

  @Test
  void theRingsAndDoorbellsOfAChannelLieApartAndInside() {
    try (var arena = Arena.ofConfined()) {
      var memory = allocate(arena, ChannelLayout.BYTES);
      var channel = new ChannelLayout(memory);
      var parts =
          List.of(
              channel.requestDoorbell(),
              channel.controlDoorbell(),
              channel.requests(),
              channel.responses(),
              channel.controlDown(),
              channel.controlUp());
      checkApart(memory, parts);
      assertThat(parts.getLast().address() + parts.getLast().byteSize())
          .isEqualTo(memory.address() + memory.byteSize());
      channel.format();
      assertThat(channel.state()).isEqualTo(ChannelLayout.BOOTING);
    }
  }

  @Test
  void theHeaderOfAChannelIsApartFromItsDoorbellsAndRings() {
    try (var arena = Arena.ofConfined()) {
      var memory = allocate(arena, ChannelLayout.BYTES);
      var channel = new ChannelLayout(memory);
      memory.asSlice(128).fill(GUARD);
      channel.setState(ChannelLayout.EXITING);
      channel.setOutOfMemory(Long.MAX_VALUE, Long.MIN_VALUE);
      assertThat(channel.state()).isEqualTo(ChannelLayout.EXITING);
      assertThat(channel.memoryLimitBytes()).isEqualTo(Long.MAX_VALUE);
      assertThat(channel.memoryUsedBytes()).isEqualTo(Long.MIN_VALUE);
      assertThat(memory.get(ValueLayout.JAVA_INT, 0)).as("the version").isZero();
      assertThat(count(memory, GUARD)).isEqualTo(ChannelLayout.BYTES - 128);
    }
  }

  @Test
  void theDoorbellsOfAHubLieApartAndInside() {
    try (var arena = Arena.ofConfined()) {
      var memory = allocate(arena, HubLayout.BYTES);
      checkApart(
          memory, List.of(HubLayout.responseDoorbell(memory), HubLayout.controlDoorbell(memory)));
    }
  }

  private static void checkApart(MemorySegment memory, List<MemorySegment> parts) {
    var end = memory.address();
    for (var part : parts) {
      assertThat(part.address() % APART).as("%s", part).isZero();
      assertThat(part.address()).as("%s", part).isGreaterThanOrEqualTo(end);
      end = part.address() + part.byteSize();
    }
    assertThat(end).isLessThanOrEqualTo(memory.address() + memory.byteSize());
  }

  @Test
  void theHalvesOfAStatusFileHoldTheLongestTextsAndNothingElseIsWritten() {
    try (var arena = Arena.ofConfined()) {
      var guarded = allocate(arena, StatusLayout.BYTES + APART);
      guarded.fill((byte) 0).asSlice(StatusLayout.BYTES).fill(GUARD);
      var status = new StatusLayout(guarded.asSlice(0, StatusLayout.BYTES));
      status.format();
      assertThat(status.isOne()).isTrue();
      assertThat(status.version()).isEqualTo(StatusLayout.VERSION);
      assertThat(status.read()).isNull();

      for (var fill : new byte[] {(byte) 0xAA, (byte) 0xBB}) {
        var text = new byte[StatusLayout.MOST_BYTES];
        Arrays.fill(text, fill);
        status.write(text);
        assertThat(status.read()).isEqualTo(text);
      }

      assertThat(status.isOne()).isTrue();
      assertThat(status.version()).isEqualTo(StatusLayout.VERSION);
      assertThat(count(guarded, (byte) 0xAA)).isEqualTo(StatusLayout.MOST_BYTES);
      assertThat(count(guarded, (byte) 0xBB)).isEqualTo(StatusLayout.MOST_BYTES);
      assertThat(count(guarded, GUARD)).isEqualTo(APART);
    }
  }

  private static long count(MemorySegment memory, byte value) {
    var count = 0L;
    for (var offset = 0L; offset < memory.byteSize(); offset++) {
      if (memory.get(ValueLayout.JAVA_BYTE, offset) == value) {
        count++;
      }
    }
    return count;
  }
}
