package io.procession.testkit.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Signals to any process, and what becomes of it; as Linux has it. */
public final class Signals {

  private Signals() {}

  /** Sends a signal by its short name, such as {@code STOP}. */
  public static void send(String signal, long pid) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
  }

  /** Waits until the kernel has the process in this state. */
  public static void awaitState(long pid, char state) throws IOException, InterruptedException {
    while (state(pid) != state) {
      Thread.sleep(1);
    }
  }

  /** Whether it is there and no zombie. */
  static boolean isAlive(long pid) throws IOException {
    var state = state(pid);
    return state != ' ' && state != 'Z';
  }

  private static char state(long pid) throws IOException {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2);
    } catch (NoSuchFileException gone) {
      return ' ';
    } catch (IOException vanishing) {
      if (Files.exists(Path.of("/proc", Long.toString(pid)))) {
        throw vanishing;
      }
      return ' ';
    }
  }
}
