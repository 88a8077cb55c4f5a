package io.procession;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the packages of this module to the table of the design: who may use whom. */
class PackageTableTest {

  private static final String BASE = "io.procession";

  /** For each package the others that it may use. A sub-package counts as its parent. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry(
              "",
              "function",
              "spi",
              "status",
              "shared",
              "internal.engine",
              "internal.family",
              "internal.wire",
              "internal.codec",
              "internal.os"),
          entry("function"),
          entry("spi"),
          entry("status", "internal.wire"),
          entry("async", "", "function"),
          entry(
              "shared",
              "function",
              "spi",
              "internal.family",
              "internal.wire",
              "internal.os",
              "internal.codec"),
          entry(
              "internal.engine",
              "spi",
              "internal.family",
              "internal.wire",
              "internal.os",
              "internal.codec"),
          entry(
              "internal.worker",
              "function",
              "spi",
              "shared",
              "internal.family",
              "internal.wire",
              "internal.os",
              "internal.codec"),
          entry("internal.training", "", "function", "shared", "internal.engine", "internal.os"),
          entry("internal.family", "spi", "internal.wire", "internal.os"),
          entry("internal.wire"),
          entry("internal.codec", "spi"),
          entry("internal.os"));

  private static Map.Entry<String, Set<String>> entry(String user, String... used) {
    return Map.entry(user, Set.of(used));
  }

  /** Types of the base package that any package may use. */
  private static final Set<String> FAILURES =
      Set.of(
          "AuthenticationException",
          "NotTransferableException",
          "PoolBrokenException",
          "QueueClosedException",
          "RemoteException",
          "TaskTimeoutException",
          "UnreadableElementException",
          "WorkerCrashedException",
          "WorkerOutOfMemoryException");

  private static final Pattern TYPE = Pattern.compile("io/procession(?:/[\\w$]+)+");

  @Test
  void everyPackageUsesOnlyThoseThatTheTableAllows() throws Exception {
    var offences = new TreeSet<String>();
    for (var model : classes()) {
      var user = packageOf(model.thisClass().asInternalName());
      assertThat(MAY_USE).as("the packages that have a row in the table").containsKey(user);
      var allowed = MAY_USE.getOrDefault(user, Set.of());
      for (var type : typesUsedBy(model)) {
        var used = packageOf(type);
        var isFailure = used.isEmpty() && FAILURES.contains(simpleName(type));
        if (!used.equals(user) && !isFailure && !allowed.contains(used)) {
          offences.add(model.thisClass().asInternalName() + " uses " + type);
        }
      }
    }
    assertThat(offences).isEmpty();
  }

  @Test
  void theTestSeesUsesThatTheTableForbids() throws Exception {
    var pool =
        classes().stream()
            .filter(model -> model.thisClass().asInternalName().equals("io/procession/WorkerPool"))
            .findAny()
            .orElseThrow();

    assertThat(typesUsedBy(pool))
        .contains("io/procession/internal/engine/ChildEngine", "io/procession/spi/Engine");
  }

  @Test
  void exportedNamesAreUniqueAndNoneIsOfJavaBase() throws Exception {
    var places = new HashMap<String, String>();
    for (var model : classes()) {
      var name = model.thisClass().asInternalName();
      var isPublic = (model.flags().flagsMask() & ClassFile.ACC_PUBLIC) != 0;
      if (packageOf(name).startsWith("internal") || name.contains("$") || !isPublic) {
        continue;
      }
      assertThat(places.put(simpleName(name), name)).as(name).isNull();
    }
    assertThat(places).containsKeys("Pool", "RemoteCallable", "Codec", "SharedQueue", "EventLoop");

    assertThat(places.keySet()).doesNotContainAnyElementsOf(exportedByJavaBase());
  }

  private static Set<String> exportedByJavaBase() throws IOException {
    var exported =
        Object.class.getModule().getDescriptor().exports().stream()
            .filter(exports -> !exports.isQualified())
            .map(exports -> exports.source().replace('.', '/'))
            .collect(Collectors.toSet());
    var base = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base");
    try (var files = Files.walk(base)) {
      return files
          .map(file -> base.relativize(file).toString())
          .filter(name -> name.endsWith(".class") && !name.contains("$"))
          .filter(name -> exported.contains(name.substring(0, Math.max(0, name.lastIndexOf('/')))))
          .map(name -> simpleName(name.substring(0, name.length() - ".class".length())))
          .collect(Collectors.toSet());
    }
  }

  private static Set<ClassModel> classes() throws IOException, URISyntaxException {
    var root = Path.of(Pool.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (var files = Files.walk(root)) {
      var models = new java.util.HashSet<ClassModel>();
      for (var file : files.filter(PackageTableTest::isClass).toList()) {
        models.add(ClassFile.of().parse(file));
      }
      assertThat(models).hasSizeGreaterThan(100);
      return models;
    }
  }

  private static boolean isClass(Path file) {
    var name = file.getFileName().toString();
    return name.endsWith(".class") && !name.equals("module-info.class");
  }

  private static Set<String> typesUsedBy(ClassModel model) {
    var types = new TreeSet<String>();
    for (var entry : model.constantPool()) {
      switch (entry) {
        case ClassEntry type -> add(types, type.asInternalName());
        // Types in signatures are there only as text.
        case Utf8Entry text when isDescriptor(text.stringValue()) -> add(types, text.stringValue());
        default -> {}
      }
    }
    return types;
  }

  private static boolean isDescriptor(String text) {
    return text.contains(";") || text.startsWith("(");
  }

  private static void add(Set<String> types, String text) {
    var matcher = TYPE.matcher(text);
    while (matcher.find()) {
      types.add(matcher.group());
    }
  }

  /** The package within ours, of which a sub-package of an internal one is a part. */
  private static String packageOf(String type) {
    var name = type.substring(0, type.lastIndexOf('/')).replace('/', '.').substring(BASE.length());
    var matcher = Pattern.compile("\\.(internal\\.\\w+|\\w+).*").matcher(name);
    return matcher.matches() ? matcher.group(1) : "";
  }

  private static String simpleName(String type) {
    return type.substring(type.lastIndexOf('/') + 1).replaceAll("\\$.*", "");
  }
}
