package io.procession;

import io.procession.internal.engine.ChildLines;

/** What one task or process has written so far: the end of it, if it is too much. */
final class Capture implements ChildLines, ChildLines.Sink {

  private final int mostChars;
  private final StringBuilder text = new StringBuilder(0);
  private final StringBuilder errors = new StringBuilder(0);
  private long cutChars;

  /** Whether all that the task wrote to the stream is here. */
  private boolean textEnded;

  private boolean errorsEnded;

  Capture(int mostChars) {
    this.mostChars = mostChars;
  }

  @Override
  public Sink open(String name) {
    return this;
  }

  @Override
  public String line(boolean isError, String line) {
    append(isError, line, true);
    return line;
  }

  synchronized void append(boolean isError, String line, boolean isWhole) {
    var to = isError ? errors : text;
    to.append(line);
    if (isWhole) {
      to.append('\n');
    }
    if (to.length() / 2 > mostChars) {
      cut(to);
    }
  }

  private void cut(StringBuilder of) {
    var more = of.length() - mostChars;
    if (more > 0) {
      of.delete(0, more);
      cutChars += more;
    }
  }

  /** The task begins, perhaps once more, to write to the stream. */
  synchronized void begin(boolean isError) {
    setEnded(isError, false);
  }

  /** The task has ended, and all that it wrote to the stream is here. */
  synchronized void end(boolean isError) {
    setEnded(isError, true);
    notifyAll();
  }

  private void setEnded(boolean isError, boolean ended) {
    if (isError) {
      errorsEnded = ended;
    } else {
      textEnded = ended;
    }
  }

  synchronized boolean hasEnded(boolean isError) {
    return isError ? errorsEnded : textEnded;
  }

  synchronized CapturedOutput soFar() {
    cut(text);
    cut(errors);
    return new CapturedOutput(text.toString(), errors.toString(), cutChars);
  }
}
