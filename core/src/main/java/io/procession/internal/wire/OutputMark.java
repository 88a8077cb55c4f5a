package io.procession.internal.wire;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A line that a worker writes into its own stdout and stderr where a call begins or ends. It starts
 * with a mark that no user's text has, may follow an incomplete line, and is one write, so that
 * nothing comes between its characters.
 *
 * <pre>
 *    mark  + │ -   sequence  :  index
 * </pre>
 */
public record OutputMark(boolean isBegin, long sequence, int index) {

  /** Tells a worker its mark. */
  public static final String PROPERTY = "procession.outputMark";

  /** A new mark. */
  public static String random() {
    var bytes = new byte[12];
    ThreadLocalRandom.current().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Where the mark starts in {@code line}; -1 if it is not there. */
  public static int find(String mark, String line) {
    return line.indexOf('\0' + mark);
  }

  /** The line, with its end. */
  public String toLine(String mark) {
    return '\0' + mark + (isBegin ? '+' : '-') + sequence + ':' + index + '\n';
  }

  /** Reads the mark that {@link #find} found; null if it is none after all. */
  public static @Nullable OutputMark read(String mark, String line, int at) {
    var content = line.substring(at + 1 + mark.length()).strip();
    var colon = content.indexOf(':');
    if (colon < 2) {
      return null;
    }
    try {
      return new OutputMark(
          content.charAt(0) == '+',
          Long.parseLong(content, 1, colon, 10),
          Integer.parseInt(content, colon + 1, content.length(), 10));
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
