package io.procession.internal.codec;

import java.nio.file.Files;
import java.nio.file.Path;

/** The other process: reads each case, checks it, and writes it again. */
final class CaseReader {

  private CaseReader() {}

  public static void main(String[] arguments) throws Exception {
    var directory = Path.of(arguments[0]);
    var cases = Cases.all();
    for (var i = 0; i < cases.size(); i++) {
      var result = directory.resolve(i + ".back");
      try {
        var value = Messages.read(Files.readAllBytes(directory.resolve(i + ".there")));
        cases.get(i).check().check(value);
        Files.write(
            result,
            Messages.write(Messages.read(Files.readAllBytes(directory.resolve(i + ".there")))));
      } catch (Throwable e) {
        Files.writeString(directory.resolve(i + ".error"), trace(e));
      }
    }
  }

  private static String trace(Throwable e) {
    var text = new java.io.StringWriter();
    e.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }
}
