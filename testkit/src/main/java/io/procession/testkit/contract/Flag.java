package io.procession.testkit.contract;

import io.procession.testkit.Await;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A flag that one process raises and others see: a file. It travels with tasks.
 *
 * @param file its absolute path
 */
public record Flag(String file) {

  /** A flag that is not raised yet, in a directory of the test's own. */
  public static Flag in(Path directory, String name) {
    return new Flag(directory.resolve(name).toAbsolutePath().toString());
  }

  /** Raises it; raising it again does nothing. */
  public void raise() throws IOException {
    try {
      Files.createFile(Path.of(file));
    } catch (FileAlreadyExistsException e) {
      // somebody else raised it
    }
  }

  /** Whether it was raised. */
  public boolean isRaised() {
    return Files.exists(Path.of(file));
  }

  /** Waits until it is raised; interruptible. */
  public void await() throws InterruptedException {
    Await.until(this::isRaised, "the flag is raised: " + file);
  }

  /** Raises {@code this} and then waits for ever, or until an interrupt. */
  public void raiseAndSleep() throws IOException, InterruptedException {
    raise();
    while (true) {
      Thread.sleep(1000);
    }
  }

  /**
   * Raises {@code this} and then computes, whatever interrupts it, until the flag's file is deleted
   * with the test's directory: a thread that runs this cannot be killed.
   */
  public long raiseAndSpin() throws IOException {
    raise();
    var turns = 0L;
    while (++turns % 10_000_000 != 0 || isRaised()) {
      Thread.onSpinWait();
    }
    return turns;
  }
}
