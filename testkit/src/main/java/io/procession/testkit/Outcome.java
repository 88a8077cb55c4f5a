package io.procession.testkit;

import java.time.Duration;
import java.util.List;

/**
 * How a program ended.
 *
 * @param exitCode its exit code; 128 + n if signal n killed it
 * @param output what it wrote to stdout
 * @param errors what it wrote to stderr
 * @param elapsed how long it took, with the start of its JVM
 */
public record Outcome(int exitCode, String output, String errors, Duration elapsed) {

  /** The lines that it wrote to stdout. */
  public List<String> lines() {
    return output.lines().toList();
  }

  /** The lines that it wrote to stderr. */
  public List<String> errorLines() {
    return errors.lines().toList();
  }

  /** For messages: everything. */
  @Override
  public String toString() {
    return "exitCode=%d elapsed=%s%n--- stdout%n%s--- stderr%n%s"
        .formatted(exitCode, elapsed, output, errors);
  }
}
