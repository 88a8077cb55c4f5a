package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.ChildProcess;
import io.procession.NotTransferableException;
import io.procession.testkit.contract.Flag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a child process, from its parent's side. */
@NoLeaks
class ChildProcessTest {

  @TempDir Path directory = Path.of("");

  private Flag flag(String name) {
    return Flag.in(directory, name);
  }

  private static void write(String file, Object text) throws Exception {
    Files.writeString(Path.of(file), text.toString());
  }

  @Test
  void itRunsItsTaskInAnotherProcess() throws Exception {
    var file = directory.resolve("pid");
    var name = file.toString();
    var child = ChildProcess.start(() -> write(name, ProcessHandle.current().pid()));
    var pid = child.pid();
    child.join();
    assertThat(pid).isNotEqualTo(ProcessHandle.current().pid());
    assertThat(file).hasContent(Long.toString(pid));
    assertThat(child.exitCode()).isZero();
    assertThat(child.signal()).isEmpty();
    assertThat(child.isAlive()).isFalse();
    assertThat(child.pid()).isEqualTo(pid);
  }

  @Test
  void everyFormOfStartPassesItsArguments() throws Exception {
    var a = directory.resolve("a").toString();
    var ab = directory.resolve("ab").toString();
    var abc = directory.resolve("abc").toString();
    var one = ChildProcess.start(file -> write(file, "one"), a);
    var two = ChildProcess.start(ChildProcessTest::write, ab, 2);
    var three = ChildProcess.start((file, x, y) -> write(file, x + y), abc, 1, 2);
    for (var child : new ChildProcess[] {one, two, three}) {
      child.join();
      assertThat(child.exitCode()).isZero();
    }
    assertThat(Path.of(a)).hasContent("one");
    assertThat(Path.of(ab)).hasContent("2");
    assertThat(Path.of(abc)).hasContent("3");
  }

  @Test
  void anUnstartedChildStartsOnceAndWithWhatItWasGiven() throws Exception {
    var file = directory.resolve("text");
    var name = file.toString();
    var text = new StringBuilder("then");
    var child = ChildProcess.unstarted(() -> write(name, text));
    text.append(" and too late");

    assertThat(child.isAlive()).isFalse();
    assertThat(child.signal()).isEmpty();
    assertThat(ChildProcess.activeChildren()).doesNotContain(child);
    for (var needsStart :
        new ThrowingAction[] {
          child::join,
          () -> child.join(Duration.ofSeconds(1)),
          child::pid,
          child::kill,
          child::killTree,
          child::terminate
        }) {
      assertThatThrownBy(needsStart::run)
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessageContaining("call start() first")
          .hasMessageEndingWith("name=" + child.name());
    }
    assertThatThrownBy(child::exitCode)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("join() it first");

    assertThat(child.start()).isSameAs(child);
    assertThatThrownBy(child::start)
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessageContaining("only once");
    child.join();
    assertThatThrownBy(child::start).isInstanceOf(IllegalStateException.class);
    assertThat(file).hasContent("then");
  }

  private interface ThrowingAction {
    void run() throws Exception;
  }

  @Test
  void joinWithATimeLimitTellsWhetherItEnded() throws Exception {
    var go = flag("go");
    var child = ChildProcess.start(go::await);
    assertThat(child.join(Duration.ZERO)).isFalse();
    assertThat(child.join(Duration.ofMillis(10))).isFalse();
    assertThat(child.isAlive()).isTrue();
    assertThatThrownBy(child::exitCode).isInstanceOf(IllegalStateException.class);
    go.raise();
    assertThat(child.join(Duration.ofMinutes(1))).isTrue();
    assertThat(child.join(Duration.ZERO)).isTrue();
  }

  @Test
  void anInterruptEndsJoinAndNotTheChild() throws Exception {
    var go = flag("go");
    var child = ChildProcess.start(go::await);
    Thread.currentThread().interrupt();
    assertThatThrownBy(child::join).isInstanceOf(InterruptedException.class);
    assertThat(child.isAlive()).isTrue();
    go.raise();
    child.join();
    assertThat(child.exitCode()).isZero();
  }

  @Test
  void exitCodesTellHowItEnded() throws Exception {
    var exit = ChildProcess.start(() -> System.exit(23));
    var failure =
        ChildProcess.start(() -> {
          throw new IllegalStateException("nobody catches this");
        });
    var halt = ChildProcess.start(() -> Runtime.getRuntime().halt(5));
    var thread =
        ChildProcess.start(() ->
            Thread.ofPlatform()
                .start(() -> {
                  throw new IllegalStateException("not the main thread");
                })
                .join());
    for (var child : new ChildProcess[] {exit, failure, halt, thread}) {
      child.join();
      assertThat(child.signal()).isEmpty();
    }
    assertThat(exit.exitCode()).isEqualTo(23);
    assertThat(failure.exitCode()).isEqualTo(1);
    assertThat(halt.exitCode()).isEqualTo(5);
    assertThat(thread.exitCode()).isZero();
  }

