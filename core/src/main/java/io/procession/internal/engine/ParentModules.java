package io.procession.internal.engine;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * From where this JVM has its classes, and from where a child therefore gets them.
 *
 * <p>The ways to start a JVM, and what of them a child repeats:
 *
 * <pre>
 *   java -cp c Main             class path
 *   java -jar app.jar           class path; the manifest's Add-Exports, Add-Opens become flags
 *   java -cp c File.java        class path; the script's classes come by name from the parent
 *   JShell's agent              class path; the snippets' classes come by name from the parent
 *   java -p m -m app/app.Main   module path and root modules; -m this library's module
 * </pre>
 *
 * The library itself comes first on the class path, unless it is a module of the boot layer.
 *
 * @param libraryModule the library's module if it is one of the boot layer, else null
 * @param classPath absolute
 * @param modulePath absolute; empty if there is none
 * @param rootModules all the modules of the boot layer where they cannot be told otherwise, so that
 *     the same ones resolve; empty for the JVM's own choice
 * @param manifestFlags the flags that the manifest of a {@code -jar} stands for
 */
record ParentModules(
    @Nullable String libraryModule,
    List<String> classPath,
    String modulePath,
    List<String> rootModules,
    List<String> manifestFlags) {

  static ParentModules current(boolean flagsAreKnown) {
    var library = ParentModules.class.getModule();
    var inBootLayer =
        library.isNamed()
            && ModuleLayer.boot().findModule(library.getName()).filter(library::equals).isPresent();
    var mainModule = System.getProperty("jdk.module.main", "");
    var isScript = mainModule.equals("jdk.compiler");
    var modulePath = System.getProperty("jdk.module.path", "");
    var classPath = classPath(mainModule.isEmpty() || isScript);
    if (!inBootLayer) {
      classPath.addFirst(LibraryJar.locate().toString());
    }
    var explicit = inBootLayer || !(mainModule.isEmpty() || isScript) || !flagsAreKnown;
    return new ParentModules(
        inBootLayer ? library.getName() : null,
        List.copyOf(new LinkedHashSet<>(classPath)),
        modulePath.isEmpty() ? "" : InheritedFlags.absolute(modulePath),
        explicit ? bootModules() : List.of(),
        readManifestFlags());
  }

  /** An empty class path is the current directory, except beside a main module. */
  private static List<String> classPath(boolean emptyIsDirectory) {
    var property = System.getProperty("java.class.path", "");
    var entries = new ArrayList<String>();
    if (!property.isEmpty() || emptyIsDirectory) {
      entries.addAll(List.of(InheritedFlags.absolute(property).split(File.pathSeparator, -1)));
    }
    return entries;
  }

  /** The same with this class path. */
  ParentModules withClassPath(List<String> newClassPath) {
    return new ParentModules(libraryModule, newClassPath, modulePath, rootModules, manifestFlags);
  }

  /** The same with the library from somewhere else, at the first place. */
  ParentModules withLibrary(Path old, Path library) {
    var paths = new ArrayList<>(classPath);
    paths.remove(old.toString());
    paths.addFirst(library.toString());
    return withClassPath(paths);
  }

  private static List<String> bootModules() {
    return ModuleLayer.boot().modules().stream().map(Module::getName).sorted().toList();
  }

  /** Only {@code java -jar} heeds these attributes, and then the jar is the whole class path. */
  private static List<String> readManifestFlags() {
    var jar = System.getProperty("java.class.path", "");
    var command = System.getProperty("sun.java.command", "");
    if (jar.isEmpty() || !(command.equals(jar) || command.startsWith(jar + " "))) {
      return List.of();
    }
    try (var file = new JarFile(jar)) {
      var manifest = file.getManifest();
      return manifest == null ? List.of() : manifestFlags(manifest.getMainAttributes());
    } catch (IOException e) {
      throw new IllegalStateException(
          "Could not read the jar from which this JVM was started. jar="
              + Path.of(jar).toAbsolutePath(),
          e);
    }
  }

  private static List<String> manifestFlags(Attributes attributes) {
    var flags = new ArrayList<String>();
    for (var name : List.of("Add-Exports", "Add-Opens")) {
      var value = attributes.getValue(name);
      if (value != null) {
        for (var target : value.strip().split("\\s+", -1)) {
          flags.add("--" + name.toLowerCase(Locale.ROOT) + "=" + target + "=ALL-UNNAMED");
        }
      }
    }
    return flags;
  }

  /** The arguments that repeat all this, but for the manifest's flags. */
  List<String> arguments() {
    var arguments = new ArrayList<String>();
    if (!modulePath.isEmpty()) {
      arguments.add("--module-path=" + modulePath);
    }
    if (!rootModules.isEmpty()) {
      arguments.add(rootModules.stream().collect(Collectors.joining(",", "--add-modules=", "")));
    }
    if (!classPath.isEmpty()) {
      arguments.add("--class-path");
      arguments.add(String.join(File.pathSeparator, classPath));
    }
    return arguments;
  }
}
