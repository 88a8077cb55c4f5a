package io.procession.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Pool;
import io.procession.status.PoolStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {

  @TempDir Path directory = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int status(Path file) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute("status", file.toString());
  }

  @Test
  void itShowsThePoolAndItsWorkersAlsoAfterTheEnd() throws Exception {
    var file = directory.resolve("pool.status");
    try (var pool = Pool.builder().name("seen").workers(1).status(file).build()) {
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
      assertThat(status(file)).isZero();
      assertThat(out.toString())
          .contains("pool: seen RUNNING, of process " + ProcessHandle.current().pid() + "\n")
          .containsPattern("seen-worker-1 +\\d+ +[A-Z]+");
    }
    out.getBuffer().setLength(0);
    while (!out.toString().contains("TERMINATED")) {
      out.getBuffer().setLength(0);
      assertThat(status(file)).isZero();
    }
    assertThat(out.toString()).contains("done=1 failed=0").contains("workers: 0 crashed=0");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void itSaysHowManyWorkersTheFileHasNoRoomFor() throws Exception {
    var file = directory.resolve("pool.status");
    var name = "n".repeat(10_000);
    try (var _ = Pool.builder().threads().name(name).workers(20).status(file).build()) {
      while (PoolStatus.read(file).workersLeftOut() == 0) {
        Thread.sleep(5);
      }
      assertThat(status(file)).isZero();
    }
    var listed = out.toString().lines().filter(line -> line.startsWith(name)).count();
    assertThat(listed).isBetween(5L, 15L);
    assertThat(out.toString())
        .contains("workers: 20 crashed=0\n")
        .endsWith("and %d more, for which the status file has no room\n".formatted(20 - listed));
  }

  @Test
  void whatIsNoStatusFileIsSaidToBeNone() throws Exception {
    var other = Files.writeString(directory.resolve("other"), "text");
    assertThat(status(other)).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("procession: this is no status file")
        .endsWith("file=" + other + "\n");
    assertThat(status(directory.resolve("none"))).isEqualTo(2);
    assertThat(err.toString()).contains("there is no such file");
  }
}