  @Test
  void itEndsWithTheLastOfItsThreads() throws Exception {
    var started = flag("started");
    var ended = flag("ended");
    var child =
        ChildProcess.start(() -> {
          var _ =
              Thread.ofPlatform()
                  .start(() -> {
                    try {
                      started.await();
                      ended.raise();
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                  });
        });
    started.raise();
    child.join();
    assertThat(ended.isRaised()).isTrue();
    assertThat(child.exitCode()).isZero();
  }

  @Test
  void terminateRunsItsShutdownHooks() throws Exception {
    var started = flag("started");
    var hook = flag("hook");
    var child =
        ChildProcess.start(() -> {
          Runtime.getRuntime()
              .addShutdownHook(
                  new Thread(() -> {
                    try {
                      Thread.sleep(200);
                      hook.raise();
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                  }));
          started.raiseAndSleep();
        });
    started.await();
    child.terminate();
    child.join();
    assertThat(hook.isRaised()).isTrue();
    assertThat(child.signal()).contains("SIGTERM");
    assertThat(child.exitCode()).isEqualTo(143);
    child.terminate();
    child.kill();
  }

  @Test
  void killEndsItAtOnceAndIsNamed() throws Exception {
    var started = flag("started");
    var child = ChildProcess.start(started::raiseAndSpin);
    started.await();
    child.kill();
    child.join();
    assertThat(child.signal()).contains("SIGKILL");
    assertThat(child.exitCode()).isEqualTo(137);
    assertThat(child.toString()).contains("signal=SIGKILL");
  }

  @Test
  void killRightAfterTheStartLeavesNothing() throws Exception {
    var child = ChildProcess.start(() -> Thread.sleep(600_000));
    child.kill();
    assertThat(child.join(Duration.ofMinutes(1))).isTrue();
  }

  @Test
  void killTreeTakesOtherProgramsAlongAndKillDoesNot() throws Exception {
    var killedAlone = startWithSleeper("alone");
    var killedTree = startWithSleeper("tree");
    killedTree.child.killTree();
    killedTree.child.join();
    Await.until(() -> !killedTree.sleeper.isAlive(), "killTree ends what the child started");
    killedAlone.child.kill();
    killedAlone.child.join();
    try {
      assertThat(killedAlone.sleeper.isAlive()).isTrue();
    } finally {
      killedAlone.sleeper.destroyForcibly();
    }
  }

  private record WithSleeper(ChildProcess child, ProcessHandle sleeper) {}

  private WithSleeper startWithSleeper(String name) throws Exception {
    var started = flag(name + "-started");
    var file = directory.resolve(name).toString();
    var child =
        ChildProcess.start(() -> {
          write(file, new ProcessBuilder("sleep", "600").start().pid());
          started.raiseAndSleep();
        });
    started.await();
    var pid = Long.parseLong(Files.readString(Path.of(file)));
    return new WithSleeper(child, ProcessHandle.of(pid).orElseThrow());
  }

  @Test
  void onExitCompletesWithTheChild() throws Exception {
    var go = flag("go");
    var child = ChildProcess.start(go::await);
    var seen = child.onExit().thenApply(ChildProcess::exitCode);
    assertThat(seen).isNotDone();
    go.raise();
    assertThat(seen.get(1, TimeUnit.MINUTES)).isZero();
    assertThat(child.onExit().get()).isSameAs(child);
  }

  @Test
  void namesAndDaemonsAreAsTold() throws Exception {
    var first = ChildProcess.unstarted(() -> {});
    var second = ChildProcess.unstarted(() -> {});
    assertThat(first.name()).matches("process-\\d+").isNotEqualTo(second.name());
    assertThat(first.isDaemon()).isFalse();

    var file = directory.resolve("self");
    var name = file.toString();
    var child =
        ChildProcess.builder()
            .name("worker bee")
            .daemon(true)
            .start(() -> {
              var self = ChildProcess.current();
              write(name, self.name() + " " + self.isDaemon() + " " + self.pid());
            });
    assertThat(child.name()).isEqualTo("worker bee");
    assertThat(child.isDaemon()).isTrue();
    child.join();
    assertThat(file).hasContent("worker bee true " + child.pid());
  }

  @Test
  void activeChildrenAreThoseThatLive() throws Exception {
    var go = flag("go");
    var first = ChildProcess.start(go::await);
    var second = ChildProcess.start(go::await);
    assertThat(ChildProcess.activeChildren()).containsExactly(first, second);
    go.raise();
    first.join();
    second.join();
    assertThat(ChildProcess.activeChildren()).isEmpty();
  }

  @Test
  void whatCannotTravelFailsInTheParentAndStartsNothing() {
    var thread = Thread.currentThread();
    assertThatThrownBy(() -> ChildProcess.start(() -> System.out.println(thread)))
        .isExactlyInstanceOf(NotTransferableException.class)
        .hasMessageContaining("java.lang.Thread");
    assertThat(ChildProcess.activeChildren()).isEmpty();
  }

  @Test
  void thisProcessIsMainAndHasNoParent() {
    var self = ChildProcess.current();
    assertThat(self.name()).isEqualTo("main");
    assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(self.isAlive()).isTrue();
    assertThat(ChildProcess.parent()).isEmpty();
    assertThatThrownBy(self::join)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot wait for its own end");
    assertThatThrownBy(self::kill)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("started here");
    assertThatThrownBy(self::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aWorkingDirectoryThatDoesNotExistIsRefusedAtOnce() {
    var missing = directory.resolve("missing");
    assertThatThrownBy(() -> ChildProcess.builder().directory(missing).start(() -> {}))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith("directory=" + missing);
    assertThat(ChildProcess.activeChildren()).isEmpty();
  }

  @Test
  void aDirectoryThatVanishesBeforeTheStartIsToldByJoin() throws Exception {
    var place = Files.createDirectory(directory.resolve("place"));
    var child = ChildProcess.builder().directory(place).unstarted(() -> {});
    Files.delete(place);
    child.start();
    assertThatThrownBy(child::join)
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessageContaining("could not be started")
        .hasMessageContaining("create it first");
    assertThatThrownBy(child::pid).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(child::exitCode).isInstanceOf(IllegalStateException.class);
    assertThat(child.isAlive()).isFalse();
    assertThat(child.signal()).isEmpty();
    assertThat(child.onExit()).isCompletedExceptionally();
    assertThat(ChildProcess.activeChildren()).isEmpty();
  }

  @Test
  void optionsReachTheChild() throws Exception {
    var file = directory.resolve("options");
    var name = file.toString();
    var child =
        ChildProcess.builder()
            .jvmArguments("-Dprocession.test=x y")
            .environment("PROCESSION_TEST", "e")
            .directory(directory)
            .heapBytes(64 << 20)
            .start(() ->
                write(
                    name,
                    System.getProperty("procession.test")
                        + System.getenv("PROCESSION_TEST")
                        + Files.isSameFile(Path.of(""), Path.of(name).getParent())
                        + (Runtime.getRuntime().maxMemory() <= 64 << 20)));
    child.join();
    assertThat(file).hasContent("x yetruetrue");
  }

  @Test
  void itsStandardInputIsEmpty() throws Exception {
    var file = directory.resolve("stdin");
    var name = file.toString();
    var child = ChildProcess.start(() -> write(name, System.in.read()));
    child.join();
    assertThat(file).hasContent("-1");
  }

  @Test
  void aChildHasChildrenOfItsOwn() throws Exception {
    var file = directory.resolve("family");
    var name = file.toString();
    var child =
        ChildProcess.builder()
            .name("middle")
            .start(() -> {
              var grandchild =
                  ChildProcess.start(() -> {
                    var parent = ChildProcess.parent().orElseThrow();
                    write(
                        name,
                        ChildProcess.current().name()
                            + " of "
                            + parent.name()
                            + " "
                            + parent.pid());
                  });
              grandchild.join();
              System.exit(grandchild.exitCode() + 3);
            });
    child.join();
    assertThat(child.exitCode()).isEqualTo(3);
    assertThat(file).hasContent("middle-1 of middle " + child.pid());
  }

  @Test
  void aChildWaitsForItsChildrenAndTakesThemAlongWhenKilled() throws Exception {
    var started = flag("started");
    var go = flag("go");
    var ended = flag("ended");
    var patient =
        ChildProcess.start(() -> {
          var _ =
              ChildProcess.start(() -> {
                go.await();
                ended.raise();
              });
        });
    var killed =
        ChildProcess.start(() -> {
          var _ = ChildProcess.start(started::raiseAndSpin);
        });
    started.await();
    var grandchildren = ProcessHandle.of(killed.pid()).orElseThrow().descendants().toList();
    assertThat(grandchildren).isNotEmpty();
    killed.kill();
    killed.join();
    Await.until(
        () -> grandchildren.stream().noneMatch(ProcessHandle::isAlive),
        "the children of a killed child are gone");
    assertThat(patient.isAlive()).isTrue();
    go.raise();
    patient.join();
    assertThat(ended.isRaised()).isTrue();
    sweep();
  }

  /** In portable mode the next process that has children removes the files of a killed one. */
  private static void sweep() throws InterruptedException {
    ChildProcess.start(() -> ChildProcess.start(() -> {}).join()).join();
  }
}
