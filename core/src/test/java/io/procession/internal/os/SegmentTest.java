package io.procession.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SegmentTest {
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  /** Attaches a segment, adds one to its first long, and holds it until its input ends. */
  static final class Attacher {
    static void main(String[] arguments) throws Exception {
      var platform = Platforms.named(arguments[0]);
      try (var segment = platform.attach(Platforms.handle(arguments[1]))) {
        var memory = segment.memory();
        memory.set(LONG, 0, memory.get(LONG, 0) + 1);
        System.out.println("attached");
        var _ = System.in.read();
        System.out.println(memory.get(LONG, 8));
      }
    }
  }

  /** Creates a segment and holds it until it is killed. */
  static final class Owner {
    static void main(String[] arguments) throws Exception {
      var segment = Platforms.named(arguments[0]).createSegment(Long.parseLong(arguments[1]));
      System.out.println(Platforms.text(segment.handle()));
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void newMemoryIsZeroAlignedAndOfItsSize(Platform platform) throws IOException {
    try (var segment = platform.createSegment(1000)) {
      assertThat(segment.memory().byteSize()).isEqualTo(1000);
      assertThat(segment.memory().address() % 64).isZero();
      assertThat(segment.memory().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
      assertThat(segment.handle().owner()).isEqualTo(platform.self());
      assertThat(segment.handle().bytes()).isEqualTo(1000);
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void theHeaderLiesWhereItIsDrawn(Platform platform) throws IOException {
    try (var segment = platform.createSegment(16)) {
      var file = file(segment.handle());
      assertThat(Files.size(file)).isEqualTo(64 + 16);
      var bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      bytes.order(ByteOrder.nativeOrder());
      assertThat(bytes.getLong(0)).isEqualTo(Segment.MAGIC);
      assertThat(bytes.getInt(8)).isEqualTo(Segment.VERSION);
      assertThat(bytes.getLong(16)).isEqualTo(segment.handle().id());
      assertThat(bytes.getLong(24)).isEqualTo(16);
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void anotherProcessSeesTheSameMemory(Platform platform) throws IOException {
    try (var segment = platform.createSegment(64)) {
      segment.memory().set(LONG, 0, 41);
      try (var child =
          ChildJvm.start(
              Attacher.class, List.of(), platform.name(), Platforms.text(segment.handle()))) {
        assertThat(child.readLine()).isEqualTo("attached");
        assertThat(segment.memory().get(LONG, 0)).isEqualTo(42);
        segment.memory().set(LONG, 8, 4711);
        child.writeLine("");
        assertThat(child.readLong()).isEqualTo(4711);
        assertThat(child.exitCode()).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void whoHasItMappedKeepsItAfterTheOwnersDeathAndNobodyElseGetsIt(Platform platform)
      throws IOException {
    try (var owner = ChildJvm.start(Owner.class, List.of(), platform.name(), 64)) {
      var handle = Platforms.handle(owner.readLine());
      try (var segment = platform.attach(handle)) {
        owner.kill();
        segment.memory().set(LONG, 0, 7);
        assertThat(segment.memory().get(LONG, 0)).isEqualTo(7);
      }
      assertThatExceptionOfType(SegmentGoneException.class)
          .isThrownBy(() -> platform.attach(handle))
          .withMessageContaining("its owner has died")
          .withMessageContaining("ownerPid=" + owner.pid());
    }
    platform.createSegment(1).close(); // sweeps what the dead one has left
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void handlesThatDoNotMatchAreRefused(Platform platform) throws IOException {
    try (var segment = platform.createSegment(128)) {
      var good = segment.handle();
      var file = file(good);
      var pid = good.ownerPid();
      var start = good.ownerStart();
      refuse(platform, new SegmentHandle(pid, start, good.location(), good.id(), 4096), "size");
      refuse(platform, new SegmentHandle(pid, start, good.location(), good.id(), 64), "size");
      refuse(
          platform, new SegmentHandle(pid, start, good.location(), good.id() + 1, 128), "another");
      refuse(platform, new SegmentHandle(pid, start + 1, good.location(), good.id(), 128), "died");
      assertThat(Files.size(file)).isEqualTo(64 + 128);
      platform.attach(good).close();
    }
  }

  private static void refuse(Platform platform, SegmentHandle handle, String message) {
    assertThatExceptionOfType(SegmentGoneException.class)
        .isThrownBy(() -> platform.attach(handle))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void aFileThatIsNoSegmentIsRefused(Platform platform) throws IOException {
    try (var segment = platform.createSegment(64)) {
      try (var channel = FileChannel.open(file(segment.handle()), StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.allocate(8), 0);
      }
      refuse(platform, segment.handle(), "no segment");
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void afterCloseAccessThrowsOnEveryThreadAndNobodyAttaches(Platform platform) throws Exception {
    var segment = platform.createSegment(64);
    var handle = segment.handle();
    segment.close();
    segment.close();
    try (var executor = Executors.newSingleThreadExecutor()) {
      assertThatThrownBy(() -> executor.submit(() -> segment.memory().get(LONG, 0)).get())
          .hasCauseInstanceOf(IllegalStateException.class);
    }
    assertThatIllegalStateException().isThrownBy(() -> segment.memory().set(LONG, 0, 1));
    refuse(platform, handle, "shared segment is gone");
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void sizesMustBePositive(Platform platform) {
    for (var bytes : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> platform.createSegment(bytes))
          .withMessageContaining("bytes=" + bytes);
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void nothingIsLeftAfterManySegments(Platform platform) throws IOException {
    var open = openDescriptors();
    var files = segmentDirectories();
    for (var round = 0; round < 100; round++) {
      try (var segment = platform.createSegment(4096);
          var other = platform.createSegment(1);
          var again = platform.attach(segment.handle())) {
        again.memory().set(LONG, 0, round);
        assertThat(segment.memory().get(LONG, 0)).isEqualTo(round);
        assertThat(other.handle().id()).isNotEqualTo(segment.handle().id());
      }
    }
    assertThat(openDescriptors()).isLessThanOrEqualTo(open);
    assertThat(segmentDirectories()).isEqualTo(files);
  }

  private static long openDescriptors() throws IOException {
    var directory = Path.of("/proc/self/fd");
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    try (var files = Files.list(directory)) {
      return files.filter(file -> isOurs(file)).count();
    }
  }

  private static boolean isOurs(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().contains("procession");
    } catch (IOException _) {
      return false; // the listing's own, closed meanwhile
    }
  }

  private static List<String> segmentDirectories() throws IOException {
    var own = "procession-" + ProcessHandle.current().pid() + "-";
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(own))
          .sorted()
          .toList();
    }
  }

  private static Path file(SegmentHandle handle) {
    return handle.location().matches("\\d+")
        ? Path.of("/proc/" + handle.ownerPid() + "/fd/" + handle.location())
        : Path.of(handle.location());
  }
}
