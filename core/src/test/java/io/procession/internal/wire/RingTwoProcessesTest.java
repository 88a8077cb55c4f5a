package io.procession.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.os.ChildJvm;
import io.procession.internal.os.Platforms;
import io.procession.internal.os.Segment;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RingTwoProcessesTest {
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final long CAPACITY = 1 << 10;

  // What the dying processes number their records with lies behind the ring.
  private static final long WRITTEN = Ring.sizeBytes(CAPACITY);
  private static final long SEEN = WRITTEN + 8;
  private static final long BYTES = SEEN + 8;

  /** A record of a size that follows from its number, filled with it. */
  private static boolean offer(RingProducer producer, long number) {
    var bytes = 8 + 8 * (number % 13);
    var offset = producer.reserve((int) (number % 1000), bytes);
    if (offset == RingProducer.FULL) {
      return false;
    }
    for (var at = 0L; at < bytes; at += 8) {
      producer.memory().set(LONG, offset + at, number);
    }
    producer.publish();
    return true;
  }

  /** The number of a record, once every byte of it has been checked. */
  private static long number(int kind, MemorySegment memory, long offset, long bytes) {
    var number = memory.get(LONG, offset);
    var whole = kind == (int) (number % 1000) && bytes == 8 + 8 * (number % 13);
    for (var at = 0L; at < bytes; at += 8) {
      whole &= memory.get(LONG, offset + at) == number;
    }
    if (!whole) {
      throw new AssertionError("a torn record; number=" + number + " bytes=" + bytes);
    }
    return number;
  }

  /** Writes records without end, and after each that is committed notes its number. */
  static final class Writer {
    static void main(String[] arguments) throws Exception {
      try (var segment = attach(arguments[0])) {
        var memory = segment.memory();
        var producer = new RingProducer(memory);
        System.out.println("up");
        for (var number = 1L; ; ) {
          if (offer(producer, number)) {
            memory.set(LONG, WRITTEN, number++);
          } else {
            pause();
          }
        }
      }
    }
  }

  /** Reads records without end, and before each that it gives back notes its number. */
  static final class Reader {
    static void main(String[] arguments) throws Exception {
      try (var segment = attach(arguments[0])) {
        var memory = segment.memory();
        var consumer = new RingConsumer(memory);
        System.out.println("up");
        while (true) {
          var message = consumer.peek();
          if (message == null) {
            pause();
            continue;
          }
          memory.set(LONG, SEEN, message.payload().get(LONG, 0));
          consumer.release();
        }
      }
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // two processes on a busy machine share its processors
  private static void pause() {
    Thread.yield();
  }

  private static Segment attach(String handle) throws IOException {
    return Platforms.named("portable").attach(Platforms.handle(handle));
  }

  private static Segment ring() throws IOException {
    var segment = Platforms.named("portable").createSegment(BYTES);
    Ring.format(segment.memory(), CAPACITY);
    return segment;
  }

  private static ChildJvm start(Class<?> main, String seam, Segment segment) throws IOException {
    var options = seam.isEmpty() ? List.<String>of() : List.of("-D" + Seam.PROPERTY + "=" + seam);
    return ChildJvm.start(main, options, Platforms.text(segment.handle()));
  }

  @ParameterizedTest
  @CsvSource({
    "ring.claimed,   1, 0", "ring.claimed,   1000, 999",
    "ring.written,   1, 0", "ring.written,   1000, 999",
    "ring.published, 1, 1", "ring.published, 1000, 1000"
  })
  void aProducerThatDiesAtAStepLeavesWhatItCommittedAndNothingElse(
      String step, int count, long committed) throws IOException {
    try (var segment = ring();
        var writer = start(Writer.class, step + ":" + count, segment)) {
      var consumer = new RingConsumer(segment.memory());
      var numbers = new ArrayList<Long>();
      ChildJvm.await(
          "the producer's end",
          () -> {
            drain(consumer, numbers);
            return !writer.process().isAlive();
          });
      assertThat(writer.exitCode()).isEqualTo(Seam.EXIT_CODE);
      drain(consumer, numbers);
      assertThat(numbers).hasSize((int) committed);
      assertConsecutive(numbers);
      // A new producer over the same ring is understood by the same consumer.
      assertThat(offer(new RingProducer(segment.memory()), committed + 1)).isTrue();
      drain(consumer, numbers);
      assertThat(numbers).endsWith(committed + 1);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "500"})
  void aConsumerThatDiesAfterItsReleaseHasGivenBackExactlyThat(int count) throws IOException {
    try (var segment = ring();
        var reader = start(Reader.class, "ring.released:" + count, segment)) {
      var producer = new RingProducer(segment.memory());
      var written = fillUntilDead(producer, reader);
      assertThat(segment.memory().get(LONG, SEEN)).isEqualTo(count);
      var numbers = new ArrayList<Long>();
      drain(new RingConsumer(segment.memory()), numbers);
      assertThat(numbers).startsWith(count + 1L).endsWith(written);
      assertConsecutive(numbers);
    }
  }

  private static long fillUntilDead(RingProducer producer, ChildJvm reader) {
    var written = new long[1];
    ChildJvm.await(
        "the consumer's end",
        () -> {
          while (offer(producer, written[0] + 1)) {
            written[0]++;
          }
          return !reader.process().isAlive();
        });
    return written[0];
  }

  @Test
  void killsAtAnyMomentLoseNothingAndTearNothing() throws IOException {
    var kills = 0;
    for (; kills < 10; kills++) {
      try (var segment = ring();
          var writer = start(Writer.class, "", segment)) {
        var consumer = new RingConsumer(segment.memory());
        var numbers = new ArrayList<Long>();
        writer.readLine();
        var enough = 1_000 * (kills + 1);
        while (numbers.size() < enough) {
          drain(consumer, numbers);
        }
        writer.kill();
        drain(consumer, numbers);
        assertConsecutive(numbers);
        var noted = segment.memory().get(LONG, WRITTEN);
        assertThat((long) numbers.size()).isBetween(noted, noted + 1);
      }
      try (var segment = ring();
          var reader = start(Reader.class, "", segment)) {
        var producer = new RingProducer(segment.memory());
        reader.readLine();
        var number = 0L;
        while (number < 1_000L * (kills + 1)) {
          if (offer(producer, number + 1)) {
            number++;
          } else {
            pause();
          }
        }
        reader.kill();
        var numbers = new ArrayList<Long>();
        var left = new RingConsumer(segment.memory());
        drain(left, numbers);
        assertConsecutive(numbers);
        var seen = segment.memory().get(LONG, SEEN);
        var first = numbers.isEmpty() ? number + 1 : numbers.getFirst();
        assertThat(first).isBetween(seen, seen + 1);
      }
    }
    System.out.println("ring kills: producers=" + kills + " consumers=" + kills);
  }

  private static void drain(RingConsumer consumer, List<Long> numbers) {
    consumer.drain(
        (kind, memory, offset, bytes) -> numbers.add(number(kind, memory, offset, bytes)),
        Integer.MAX_VALUE);
  }

  private static void assertConsecutive(List<Long> numbers) {
    for (var index = 1; index < numbers.size(); index++) {
      assertThat(numbers.get(index)).isEqualTo(numbers.get(index - 1) + 1);
    }
  }

  @Test
  void twoThreadsOnTwoMappingsPassManyRecords() throws Exception {
    var records = 5_000_000L;
    var capacity = 1L << 16;
    var platform = Platforms.named("portable");
    try (var producing = platform.createSegment(Ring.sizeBytes(capacity))) {
      Ring.format(producing.memory(), capacity);
      try (var consuming = platform.attach(producing.handle())) {
        var start = System.nanoTime();
        var producer = new RingProducer(producing.memory());
        var thread = Thread.ofPlatform().start(() -> produce(producer, records));
        var sum = consume(new RingConsumer(consuming.memory()), records);
        thread.join();
        var nanos = System.nanoTime() - start;
        assertThat(sum).isEqualTo(records * (records + 1) / 2);
        System.out.printf(
            "ring throughput: records=%d millionsPerSecond=%.1f%n",
            records, records * 1000.0 / nanos);
      }
    }
  }

  private static void produce(RingProducer producer, long records) {
    var memory = producer.memory();
    for (var number = 1L; number <= records; ) {
      var offset = producer.reserve(1, 8);
      if (offset == RingProducer.FULL) {
        pause();
        continue;
      }
      memory.set(LONG, offset, number++);
      producer.publish();
    }
  }

  private static long consume(RingConsumer consumer, long records) {
    var sum = new long[1];
    RingConsumer.Handler handler =
        (kind, memory, offset, bytes) -> sum[0] += memory.get(LONG, offset);
    for (var seen = 0L; seen < records; ) {
      var handled = consumer.drain(handler, 256);
      if (handled == 0) {
        pause();
      }
      seen += handled;
    }
    return sum[0];
  }
}
