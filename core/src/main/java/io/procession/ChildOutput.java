package io.procession;

import io.procession.internal.engine.ChildLines;
import java.io.PrintStream;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of what child processes write to stdout and stderr: a choice for {@link
 * PoolBuilder#output} and {@link ChildProcessBuilder#output}.
 *
 * <p>Lines are never torn: a line is passed on when it is complete, or has 1 MiB, or its stream
 * ends. Those of one stream come in their order, and one at a time, also if several children write.
 * Output of programs that the child starts, and of native code, counts as the child's own.
 */
public abstract sealed class ChildOutput {

  private static final int DEFAULT_CHARS = 1 << 20;

  private ChildOutput() {}

  /**
   * The children write to where this process writes to. Where {@code System.out} was replaced, as
   * in JShell and in test runners, their stdout goes there.
   */
  public static ChildOutput inherited() {
    return new Inherited();
  }

  /** As {@link #inherited}, and each line begins with the child's name, a colon and a space. */
  public static ChildOutput prefixed() {
    return new Consumed(ChildOutput::printPrefixed);
  }

  /** {@link #captured(int)} with a million characters. */
  public static ChildOutput captured() {
    return captured(DEFAULT_CHARS);
  }

  /**
   * What is written is kept, for {@link Task#output} or {@link ChildProcess#output}, and goes
   * nowhere else. Of the tasks of a pool, those that have no {@link Task}, such as the items of a
   * {@code map}, write as if it were {@link #inherited}, and so does what no task writes, such as a
   * thread that it left behind.
   *
   * @param mostChars how many characters of each task and stream are kept: the last ones
   * @throws IllegalArgumentException if {@code mostChars} is not positive
   */
  public static ChildOutput captured(int mostChars) {
    if (mostChars < 1) {
      throw new IllegalArgumentException(
          "there must be room for at least one character. mostChars=" + mostChars);
    }
    return new Captured(mostChars);
  }

  /**
   * Each line goes to {@code consumer}, called by one thread at a time. One that blocks holds up
   * the children's writing, and {@link ChildProcess#join}; what it throws is ignored but for the
   * first time, which is logged.
   */
  public static ChildOutput toConsumer(Consumer<? super OutputLine> consumer) {
    return new Consumed(Objects.requireNonNull(consumer, "consumer"));
  }

  static final class Inherited extends ChildOutput {}

  static final class Captured extends ChildOutput {
    final int mostChars;

    Captured(int mostChars) {
      this.mostChars = mostChars;
    }
  }

  static final class Consumed extends ChildOutput implements ChildLines {

    private final Consumer<? super OutputLine> consumer;
    private boolean hasFailed;

    Consumed(Consumer<? super OutputLine> consumer) {
      this.consumer = consumer;
    }

    @Override
    public Sink open(String name) {
      return (isError, text) -> {
        tell(new OutputLine(name, isError, text));
        return text;
      };
    }

    private void tell(OutputLine line) {
      synchronized (consumer) {
        try {
          consumer.accept(line);
        } catch (RuntimeException | Error e) {
          // The child must not be blocked by a full pipe: the next line is read.
          if (!hasFailed) {
            hasFailed = true;
            System.getLogger(ChildOutput.class.getName())
                .log(
                    System.Logger.Level.WARNING,
                    "a consumer of the lines that children write failed; it is told of the next"
                        + " lines all the same. name="
                        + line.name(),
                    e);
          }
        }
      }
    }
  }

  private static void printPrefixed(OutputLine line) {
    print(line.isError(), line.name() + ": " + line.text(), true);
  }

  /** Writes to this process's own stream. */
  static void print(boolean isError, String text, boolean isWhole) {
    Supplier<PrintStream> stream = isError ? () -> System.err : () -> System.out;
    var current = stream.get();
    synchronized (current) {
      if (isWhole) {
        current.println(text);
      } else {
        current.print(text);
      }
      current.flush();
    }
  }

  /** The consumer of the lines; null where children inherit the streams. */
  @Nullable ChildLines lines() {
    return this instanceof Consumed consumed ? consumed : null;
  }
}
