package io.procession.internal.engine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The flags with which this JVM was started, in the form {@code --name=value}, in the order in
 * which they took effect.
 *
 * <p>Sources, best first: the {@code RuntimeMXBean} (exact: argument files, {@code
 * JDK_JAVA_OPTIONS}, {@code JAVA_TOOL_OPTIONS} and {@code _JAVA_OPTIONS} included; 5 to 10 ms when
 * cold), which needs the module {@code java.management}; else this process's command line and
 * environment, read as the {@code java} launcher reads them.
 *
 * @param flags the flags; incomplete if {@code lost} says so
 * @param lost what could not be found out, as a sentence, or null if nothing
 */
record ParentFlags(List<String> flags, @Nullable String lost) {

  private static final class Current {
    static final ParentFlags FLAGS = warned(read());

    private static ParentFlags warned(ParentFlags flags) {
      if (flags.lost() != null) {
        System.getLogger(ParentFlags.class.getName())
            .log(System.Logger.Level.WARNING, flags.lost());
      }
      return flags;
    }
  }

  /** The flags of this JVM; read once. */
  static ParentFlags current() {
    return Current.FLAGS;
  }

  private static ParentFlags read() {
    if (ModuleLayer.boot().findModule("java.management").isPresent()) {
      return new ParentFlags(Management.inputArguments(), null);
    }
    return readCommandLine(Path.of("/proc/self/cmdline"), System.getenv());
  }

  static ParentFlags readCommandLine(Path commandLineFile, Map<String, String> environment) {
    String text;
    try {
      text = new String(Files.readAllBytes(commandLineFile), nativeCharset());
    } catch (IOException e) {
      return new ParentFlags(
          LauncherCommandLine.environmentFlags(environment),
          "The flags of this JVM's own command line do not reach its child processes, for it can"
              + " be read neither from "
              + commandLineFile
              + " nor through the module java.management;"
              + " add --add-modules java.management. error="
              + e);
    }
    return LauncherCommandLine.flags(List.of(text.split("\0", -1)), environment);
  }

  static Charset nativeCharset() {
    return Charset.forName(
        System.getProperty("sun.jnu.encoding", "UTF-8"), Charset.defaultCharset());
  }

  /** Apart, so that a runtime without {@code java.management} never loads it. */
  private static final class Management {
    static List<String> inputArguments() {
      return List.copyOf(ManagementFactory.getRuntimeMXBean().getInputArguments());
    }
  }
}
