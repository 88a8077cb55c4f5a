package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.ChildProcess;
import io.procession.function.RemoteBiConsumer;
import io.procession.internal.family.Family;
import io.procession.internal.os.Platform;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.shared.SharedIntArray;
import io.procession.shared.SharedLong;
import io.procession.shared.SharedMemory;
import io.procession.testkit.Await;
import io.procession.testkit.NoLeaks;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Processes die in the middle of the heap and the roster, and the others go on. */
@NoLeaks
class HeapKillTest {

  private static final List<Integer> COUNTS = List.of(1, 2, 7);
  private static final int KILLS = Math.max(3, Integer.getInteger("procession.kills", 40) / 10);
  private static final int THREADS = 3;
  private static final int ROUNDS = 2000;
  private static final int UNTOUCHED = 8;

  /** Sizes that nothing else here has. */
  private static final int NEW_SIZE_LOG = 24;

  private static final int SIZE_LOG = 12;
  private static final int GRANDCHILDREN = 2;

  /** Freed under the heap's mutex, which takes long enough for others to wait. */
  private static final int LARGE_BYTES = 4 << 20;

  /** So much is kept for the next use; the rest goes back to the system at once. */
  private static final int KEPT_BYTES = 64 << 20;

  /** A process passes them once. */
  private static final Set<Step> ONCE = EnumSet.of(Step.SLOT_CLAIMED);

  /** A process passes them when one of its children has died. */
  private static final Set<Step> AT_BURIAL = EnumSet.of(Step.DEATH_MARKED, Step.GENERATION_RAISED);

  private int sizeLog = SIZE_LOG;

  static Set<Step> steps() {
    return EnumSet.range(Step.SLOT_CLAIMED, Step.BLOCK_LINKED);
  }

  @ParameterizedTest
  @MethodSource("steps")
  void theHeapStaysWholeThoughAProcessDiesAt(Step step) throws Exception {
    var landed = 0;
    for (var count : COUNTS) {
      if (count > most(step)) {
        continue;
      }
      sizeLog = step == Step.BLOCK_SIZED ? NEW_SIZE_LOG + count : SIZE_LOG;
      var setting = "-D" + Seam.PROPERTY + "=" + step + ":" + count;
      landed += dies(ChildProcess.builder().jvmArguments(setting)::start, 0) ? 1 : 0;
    }
    System.out.printf("%s: deaths=%d%n", step, landed);
    assertThat(landed).as("deaths at %s", step).isPositive();
  }

  @Test
  void theHeapStaysWholeThoughProcessesAreKilledAtAnyTime() throws Exception {
    var random = new Random();
    for (var kill = 0; kill < KILLS; kill++) {
      dies(ChildProcess::start, 1 + random.nextInt(50_000_000));
    }
  }

  /** Files of a child that had children and was killed go when the next process makes some. */
  @AfterEach
  void sweep() throws Exception {
    Await.until(
        () -> {
          Platform.current().createSegment(Long.BYTES).close();
          var directory = Path.of(System.getProperty("java.io.tmpdir"));
          try (var left = Files.newDirectoryStream(directory, "procession-*-*-*")) {
            var own = "procession-" + ProcessHandle.current().pid() + "-";
            return StreamSupport.stream(left.spliterator(), false)
                .map(file -> String.valueOf(file.getFileName()))
                .allMatch(name -> name.startsWith(own) || isOfTheLiving(name));
          }
        },
        "what the dead left is swept");
  }

  private static boolean isOfTheLiving(String name) {
    var pid = name.split("-", 3)[1];
    return ProcessHandle.of(Long.parseLong(pid)).isPresent();
  }

  /** How often a process passes this step at most. */
  private static int most(Step step) {
    return ONCE.contains(step) ? 1 : AT_BURIAL.contains(step) ? GRANDCHILDREN : Integer.MAX_VALUE;
  }

  @FunctionalInterface
  private interface Start {
    ChildProcess start(
        RemoteBiConsumer<SharedLong, SharedMemory> task, SharedLong done, SharedMemory memory);
  }

  /**
   * Has a child use memory until it dies, of itself or by a kill, while this process does so, too.
   *
   * @param killNanos how long after it began it is killed; 0 for not at all
   */
  private boolean dies(Start start, long killNanos) throws Exception {
    try (var value = SharedLong.create(0);
        var own = SharedLong.create(0);
        var memory = SharedMemory.create(1000)) {
      var family = Family.enter();
      try {
        var before = Blocks.used(family);
        IntStream.range(0, KEPT_BYTES / LARGE_BYTES)
            .mapToObj(i -> SharedMemory.create(LARGE_BYTES))
            .toList()
            .forEach(SharedMemory::close);
        memory.memory().set(ValueLayout.JAVA_INT, 0, sizeLog);
        var child = start.start(HeapKillTest::use, value, memory);
        var over = new AtomicBoolean();
        var users = new ArrayList<Thread>();
        for (var i = 0; i < THREADS; i++) {
          users.add(Thread.ofPlatform().start(() -> useUntil(over, memory, own)));
        }
        if (killNanos > 0) {
          Await.until(() -> value.get() > 0, "the child has begun");
          LockSupport.parkNanos(killNanos);
          child.kill();
        }
        child.join();
        over.set(true);
        for (var user : users) {
          user.join(TimeUnit.MINUTES.toMillis(1));
          assertThat(user.isAlive()).as("someone is stuck").isFalse();
        }
        Await.until(() -> Blocks.used(family) == before, "what the dead held is free");
        Blocks.check(family);
        return child.exitCode() != 0;
      } finally {
        family.leave();
      }
    }
  }

  /** Runs in the child. */
  private static void use(SharedLong done, SharedMemory memory) throws InterruptedException {
    var sizeLog = memory.memory().get(ValueLayout.JAVA_INT, 0);
    var untouched =
        IntStream.range(0, UNTOUCHED).mapToObj(i -> SharedMemory.create(1L << sizeLog)).toList();
    var never = new AtomicBoolean();
    var users = new ArrayList<Thread>();
    for (var i = 0; i < THREADS; i++) {
      users.add(Thread.ofPlatform().start(() -> useUntil(never, memory, done)));
    }
    for (var user : users) {
      user.join();
    }
    for (var i = 0; i < GRANDCHILDREN; i++) {
      ChildProcess.start(SharedLong::incrementAndGet, done).join();
    }
    untouched.forEach(SharedMemory::close);
  }

  private static void useUntil(AtomicBoolean over, SharedMemory memory, SharedLong done) {
    for (var round = 0; round < ROUNDS && !over.get(); round++) {
      try (var slice = memory.slice(round % 100, 10);
          var small = SharedIntArray.create(round % 50);
          var large = SharedMemory.create(LARGE_BYTES)) {
        large
            .memory()
            .set(ValueLayout.JAVA_BYTE, round, slice.memory().get(ValueLayout.JAVA_BYTE, 0));
        small.fill(round);
        done.incrementAndGet();
      }
    }
  }
}
