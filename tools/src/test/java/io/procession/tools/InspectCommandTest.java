package io.procession.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedDoubleArray;
import io.procession.shared.SharedLock;
import io.procession.shared.SharedLong;
import io.procession.shared.SharedQueue;
import io.procession.shared.SharedSemaphore;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class InspectCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int inspect(Object pid) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute("inspect", pid.toString());
  }

  @Test
  void itListsWhatIsSharedAndByWhom() throws Exception {
    var self = ProcessHandle.current().pid();
    try (var value = SharedLong.create(42);
        var array = SharedDoubleArray.create(1000);
        var queue = SharedQueue.<String>bounded(5);
        var semaphore = SharedSemaphore.createBounded(3);
        var lock = SharedLock.create()) {
      assertThat(array.length()).isEqualTo(1000);
      queue.put("one");
      queue.put("two");
      semaphore.acquire();
      lock.lock();
      try {
        assertThat(inspect(self)).isZero();
      } finally {
        lock.unlock();
      }
      assertThat(value.get()).isEqualTo(42);
    }
    assertThat(out.toString().lines()).first().asString().isEqualTo("processes: " + self);
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("SharedLong +\\d+ +8 +- +0 +0 +value=42 +" + self))
        .anyMatch(line -> line.matches("SharedDoubleArray .* 8000 .*length=1000 .*"))
        .anyMatch(line -> line.matches("SharedQueue .*elements=2 .*"))
        .anyMatch(line -> line.matches("SharedSemaphore .*available=2 of=3 .*"))
        .anyMatch(line -> line.matches("SharedLock +\\d+ +\\d+ +" + self + " +0 .*"));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aProcessThatDoesNotExistIsWrongUse() {
    assertThat(inspect(Integer.MAX_VALUE)).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("procession: there is no such process")
        .endsWith("pid=" + Integer.MAX_VALUE + "\n");
  }

  @Test
  void aProcessThatSharesNothingIsWrongUse() throws Exception {
    var process = new ProcessBuilder("sleep", "60").start();
    try {
      assertThat(inspect(process.pid())).isEqualTo(2);
      assertThat(err.toString())
          .contains("shares no memory through Procession")
          .endsWith("pid=" + process.pid() + "\n");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void whatIsNoNumberIsWrongUse() {
    assertThat(inspect("main")).isEqualTo(2);
    assertThat(err.toString()).contains("<pid>").contains("'main'");
  }
}
