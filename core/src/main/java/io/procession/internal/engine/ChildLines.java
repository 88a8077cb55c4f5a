package io.procession.internal.engine;

import org.jspecify.annotations.Nullable;

/** What becomes of the lines that children write, where they do not simply inherit the streams. */
public interface ChildLines {

  /** Where the lines of one child go. Called once for each child, before its first line. */
  Sink open(String name);

  /** Takes the lines of one child; of each of its streams from a thread of its own. */
  interface Sink {

    /**
     * Takes a line.
     *
     * @param isError whether it was written to stderr, not stdout
     * @param text the line without its end
     * @return what may be quoted when the child has crashed; null if it is nobody's business
     */
    @Nullable String line(boolean isError, String text);

    /** One of the streams has ended, and all its lines were told. */
    default void ended(boolean isError) {}
  }
}
