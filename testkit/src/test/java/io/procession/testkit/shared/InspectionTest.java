package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.ChildProcess;
import io.procession.internal.family.Family;
import io.procession.internal.family.Inspection;
import io.procession.internal.os.Platform;
import io.procession.internal.os.SegmentHandle;
import io.procession.shared.SharedEvent;
import io.procession.shared.SharedLong;
import io.procession.testkit.Await;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.Program;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a family shares can be seen from outside, also when its root is dead. */
@NoLeaks
class InspectionTest {

  private static final String READY = "ready ";

  @Test
  void aChildIsSeenToHoldAndToWait() throws Exception {
    try (var event = SharedEvent.create()) {
      var child = ChildProcess.start(InspectionTest::await, event);
      Await.until(() -> waiting(child.pid()) == 1, "the child is seen to wait");
      try (var inspection = Inspection.of(child.pid()).orElseThrow()) {
        assertThat(inspection.entries())
            .singleElement()
            .satisfies(entry -> {
              assertThat(entry.kind()).isEqualTo("SharedEvent");
              assertThat(entry.content()).isEqualTo("set=false");
              assertThat(entry.holders())
                  .containsExactly(
                      new Inspection.Member(ProcessHandle.current().pid(), true),
                      new Inspection.Member(child.pid(), true));
            });
        assertThat(inspection.members()).hasSize(2);
        assertThat(inspection.usedBytes()).isLessThan(inspection.familyBytes());
      }
      event.set();
      child.join();
    }
  }

  private static void await(SharedEvent event) throws InterruptedException {
    event.await();
  }

  private static int waiting(long pid) throws IOException {
    try (var inspection = Inspection.of(pid).orElseThrow()) {
      return inspection.entries().getFirst().waiting();
    }
  }

  @Test
  void theMemoryOfADeadRootIsSeenThroughAMember() throws Exception {
    try (var root = program(Root.class).start()) {
      root.awaitOutput(output -> output.contains(READY));
      var handle = root.output().substring(READY.length()).strip();
      try (var member = program(Member.class).arguments(handle).start()) {
        member.awaitOutput(output -> output.contains(READY));
        root.signal("KILL");
        assertThat(root.await().exitCode()).isEqualTo(137);
        var seen = inspect(member.pid());
        if (seen.isPresent()) {
          try (var inspection = seen.get()) {
            checkWhatIsLeft(inspection, root.pid(), member.pid());
          }
        }
      }
    }
    // In files, the dead root's are swept when the next one makes some.
    Platform.current().createSegment(Long.BYTES).close();
  }

  private static void checkWhatIsLeft(Inspection inspection, long root, long member) {
    assertThat(inspection.members())
        .containsExactly(new Inspection.Member(root, false), new Inspection.Member(member, true));
    assertThat(inspection.entries())
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.content()).isEqualTo("value=42");
          assertThat(entry.holders()).containsExactly(new Inspection.Member(root, false));
        });
  }

  /** Empty for users that may not; then they are told so. */
  private static Optional<Inspection> inspect(long pid) throws IOException {
    try {
      var seen = Inspection.of(pid);
      assertThat(seen).isPresent();
      return seen;
    } catch (AccessDeniedException e) {
      assertThat(e.getFile()).contains("map_files");
      return Optional.empty();
    }
  }

  private static Program program(Class<?> main) {
    var program =
        Program.main(main.getName())
            .jvmArguments("-cp", System.getProperty("java.class.path"))
            .jvmArguments("--enable-native-access=ALL-UNNAMED");
    return Optional.ofNullable(System.getProperty(Platform.PROPERTY))
        .map(platform -> program.jvmArguments("-D" + Platform.PROPERTY + "=" + platform))
        .orElse(program);
  }

  static final class Root {
    public static void main(String[] arguments) throws Exception {
      try (var value = SharedLong.create(42)) {
        System.out.println(READY + HexFormat.of().formatHex(Family.enter().encodedHandle()));
        while (value.get() == 42) {
          Thread.sleep(1000);
        }
      }
    }
  }

  static final class Member {
    public static void main(String[] arguments) throws Exception {
      var bytes = HexFormat.of().parseHex(arguments[0]);
      var input = new DataInputStream(new ByteArrayInputStream(bytes));
      var family = Family.join(SegmentHandle.decode(input));
      System.out.println(READY + family.self());
      Thread.sleep(Long.MAX_VALUE);
    }
  }
}
