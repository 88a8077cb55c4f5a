package io.procession.internal.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts a child JVM that tells what it sees; runs in any kind of parent JVM.
 *
 * <p>The child's {@code stdin} and {@code stdout} carry its class requests: here they may.
 */
public final class LaunchProbe {

  static final String CHILD = "io.procession.internal.worker.ProbeMain";

  private LaunchProbe() {}

  /** A parent JVM: prints what its child sees, {@code key=value}; an argument asks for more. */
  public static void main(String[] args) throws Exception {
    print(childSees(LaunchOptions.of(CHILD), null, args.length > 0));
  }

  /** The same from another main class, such as a script's, with one of its classes to run. */
  public static void report(Class<?> wanted) throws Exception {
    print(childSees(LaunchOptions.of(CHILD), wanted, false));
  }

  private static void print(Map<String, String> seen) {
    seen.forEach((key, value) -> System.out.println(key + "=" + value.replace("\n", "\\n")));
    System.out.flush();
  }

  static Map<String, String> childSees(
      LaunchOptions options, @Nullable Class<?> wanted, boolean grandchild) throws Exception {
    int loader = wanted == null ? 0 : LoaderRegistry.shared().idOf(wanted.getClassLoader());
    var complete =
        options.withMainArguments(
            java.util.List.of(
                Integer.toString(loader),
                wanted == null ? "-" : wanted.getName(),
                Boolean.toString(grandchild)));
    try (var command = JavaCommand.of(complete)) {
      var process = command.processBuilder().start();
      var errors =
          LineForwarder.toStream(
              "probe-stderr",
              process.getErrorStream(),
              JavaCommand.errorCharset(),
              40,
              () -> System.err);
      try {
        var seen = serve(process, new ClassSource());
        process.waitFor(60, TimeUnit.SECONDS);
        seen.put("exit", Integer.toString(process.exitValue()));
        errors.awaitEnd(Duration.ofSeconds(60));
        seen.put("stderr", String.join("|", errors.tail()));
        return seen;
      } finally {
        process.destroyForcibly();
        process.waitFor();
        errors.awaitEnd(Duration.ofSeconds(60));
      }
    }
  }

  private static Map<String, String> serve(Process process, ClassSource source) throws IOException {
    var seen = new LinkedHashMap<String, String>();
    int requests = 0;
    try (var in = new DataInputStream(process.getInputStream());
        var out = new DataOutputStream(process.getOutputStream())) {
      for (int kind; (kind = in.read()) >= 0; ) {
        if (kind == 'q') {
          requests++;
          var reply = source.answer(in.readNBytes(in.readInt()));
          out.writeInt(reply.length);
          out.write(reply);
          out.flush();
        } else {
          seen.put(in.readUTF(), in.readUTF());
        }
      }
    }
    seen.put("requests", Integer.toString(requests));
    return seen;
  }

  /** What this JVM sees of itself. */
  public static Map<String, String> seen() throws IOException {
    var seen = new LinkedHashMap<String, String>();
    seen.put("flags", ManagementFactory.getRuntimeMXBean().getInputArguments().toString());
    seen.put("class.path", System.getProperty("java.class.path"));
    seen.put("module.path", System.getProperty("jdk.module.path", ""));
    seen.put("library.module", String.valueOf(LaunchProbe.class.getModule().getName()));
    seen.put(
        "modules",
        ModuleLayer.boot().modules().stream().map(Module::getName).sorted().toList() + "");
    seen.put(
        "locale",
        Locale.getDefault().toLanguageTag()
            + " "
            + Locale.getDefault(Locale.Category.DISPLAY).toLanguageTag()
            + " "
            + Locale.getDefault(Locale.Category.FORMAT).toLanguageTag());
    seen.put("time.zone", TimeZone.getDefault().getID());
    seen.put(
        "encodings",
        Charset.defaultCharset() + " " + System.out.charset() + " " + System.err.charset());
    seen.put("property", System.getProperty("probe.property", ""));
    seen.put("processors", Runtime.getRuntime().availableProcessors() + "");
    seen.put("max.heap", Runtime.getRuntime().maxMemory() + "");
    seen.put("directory", System.getProperty("user.dir"));
    seen.put("variable", System.getenv().getOrDefault("PROBE_VARIABLE", ""));
    seen.put("JAVA_TOOL_OPTIONS", System.getenv().getOrDefault("JAVA_TOOL_OPTIONS", "unset"));
    seen.put("JDK_JAVA_OPTIONS", System.getenv().getOrDefault("JDK_JAVA_OPTIONS", "unset"));
    seen.put("_JAVA_OPTIONS", System.getenv().getOrDefault("_JAVA_OPTIONS", "unset"));
    seen.put("native", LaunchProbe.class.getModule().isNativeAccessEnabled() + "");
    seen.put(
        "opened", Object.class.getModule().isOpen("java.lang", LaunchProbe.class.getModule()) + "");
    seen.put("assertions", LaunchProbe.class.desiredAssertionStatus() + "");
    var file = System.getProperty(JavaCommand.ARGUMENT_FILE_PROPERTY, "");
    seen.put("argument.file", file);
    seen.put(
        "argument.file.mode",
        file.isEmpty() ? "" : Files.getPosixFilePermissions(java.nio.file.Path.of(file)) + "");
    return seen;
  }
}
