package io.procession;

/**
 * A line that a child process or a worker wrote.
 *
 * @param name the child's name, such as {@code pool-1-worker-2}
 * @param isError whether it was written to stderr, not stdout
 * @param text the line, without its end
 */
public record OutputLine(String name, boolean isError, String text) {}
