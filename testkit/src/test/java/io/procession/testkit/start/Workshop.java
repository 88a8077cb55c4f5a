package io.procession.testkit.start;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;

/** Compiles and packs the programs of these tests. */
record Workshop(Path directory, Path library) {

  /** Compiles sources, given by file name, into a new directory. */
  Path compile(String name, Map<String, String> sources, String... options) throws IOException {
    var source = Files.createDirectories(directory.resolve(name + "-source"));
    var classes = Files.createDirectories(directory.resolve(name));
    var arguments = new java.util.ArrayList<>(List.of("-d", classes.toString()));
    arguments.addAll(List.of(options));
    for (var entry : sources.entrySet()) {
      var file = source.resolve(entry.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, entry.getValue());
      arguments.add(file.toString());
    }
    var errors = new ByteArrayOutputStream();
    var result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, OutputStream.nullOutputStream(), errors, arguments.toArray(String[]::new));
    if (result != 0) {
      throw new IllegalStateException(errors.toString(StandardCharsets.UTF_8));
    }
    return classes;
  }

  /** Packs directories and files into a jar; the keys are the places within it, "" is the root. */
  Path jar(String name, Map<String, String> attributes, Map<String, Path> contents)
      throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.forEach(
        (key, value) -> manifest.getMainAttributes().put(new Attributes.Name(key), value));
    var file = directory.resolve(name);
    try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      for (var content : contents.entrySet()) {
        try (var files = Files.walk(content.getValue())) {
          for (var each : files.filter(Files::isRegularFile).toList()) {
            var place = content.getValue().relativize(each).toString();
            jar.putNextEntry(new JarEntry(content.getKey() + place));
            Files.copy(each, jar);
            jar.closeEntry();
          }
        }
      }
    }
    return file;
  }

  /** The library as one jar, whether the build has packed it yet or not. */
  Path libraryJar() throws IOException {
    return Files.isDirectory(library)
        ? jar("procession.jar", Map.of(), Map.of("", library))
        : library;
  }
}
