package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.ChildOutput;
import io.procession.ChildProcess;
import io.procession.OutputLine;
import io.procession.Pool;
import io.procession.Task;
import io.procession.WorkerCrashedException;
import io.procession.testkit.contract.Flag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of what children write. */
@NoLeaks
class ChildOutputTest {

  @TempDir Path directory = Path.of("");

  @Test
  void eachTaskHasItsOwnOutput() throws Exception {
    try (var pool = Pool.builder().workers(2).output(ChildOutput.captured()).build()) {
      for (var round = 0; round < 5; round++) {
        var tasks =
            pool.mapAsync(
                n -> {
                  System.out.println("out " + n);
                  System.err.println("err " + n);
                  System.out.print("incomplete " + n);
                  return n;
                },
                IntStream.range(0, 200));
        for (var task : tasks) {
          var n = task.get();
          assertThat(task.output().text()).isEqualTo("out %d\nincomplete %d".formatted(n, n));
          assertThat(task.output().errors()).isEqualTo("err %d\n".formatted(n));
          assertThat(task.output().isCut()).isFalse();
        }
      }
      var silent = pool.submit(() -> 1);
      assertThat(silent.get()).isEqualTo(1);
      assertThat(silent.output().text()).isEmpty();
      var failed =
          pool.submit(() -> {
            System.out.println("before");
            throw new IllegalStateException("no");
          });
      assertThatThrownBy(failed::get).hasMessageContaining("no");
      assertThat(failed.output().text()).isEqualTo("before\n");
    }
  }

  @Test
  void programsThatATaskStartsAndItsLastWordsAreInItsOutput() throws Exception {
    try (var pool = Pool.builder().workers(1).output(ChildOutput.captured()).build()) {
      var program =
          pool.submit(() -> new ProcessBuilder("echo", "hello").inheritIO().start().waitFor());
      assertThat(program.get()).isZero();
      assertThat(program.output().text()).isEqualTo("hello\n");
      var crashed =
          pool.submit(() -> {
            System.out.println("last words");
            System.err.println("last errors");
            Runtime.getRuntime().halt(3);
          });
      assertThatThrownBy(crashed::get)
          .cause()
          .isInstanceOfSatisfying(
              WorkerCrashedException.class,
              crash -> assertThat(crash.lastLines()).contains("last errors"))
          .message()
          .doesNotContain("\0");
      assertThat(crashed.output().text()).isEqualTo("last words\n");
      assertThat(crashed.output().errors()).isEqualTo("last errors\n");
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    }
  }

  @Test
  void outputThatIsTooMuchLosesItsBeginningAndSaysSo() throws Exception {
    try (var pool = Pool.builder().workers(1).output(ChildOutput.captured(100)).build()) {
      var task =
          pool.submit(() -> {
            for (var i = 0; i < 1000; i++) {
              System.out.println("line " + i);
            }
          });
      task.get();
      assertThat(task.output().text()).hasSize(100).endsWith("line 998\nline 999\n");
      assertThat(task.output().isCut()).isTrue();
      assertThat(task.output().cutChars()).isEqualTo(1000 * 6 + 2890 - 100);
    }
  }

  @Test
  void aTaskThatIsRunAgainHasTheOutputOfBothRuns() throws Exception {
    var first = Flag.in(directory, "first");
    try (var pool = Pool.builder().workers(1).retries(1).output(ChildOutput.captured()).build()) {
      var task =
          pool.submit(() -> {
            System.out.println("run");
            if (!first.isRaised()) {
              first.raise();
              Runtime.getRuntime().halt(3);
            }
          });
      task.get();
      assertThat(task.output().text()).isEqualTo("run\nrun\n");
    }
  }

  @Test
  void aTaskThatClosesItsOutputStillEnds() throws Exception {
    try (var pool = Pool.builder().workers(1).output(ChildOutput.captured()).build()) {
      var closing =
          pool.submit(() -> {
            System.out.println("before");
            new java.io.FileOutputStream(java.io.FileDescriptor.out).close();
          });
      closing.get();
      assertThat(closing.output().text()).isEqualTo("before\n");
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    }
  }

