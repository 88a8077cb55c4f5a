package io.procession.tools;

import io.procession.RemoteException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where the library and the JVM are that this tool runs with: a script gets the same. */
final class LibraryLocation {

  private static final String MODULE = "io.procession";

  private LibraryLocation() {}

  /** The options that make the library a module that a script can import. */
  static List<String> find() {
    var source = RemoteException.class.getProtectionDomain().getCodeSource();
    var options = new ArrayList<String>();
    if (source != null && source.getLocation().getProtocol().equals("file")) {
      options.add("-p");
      options.add(Path.of(URI.create(source.getLocation().toString())).toString());
    }
    options.addAll(List.of("--add-modules", MODULE, "--enable-native-access=" + MODULE));
    return options;
  }

  /**
   * The {@code java} beside this runtime.
   *
   * @throws WrongUse if there is none
   */
  static Path java() {
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    if (!Files.isExecutable(java) && !Files.isExecutable(Path.of(java + ".exe"))) {
      throw new WrongUse(
          "this Java runtime has no java command; run the tool with a full JDK. java.home="
              + System.getProperty("java.home"));
    }
    return java;
  }
}
