package io.procession.testkit;

import java.nio.file.Path;

/** Programs of tests that use the library which this JVM uses, on the same platform. */
final class Programs {

  private Programs() {}

  /** A script. */
  static Program script(Path file) {
    return prepared(Program.script(file));
  }

  /** A class of the tests. */
  static Program main(Class<?> mainClass) {
    return prepared(Program.main(mainClass.getName()));
  }

  private static Program prepared(Program program) {
    program
        .jvmArguments("-cp", System.getProperty("java.class.path"))
        .jvmArguments("--enable-native-access=ALL-UNNAMED");
    var platform = System.getProperty("procession.os");
    return platform == null ? program : program.jvmArguments("-Dprocession.os=" + platform);
  }
}
