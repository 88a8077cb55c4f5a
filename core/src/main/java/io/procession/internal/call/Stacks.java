package io.procession.internal.call;

import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * What threads of this process are doing, as text. Among all of them virtual threads are not: to
 * list these the JVM needs far more than a moment.
 */
public final class Stacks {

  private static final String OURS = "procession-";

  private Stacks() {}

  /** A line for each thread and its frames; first the thread that runs the tasks, ours last. */
  public static String text() {
    var text = new StringBuilder();
    Thread.getAllStackTraces().entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> order(entry.getKey())))
        .forEach(entry -> append(text, entry.getKey(), entry.getValue()));
    return text.toString();
  }

  /** What one thread is doing, a virtual one too. */
  public static String of(Thread thread) {
    var text = new StringBuilder();
    append(text, thread, thread.getStackTrace());
    return text.toString();
  }

  private static long order(Thread thread) {
    return thread.getName().startsWith(OURS) ? Long.MAX_VALUE : thread.threadId();
  }

  private static void append(StringBuilder text, Thread thread, StackTraceElement[] frames) {
    text.append('"')
        .append(thread.getName())
        .append("\" #")
        .append(thread.threadId())
        .append(thread.isDaemon() ? " daemon " : " ")
        .append(thread.getState().name().toLowerCase(Locale.ROOT));
    var blocker = LockSupport.getBlocker(thread);
    if (blocker != null) {
      // Not the object's own words: these are user code.
      text.append(" on ").append(blocker.getClass().getName());
    }
    text.append('\n');
    for (var frame : frames) {
      text.append("    at ").append(frame).append('\n');
    }
  }
}
