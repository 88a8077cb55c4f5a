package io.procession;

/**
 * What a task, or a child process, has written.
 *
 * @param text what it wrote to stdout; its end, if it was too much
 * @param errors what it wrote to stderr; its end, if it was too much
 * @param cutChars how many characters are missing at the beginnings because it was too much
 */
public record CapturedOutput(String text, String errors, long cutChars) {

  /** Whether something is missing because it was too much. */
  public boolean isCut() {
    return cutChars > 0;
  }
}
