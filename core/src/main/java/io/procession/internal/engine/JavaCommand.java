package io.procession.internal.engine;

import io.procession.internal.os.Platform;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * The command that starts a child JVM like this one.
 *
 * <p>From this JVM the child has: the {@code java} binary, class path, module path and root
 * modules, the flags of {@link InheritedFlags}, the current locales, time zone and encodings, and
 * the environment without the variables from which a JVM takes options (their allowed content is
 * among the flags). Heap, collector and everything else are set for a worker: Serial GC, and loops
 * that can be stopped.
 *
 * <p>{@link #close} deletes the argument file, if one was needed; call it as soon as the child is
 * up or dead. As a second net against a parent that is killed in between, the child finds its path
 * in the system property {@value #ARGUMENT_FILE_PROPERTY} and may delete it itself.
 */
public final class JavaCommand implements AutoCloseable {

  /** In a child that was started through an argument file: that file's path. */
  public static final String ARGUMENT_FILE_PROPERTY = "procession.argumentFile";

  /** From these a JVM takes options. */
  private static final Set<String> OPTION_VARIABLES =
      Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  /**
   * Above this, all arguments go through a file. Linux allows 128 KiB for one argument, and a
   * quarter of the stack's limit, as a rule 2 MiB, for all of them and the environment.
   */
  static final int MAX_ARGUMENT_BYTES = 96 * 1024;

  /** Diagnostic flags come and go: they are given only to the JDK that is known to have them. */
  private static final int KNOWN_JDK = 25;

  private final List<String> arguments;
  private final LaunchOptions options;

  /** What it uses, or what is missing; null where there can be none. */
  private final @Nullable AotCache cache;

  private @Nullable Path argumentFile;

  private JavaCommand(List<String> arguments, LaunchOptions options, @Nullable AotCache cache) {
    this.arguments = List.copyOf(arguments);
    this.options = options;
    this.cache = cache;
  }

  /**
   * Works out the command; starts nothing.
   *
   * @throws IllegalStateException if this runtime has no executable {@code java}, the working
   *     directory does not exist, or the library's own classes cannot be put where a child finds
   *     them; the message names the remedy
   */
  public static JavaCommand of(LaunchOptions options) {
    checkDirectory(options.directory());
    var modules = ParentModules.current(ParentFlags.current().lost() == null);
    var command = of(options, modules, List.of(), null);
    if (modules.libraryModule() != null) {
      return command;
    }
    var library = LibraryJar.locate();
    var cache = AotCache.of(library, withoutClassPath(command.arguments));
    if (cache == null) {
      return command;
    }
    return cache.isUsable()
        ? of(options, modules.withLibrary(library, cache.jar()), cache.flags(), cache)
        : new JavaCommand(command.arguments, options, cache);
  }

  /**
   * The command for a child that has nothing but this library on its class path, uses no {@link
   * AotCache}, and has none of the parent's system properties.
   *
   * @param jar the library
   */
  public static JavaCommand ofLibraryAlone(LaunchOptions options, Path jar) {
    var modules = ParentModules.current(ParentFlags.current().lost() == null);
    var alone = modules.withClassPath(List.of(jar.toString()));
    var command = of(options, alone, List.of("-D" + AotCache.PROPERTY + "=off"), null);
    var own = List.of("-D" + AotCache.PROPERTY, "-D" + Platform.PROPERTY);
    var arguments = new ArrayList<>(command.arguments);
    arguments.removeIf(each -> each.startsWith("-D") && own.stream().noneMatch(each::startsWith));
    return new JavaCommand(arguments, options, null);
  }

  private static List<String> withoutClassPath(List<String> arguments) {
    var at = arguments.indexOf("--class-path");
    return at < 0 ? arguments.subList(1, arguments.size()) : arguments.subList(1, at);
  }

  private static JavaCommand of(
      LaunchOptions options,
      ParentModules modules,
      List<String> cacheFlags,
      @Nullable AotCache cache) {
    var flags = ParentFlags.current();
    var library = modules.libraryModule();
    var shared = new LinkedHashSet<>(InheritedFlags.of(flags.flags(), library == null));
    shared.addAll(modules.manifestFlags());
    shared.add("--enable-native-access=" + (library == null ? "ALL-UNNAMED" : library));

    var arguments = new ArrayList<String>();
    arguments.add(javaBinary(Path.of(System.getProperty("java.home"))).toString());
    arguments.addAll(workerFlags(options));
    arguments.addAll(shared);
    arguments.addAll(cacheFlags);
    arguments.addAll(localeFlags());
    arguments.addAll(encodingFlags());
    arguments.addAll(options.jvmArguments());
    arguments.addAll(modules.arguments());
    if (library != null) {
      arguments.add("--module");
      arguments.add(library + "/" + options.mainClass());
    } else {
      arguments.add(options.mainClass());
    }
    arguments.addAll(options.mainArguments());
    return new JavaCommand(arguments, options, cache);
  }

  /** The encoding in which the child writes its standard output. */
  public static Charset outputCharset() {
    return System.out.charset();
  }

  /** The encoding in which the child writes its standard error. */
  public static Charset errorCharset() {
    return System.err.charset();
  }

  /** The whole command, the binary first; long ones are not yet put into a file. */
  public List<String> arguments() {
    return arguments;
  }

  /**
   * A builder with command, environment and directory set; redirections are the caller's. A long
   * command is written to a file that only this user can read.
   *
   * @throws IOException if that file cannot be written
   */
  public ProcessBuilder processBuilder() throws IOException {
    var builder = new ProcessBuilder();
    builder.environment().keySet().removeAll(OPTION_VARIABLES);
    // It refuses names such as "A=B": before the file is there, which nobody would delete.
    builder.environment().putAll(options.environment());
    var command = new ArrayList<>(Platform.current().detaching());
    command.addAll(shortened());
    builder.command(command);
    var directory = options.directory();
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    return builder;
  }

  /** Called when the command was run: sees to it that there is an AOT cache for the next one. */
  void started() throws IOException {
    if (cache == null) {
      return;
    }
    if (usesCache()) {
      cache.touch();
    } else {
      AotBuild.request(cache, options);
    }
  }

  /** Called when the JVM crashed before it could run anything. */
  void failed() throws IOException {
    if (cache != null && usesCache()) {
      cache.distrust();
    }
  }

  private boolean usesCache() {
    return arguments.stream().anyMatch(argument -> argument.startsWith("-XX:AOTCache="));
  }

  /** Deletes the argument file if there is one; may be called more than once. */
  @Override
  public synchronized void close() throws IOException {
    var file = argumentFile;
    if (file != null) {
      Files.deleteIfExists(file);
      argumentFile = null;
    }
  }

  private synchronized List<String> shortened() throws IOException {
    var charset = ParentFlags.nativeCharset();
    long bytes = arguments.stream().mapToLong(a -> a.getBytes(charset).length + 1L).sum();
    if (bytes <= MAX_ARGUMENT_BYTES) {
      return arguments;
    }
    var file = argumentFile;
    if (file == null) {
      file = Files.createTempFile("procession-arguments-", ".txt").toAbsolutePath();
      argumentFile = file;
    }
    var inFile = new ArrayList<>(arguments.subList(1, arguments.size()));
    inFile.addFirst("-D" + ARGUMENT_FILE_PROPERTY + "=" + file);
    Files.writeString(file, ArgumentFile.format(inFile), charset);
    return List.of(arguments.getFirst(), "@" + file);
  }

  private static void checkDirectory(@Nullable Path directory) {
    if (directory != null && !Files.isDirectory(directory)) {
      throw new IllegalStateException(
          "The working directory for a child process is no directory; create it first, or name"
              + " another. directory="
              + directory);
    }
  }

  static Path javaBinary(Path javaHome) {
    var windows = System.getProperty("os.name", "").startsWith("Windows");
    var binary = javaHome.resolve("bin", windows ? "java.exe" : "java");
    if (!Files.isExecutable(binary)) {
      throw new IllegalStateException(
          "This Java runtime has no executable launcher with which to start a child process; run on"
              + " a JDK, or build the runtime image without --strip-native-commands. launcher="
              + binary);
    }
    return binary;
  }

  private static List<String> workerFlags(LaunchOptions options) {
    var flags = new ArrayList<String>();
    if (options.jvmArguments().stream().noneMatch(a -> a.matches("-XX:\\+Use\\w+GC"))) {
      flags.add("-XX:+UseSerialGC");
    }
    flags.add("-XX:+UseCountedLoopSafepoints");
    flags.add("-XX:LoopStripMiningIter=1000");
    flags.add("-XX:-UsePerfData");
    if (Runtime.version().feature() == KNOWN_JDK) {
      // An idle JVM wakes four times a second to look whether monitors should be given back.
      flags.add("-XX:+UnlockDiagnosticVMOptions");
      flags.add("-XX:AsyncDeflationInterval=5000");
    }
    // Standard output is the user's: what the JVM has to say goes to standard error.
    flags.add("-XX:+DisplayVMOutputToStderr");
    flags.add("-Xlog:disable");
    flags.add("-Xlog:all=warning:stderr");
    if (options.processors() > 0) {
      flags.add("-XX:ActiveProcessorCount=" + options.processors());
    }
    if (options.maxHeapBytes() > 0) {
      flags.add("-Xmx" + options.maxHeapBytes());
    } else if (options.maxHeapPercent() > 0) {
      flags.add("-XX:MaxRAMPercentage=" + options.maxHeapPercent());
    }
    var crashDirectory = options.crashDirectory();
    if (crashDirectory != null) {
      var directory = crashDirectory.toAbsolutePath().toString().replace("%", "%%");
      flags.add("-XX:ErrorFile=" + directory + "/hs_err_pid%p.log");
    }
    return flags;
  }

  private static List<String> localeFlags() {
    var flags = new ArrayList<String>();
    addLocale(flags, Locale.getDefault(), "");
    addLocale(flags, Locale.getDefault(Locale.Category.DISPLAY), ".display");
    addLocale(flags, Locale.getDefault(Locale.Category.FORMAT), ".format");
    flags.add("-Duser.timezone=" + timeZone(TimeZone.getDefault()));
    return flags;
  }

  private static void addLocale(List<String> flags, Locale locale, String category) {
    flags.add("-Duser.language" + category + "=" + locale.getLanguage());
    flags.add("-Duser.script" + category + "=" + locale.getScript());
    flags.add("-Duser.country" + category + "=" + locale.getCountry());
    flags.add("-Duser.variant" + category + "=" + locale.getVariant());
    if (locale.hasExtensions()) {
      var extensions =
          locale.getExtensionKeys().stream().map(key -> key + "-" + locale.getExtension(key));
      flags.add("-Duser.extensions" + category + "=" + String.join("-", extensions.toList()));
    }
  }

  /** The zone's name; a zone that a program made itself has none, so its offset must do. */
  private static String timeZone(TimeZone zone) {
    if (TimeZone.getTimeZone(zone.getID()).hasSameRules(zone)) {
      return zone.getID();
    }
    int minutes = zone.getRawOffset() / 60_000;
    return String.format(
        Locale.ROOT,
        "GMT%s%02d:%02d",
        minutes < 0 ? "-" : "+",
        Math.abs(minutes) / 60,
        Math.abs(minutes) % 60);
  }

  private static List<String> encodingFlags() {
    var flags = new ArrayList<String>();
    if (!Charset.defaultCharset().equals(StandardCharsets.UTF_8)) {
      flags.add("-Dfile.encoding=" + Charset.defaultCharset().name());
    }
    flags.add("-Dstdout.encoding=" + outputCharset().name());
    flags.add("-Dstderr.encoding=" + errorCharset().name());
    return flags;
  }
}
