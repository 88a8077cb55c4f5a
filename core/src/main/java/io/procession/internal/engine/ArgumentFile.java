package io.procession.internal.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * The syntax of the {@code java} launcher's {@code @argfiles} and of {@code JDK_JAVA_OPTIONS}.
 *
 * <p>Arguments are parted by white space. Quotes ({@code "} or {@code '}) keep white space; inside
 * them a backslash escapes ({@code \n}, {@code \r}, {@code \t}, {@code \f}, else the character
 * itself; a backslash at the end of a line joins the next one). A {@code #} at the start of an
 * argument begins a comment. Source: the {@code java} command's manual page.
 */
final class ArgumentFile {

  private ArgumentFile() {}

  /** One argument a line, each quoted: what {@link #parse} reads back unchanged. */
  static String format(List<String> arguments) {
    var text = new StringBuilder();
    for (var argument : arguments) {
      text.append('"');
      for (int i = 0; i < argument.length(); i++) {
        switch (argument.charAt(i)) {
          case '"' -> text.append("\\\"");
          case '\\' -> text.append("\\\\");
          case '\n' -> text.append("\\n");
          case '\r' -> text.append("\\r");
          case '\t' -> text.append("\\t");
          case '\f' -> text.append("\\f");
          default -> text.append(argument.charAt(i));
        }
      }
      text.append("\"\n");
    }
    return text.toString();
  }

  /** The arguments that a file with this content gives. */
  static List<String> parse(String content) {
    var arguments = new ArrayList<String>();
    var current = new StringBuilder();
    boolean inside = false;
    char quote = 0;
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else if (c == '\\' && i + 1 < content.length()) {
          i = unescape(content, i + 1, current);
        } else {
          current.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        inside = true;
      } else if (isBlank(c)) {
        if (inside) {
          arguments.add(current.toString());
          current.setLength(0);
          inside = false;
        }
      } else if (c == '#' && !inside) {
        int end = content.indexOf('\n', i);
        i = end < 0 ? content.length() : end;
      } else {
        current.append(c);
        inside = true;
      }
    }
    if (inside) {
      arguments.add(current.toString());
    }
    return arguments;
  }

  /** Appends what the escape at {@code at} stands for; gives the index of its last character. */
  private static int unescape(String content, int at, StringBuilder target) {
    char c = content.charAt(at);
    switch (c) {
      case 'n' -> target.append('\n');
      case 'r' -> target.append('\r');
      case 't' -> target.append('\t');
      case 'f' -> target.append('\f');
      case '\n', '\r' -> {
        int next = at + 1;
        while (next < content.length() && isBlank(content.charAt(next))) {
          next++;
        }
        return next - 1;
      }
      default -> target.append(c);
    }
    return at;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f';
  }
}
