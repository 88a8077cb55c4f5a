package io.procession.internal.engine;

import io.procession.internal.wire.OutputMark;
import io.procession.internal.wire.Seam;
import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The allow-list: which flags of a JVM its child gets, too. Everything that is not named here stays
 * behind: debuggers, agents, monitoring ports, recordings, logs, dumps, archives, heap and
 * collector.
 */
final class InheritedFlags {

  private static final List<String> EXACT =
      List.of(
          "--enable-preview",
          "-ea",
          "-da",
          "-esa",
          "-dsa",
          "-enableassertions",
          "-disableassertions",
          "-enablesystemassertions",
          "-disablesystemassertions");

  private static final List<String> PREFIXES =
      List.of(
          "-ea:",
          "-da:",
          "-enableassertions:",
          "-disableassertions:",
          "--add-exports=",
          "--add-opens=",
          "--add-reads=",
          "--enable-native-access=",
          "--illegal-native-access=",
          "--enable-final-field-mutation=",
          "--illegal-final-field-mutation=",
          "--sun-misc-unsafe-memory-access=",
          "--limit-modules=");

  /** With a list of files, made absolute: the child may run in another directory. */
  private static final List<String> PATH_PREFIXES =
      List.of("--upgrade-module-path=", "-Xbootclasspath/a:");

  /** Properties that the JVM sets, that {@link JavaCommand} sets anew, or that open a port. */
  private static final Set<String> OWN_PROPERTIES =
      Set.of(
          "file.encoding",
          "java.class.path",
          "java.home",
          "stderr.encoding",
          "stdout.encoding",
          "sun.java.command",
          "sun.java.launcher",
          "user.dir",
          "user.timezone",
          JavaCommand.ARGUMENT_FILE_PROPERTY,
          OutputMark.PROPERTY,
          Seam.PROPERTY);

  private static final List<String> OWN_PROPERTY_PREFIXES =
      List.of(
          "com.sun.management.",
          "java.vm.",
          "jdk.module.",
          "sun.java.launcher.",
          "user.country",
          "user.extensions",
          "user.language",
          "user.region",
          "user.script",
          "user.variant");

  private InheritedFlags() {}

  /**
   * What of {@code flags} a child gets, each flag once, in order.
   *
   * @param addModules whether {@code --add-modules} is among it; not so if the child's root modules
   *     are named one by one
   */
  static List<String> of(List<String> flags, boolean addModules) {
    var inherited = new LinkedHashSet<String>();
    for (var flag : flags) {
      if (flag.startsWith("-D")) {
        if (isOfProgram(propertyName(flag))) {
          // The last of two equal names counts, so a repeated one moves to the end.
          inherited.remove(flag);
          inherited.add(flag);
        }
      } else if (EXACT.contains(flag)
          || PREFIXES.stream().anyMatch(flag::startsWith)
          || (addModules && flag.startsWith("--add-modules="))) {
        inherited.add(flag);
      } else if (flag.startsWith("--patch-module=")) {
        int path = flag.indexOf('=', "--patch-module=".length()) + 1;
        inherited.add(flag.substring(0, path) + absolute(flag.substring(path)));
      } else {
        PATH_PREFIXES.stream()
            .filter(flag::startsWith)
            .forEach(prefix -> inherited.add(prefix + absolute(flag.substring(prefix.length()))));
      }
    }
    return new ArrayList<>(inherited);
  }

  private static String propertyName(String flag) {
    int end = flag.indexOf('=');
    return end < 0 ? flag.substring(2) : flag.substring(2, end);
  }

  private static boolean isOfProgram(String property) {
    return !OWN_PROPERTIES.contains(property)
        && OWN_PROPERTY_PREFIXES.stream().noneMatch(property::startsWith);
  }

  /** The same list of paths with every relative one made absolute. */
  static String absolute(String paths) {
    return Stream.of(paths.split(File.pathSeparator, -1))
        .map(path -> new File(path).getAbsolutePath())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
