package io.procession.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.worker.ProbeMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;

/** Makes programs and runs them as parent JVMs. */
final class Workshop {

  final Path directory;

  Workshop(Path directory) {
    this.directory = directory;
  }

  static String javaTool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  /** This library, and with it the probes. */
  Path library() throws Exception {
    var content = new LinkedHashMap<String, byte[]>();
    addTree(content, root(JavaCommand.class), "");
    addTree(content, root(LaunchProbe.class), "io/procession/internal/engine/LaunchProbe");
    addTree(content, root(ProbeMain.class), "io/procession/internal/worker/ProbeMain");
    var classes = content.keySet().stream().filter(n -> n.endsWith(".class")).sorted().toList();
    content.put(LibraryJar.INDEX, String.join("\n", classes).getBytes(StandardCharsets.UTF_8));
    return jar("procession.jar", content, Map.of());
  }

  private static Path root(Class<?> type) throws URISyntaxException {
    var file = type.getName().replace('.', '/') + ".class";
    var path = Path.of(java.util.Objects.requireNonNull(type.getResource("/" + file)).toURI());
    // As many steps up as the class has packages, and one for the file.
    return path.resolve("../".repeat(Path.of(file).getNameCount())).normalize();
  }

  static void addTree(Map<String, byte[]> content, Path root, String prefix) throws IOException {
    try (var files = Files.walk(root)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> {
            var name = root.relativize(file).toString();
            if (name.startsWith(prefix)) {
              try {
                content.put(name, Files.readAllBytes(file));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          });
    }
  }

  Path jar(String name, Map<String, byte[]> content, Map<String, String> attributes)
      throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.forEach(manifest.getMainAttributes()::putValue);
    var jar = directory.resolve(name);
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (var entry : content.entrySet()) {
        if (!entry.getKey().equals("META-INF/MANIFEST.MF")) {
          out.putNextEntry(new JarEntry(entry.getKey()));
          out.write(entry.getValue());
        }
      }
    }
    return jar;
  }

  /** Compiles sources, by file name, into a new directory. */
  Path compile(String name, Map<String, String> sources, String... options) throws IOException {
    var target = Files.createDirectories(directory.resolve(name));
    var sourceDirectory = Files.createDirectories(directory.resolve(name + "-sources"));
    var arguments = new ArrayList<>(List.of("-d", target.toString()));
    arguments.addAll(List.of(options));
    for (var source : sources.entrySet()) {
      var file = sourceDirectory.resolve(source.getKey());
      Files.createDirectories(file.getParent());
      arguments.add(Files.writeString(file, source.getValue()).toString());
    }
    var compiler = ToolProvider.findFirst("javac").orElseThrow();
    assertThat(compiler.run(System.err, System.err, arguments.toArray(String[]::new))).isZero();
    return target;
  }

  Map<String, String> run(String... command) throws Exception {
    return run(Map.of(), "", command);
  }

  /** Runs a parent to its end and reads the {@code key=value} lines that it prints. */
  Map<String, String> run(Map<String, String> environment, String input, String... command)
      throws Exception {
    var out = directory.resolve("stdout.txt");
    var err = directory.resolve("stderr.txt");
    var in = Files.writeString(directory.resolve("stdin.txt"), input);
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    for (var variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
      builder.environment().remove(variable);
    }
    builder.environment().putAll(environment);
    var process = builder.start();
    try {
      assertThat(process.waitFor(180, TimeUnit.SECONDS)).as("the parent has ended").isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    var text = Files.readString(out);
    var errors = Files.readString(err);
    assertThat(process.exitValue()).as(text + errors).isZero();
    var seen = new LinkedHashMap<String, String>();
    text.lines()
        .map(line -> line.split("=", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> seen.put(pair[0], pair[1]));
    assertThat(seen).as(text + errors).containsEntry("exit", "0").containsEntry("stderr", "");
    return seen;
  }
}