  @Test
  void withoutCapturingThereIsNoOutputToAskFor() throws Exception {
    try (var pool = Pool.ofProcesses(1)) {
      Task<Integer> task = pool.submit(() -> 1);
      assertThatThrownBy(task::output)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("ChildOutput.captured()");
      assertThat(task.get()).isEqualTo(1);
    }
  }

  @Test
  void aConsumerGetsWholeLinesInTheirOrder() {
    var lines = Collections.synchronizedList(new ArrayList<OutputLine>());
    try (var pool =
        Pool.builder()
            .name("p")
            .workers(2)
            .output(
                ChildOutput.toConsumer(line -> {
                  lines.add(line);
                  if (line.text().endsWith("7")) {
                    throw new IllegalStateException("a consumer that fails");
                  }
                }))
            .build()) {
      pool.forEach(n -> System.out.println("line " + n), IntStream.range(0, 2000));
      pool.forEach(n -> System.err.println("error " + n), IntStream.range(0, 10));
    }
    assertThat(lines.stream().filter(line -> !line.isError()))
        .hasSize(2000)
        .extracting(OutputLine::text)
        .containsAll(IntStream.range(0, 2000).mapToObj(n -> "line " + n).toList());
    assertThat(lines.stream().filter(OutputLine::isError)).hasSize(10);
    assertThat(lines.stream().map(OutputLine::name).distinct())
        .isSubsetOf("p-worker-1", "p-worker-2");
  }

  @Test
  void aChildsOutputIsWholeWhenItIsJoined() throws Exception {
    for (var round = 0; round < 3; round++) {
      var child =
          ChildProcess.builder()
              .output(ChildOutput.captured())
              .start(() -> {
                for (var i = 0; i < 1000; i++) {
                  System.out.println(i);
                }
                System.err.print("end");
              });
      child.join();
      assertThat(child.output().text().lines()).hasSize(1000).last().isEqualTo("999");
      assertThat(child.output().errors()).isEqualTo("end\n");
      assertThatThrownBy(() -> ChildProcess.current().output())
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aPrefixNamesTheWorker() throws Exception {
    var file = directory.resolve("Prefix.java");
    Files.writeString(
        file,
        """
        import io.procession.*;
        void main() {
          try (var pool = Pool.builder().name("p").workers(2).output(ChildOutput.prefixed()).build()) {
            pool.forEach(n -> {
              System.out.println("out " + n);
              System.err.println("err " + n);
            }, java.util.stream.IntStream.range(0, 100));
          }
          IO.println("end");
        }
        """);
    var outcome = Programs.script(file).run();
    assertThat(outcome.lines()).last().isEqualTo("end");
    assertThat(wordsOf(outcome.lines(), "out")).hasSize(100);
    assertThat(wordsOf(outcome.errors().lines().toList(), "err")).hasSize(100);
  }

  private static List<String> wordsOf(List<String> lines, String word) {
    return lines.stream()
        .filter(line -> line.matches("p-worker-[12]: " + word + " \\d+"))
        .collect(Collectors.toList());
  }

  @Test
  void tasksThatNobodyAsksWriteWherePoolsUsuallyDo() throws Exception {
    var file = directory.resolve("Unasked.java");
    Files.writeString(
        file,
        """
        import io.procession.*;
        void main() {
          try (var pool = Pool.builder().workers(2).output(ChildOutput.captured()).build()) {
            pool.forEach(n -> System.out.println("out " + n), java.util.stream.IntStream.range(0, 50));
          }
          IO.println("end");
        }
        """);
    var outcome = Programs.script(file).run();
    assertThat(outcome.lines())
        .containsAll(IntStream.range(0, 50).mapToObj(n -> "out " + n).toList())
        .noneMatch(line -> line.contains("\0"))
        .last()
        .isEqualTo("end");
  }
}
