package io.procession.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real children of real parents, one for each way to start a JVM. */
class LaunchTest {

  private static final String MAIN = "io.procession.internal.engine.LaunchProbe";
  private static final String JAVA = Workshop.javaTool("java");

  /** A class whose work needs others of every kind. */
  private static final String TASK =
      """
      class Other {
        static String name(Object shape) {
          return shape.getClass().getSimpleName().toLowerCase();
        }
      }
      class Task {
        record Point(int x, int y) {}
        sealed interface Shape permits Circle, Square {}
        record Circle(double radius) implements Shape {}
        record Square(double side) implements Shape {}
        enum Color { RED { int code() { return 1; } }; abstract int code(); }
        static String probe() {
          java.util.function.Supplier<java.util.function.Supplier<String>> nested =
              () -> () -> new Point(1, 2) + " " + Other.name(new Circle(1));
          return nested.get().get() + " " + Color.RED.code();
        }
      }
      """;

  private static final String TASK_RESULT = "Point[x=1, y=2] circle 1";

  @TempDir Path directory;
  private Workshop workshop;
  private Path library;

  @BeforeEach
  void makeLibrary() throws Exception {
    workshop = new Workshop(directory);
    library = workshop.library();
  }

  @Test
  void classPathFlagsAndEnvironmentReachTheGrandchild() throws Exception {
    var seen =
        workshop.run(
            Map.of(
                "JAVA_TOOL_OPTIONS", "-Dprobe.property=tool -Dfrom.tool=1",
                "JDK_JAVA_OPTIONS", "--add-opens java.base/java.lang=ALL-UNNAMED",
                "_JAVA_OPTIONS", "-Dfrom.java=\"a b\"",
                "PROBE_VARIABLE", "kept"),
            "",
            JAVA,
            "-Xmx300m",
            "-XX:+UseParallelGC",
            "-Xlog:gc:file=gc.log",
            "-XX:+HeapDumpOnOutOfMemoryError",
            "-Dcom.sun.management.jmxremote",
            "-Dprobe.property=on the line",
            "--enable-preview",
            "-ea",
            "--add-exports",
            "java.base/sun.nio.ch=ALL-UNNAMED",
            "-cp",
            "relative:" + library,
            MAIN,
            "grandchild");
    for (var who : List.of("", "grandchild.")) {
      assertThat(seen)
          .containsEntry(who + "property", "on the line")
          .containsEntry(who + "variable", "kept")
          .containsEntry(who + "JAVA_TOOL_OPTIONS", "unset")
          .containsEntry(who + "JDK_JAVA_OPTIONS", "unset")
          .containsEntry(who + "_JAVA_OPTIONS", "unset")
          .containsEntry(who + "opened", "true")
          .containsEntry(who + "assertions", "true")
          .containsEntry(who + "native", "true")
          .containsEntry(who + "class.path", library + ":" + directory.resolve("relative"));
      assertThat(seen.get(who + "flags"))
          .contains("--enable-preview", "-Dfrom.tool=1", "-Dfrom.java=a b", "UseSerialGC")
          .contains("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED")
          .doesNotContain("-Xmx", "UseParallelGC", "gc.log", "HeapDump", "com.sun.management")
          .containsOnlyOnce("--enable-native-access")
          .containsOnlyOnce("-Duser.language=");
    }
  }

  @Test
  void localesTimeZoneAndEncodings() throws Exception {
    var seen =
        workshop.run(
            JAVA,
            "-Duser.language=de",
            "-Duser.country=CH",
            "-Duser.script=Latn",
            "-Duser.language.format=ja",
            "-Duser.country.format=JP",
            "-Duser.script.format=",
            "-Duser.extensions.format=u-ca-japanese",
            "-Duser.timezone=Asia/Kolkata",
            "-Dfile.encoding=ISO-8859-15",
            "-Dstdout.encoding=US-ASCII",
            "-Dstderr.encoding=ISO-8859-1",
            "-cp",
            library.toString(),
            MAIN,
            "grandchild");
    for (var who : List.of("", "grandchild.")) {
      assertThat(seen)
          .containsEntry(who + "locale", "de-Latn-CH de-Latn-CH ja-JP-u-ca-japanese")
          .containsEntry(who + "time.zone", "Asia/Kolkata");
    }
    // The probe gives its grandchild another standard output, in UTF-8.
    assertThat(seen)
        .containsEntry("encodings", "ISO-8859-15 US-ASCII ISO-8859-1")
        .containsEntry("grandchild.encodings", "ISO-8859-15 UTF-8 ISO-8859-1");
  }

  @Test
  void currentDefaultsWinOverTheCommandLine() throws Exception {
    var locales =
        Map.of(
            Locale.Category.DISPLAY, Locale.getDefault(Locale.Category.DISPLAY),
            Locale.Category.FORMAT, Locale.getDefault(Locale.Category.FORMAT));
    var locale = Locale.getDefault();
    var zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("zh-Hant-TW"));
      Locale.setDefault(Locale.Category.FORMAT, Locale.forLanguageTag("th-TH-u-ca-buddhist"));
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
      var seen = LaunchProbe.childSees(LaunchOptions.of(LaunchProbe.CHILD), null, false);
      assertThat(seen)
          .containsEntry("locale", "zh-Hant-TW zh-Hant-TW th-TH-u-ca-buddhist")
          .containsEntry("time.zone", "Asia/Kathmandu");
    } finally {
      Locale.setDefault(locale);
      locales.forEach(Locale::setDefault);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void optionsReachTheChild() throws Exception {
    var options =
        LaunchOptions.of(LaunchProbe.CHILD)
            .withMaxHeapBytes(64L << 20)
            .withProcessors(1)
            .withDirectory(directory)
            .withCrashDirectory(directory)
            .withEnvironment(Map.of("PROBE_VARIABLE", "given"))
            .withJvmArguments(List.of("-Dprobe.property=given", "-XX:+UseParallelGC"));
    var seen = LaunchProbe.childSees(options, null, false);
    assertThat(seen)
        .containsEntry("processors", "1")
        .containsEntry("directory", directory.toString())
        .containsEntry("variable", "given")
        .containsEntry("property", "given")
        .containsEntry("exit", "0");
    assertThat(Long.parseLong(seen.get("max.heap"))).isBetween(32L << 20, 64L << 20);
    assertThat(seen.get("flags"))
        .contains("-XX:ErrorFile=" + directory + "/hs_err_pid%p.log")
        .doesNotContain("UseSerialGC");
  }

  @Test
  void aLongCommandGoesThroughAPrivateFileThatIsDeleted() throws Exception {
    var long1 = "x".repeat(60_000) + " \"quoted\" \\ # é \t '";
    var options =
        LaunchOptions.of(LaunchProbe.CHILD)
            .withJvmArguments(
                List.of("-Dprobe.property=a\" \\b #c", "-Dlong1=" + long1, "-Dlong2=" + long1));
    var seen = LaunchProbe.childSees(options, null, false);
    assertThat(seen)
        .containsEntry("exit", "0")
        .containsEntry("property", "a\" \\b #c")
        .hasEntrySatisfying(
            "argument.file.mode",
            mode -> assertThat(mode).contains("OWNER_READ").doesNotContain("GROUP", "OTHERS"));
    assertThat(Path.of(seen.get("argument.file"))).doesNotExist();
  }

  @Test
  void aLongClassPathReachesTheGrandchild() throws Exception {
    var entries = new ArrayList<>(List.of(library.toString()));
    entries.add("a b");
    for (int i = 0; i < 2000; i++) {
      entries.add(directory.resolve("some-quite-long-entry-of-a-class-path-" + i).toString());
    }
    var arguments =
        ArgumentFile.format(
            List.of(
                "-Dprobe.property=filed", "-cp", String.join(":", entries), MAIN, "grandchild"));
    var file = Files.writeString(directory.resolve("arguments"), arguments);
    var seen = workshop.run(JAVA, "@" + file);
    assertThat(seen)
        .containsEntry("property", "filed")
        .containsEntry("grandchild.property", "filed");
    assertThat(seen.get("grandchild.argument.file"))
        .isNotEmpty()
        .isNotEqualTo(seen.get("argument.file"));
  }

  @Test
  void modularApplication() throws Exception {
    // The library's module requires its annotations when a module that requires it is compiled.
    var annotations =
        workshop.compile("annotations", Map.of("module-info.java", "module org.jspecify {}"));
    var app =
        workshop.compile(
            "app",
            Map.of(
                "module-info.java",
                "module app { requires io.procession; requires java.management; requires"
                    + " jdk.httpserver; }",
                "app/Main.java",
                """
                package app;
                public class Main {
                  public static void main(String[] args) throws Exception {
                    io.procession.internal.engine.LaunchProbe.main(args);
                  }
                }
                """),
            "--module-path",
            library + ":" + annotations,
            "--add-exports",
            "io.procession/io.procession.internal.engine=app");
    var seen =
        workshop.run(
            JAVA,
            "-Dprobe.property=modular",
            "--add-exports",
            "io.procession/io.procession.internal.engine=app",
            "-p",
            library.getFileName() + ":" + directory.relativize(app),
            "-m",
            "app/app.Main",
            "grandchild");
    for (var who : List.of("", "grandchild.")) {
      assertThat(seen)
          .containsEntry(who + "library.module", "io.procession")
          .containsEntry(who + "property", "modular")
          .containsEntry(who + "native", "true")
          .containsEntry(who + "class.path", "")
          .containsEntry(who + "module.path", library + ":" + app);
      assertThat(seen.get(who + "modules"))
          .contains("app,", "jdk.httpserver")
          .doesNotContain("java.sql");
    }
  }

  @Test
  void executableJarWithManifestFlags() throws Exception {
    var content = new LinkedHashMap<String, byte[]>();
    Workshop.addTree(
        content,
        workshop.compile(
            "main",
            Map.of(
                "Start.java",
                """
                public class Start {
                  public static void main(String[] args) throws Exception {
                    io.procession.internal.engine.LaunchProbe.main(args);
                  }
                }
                """),
            "-cp",
            library.toString()),
        "");
    var jar =
        workshop.jar(
            "app with blank.jar",
            content,
            Map.of(
                "Main-Class", "Start",
                "Class-Path", "procession.jar",
                "Add-Opens", "java.base/java.lang java.base/java.util"));
    var seen = workshop.run(JAVA, "-jar", jar.getFileName().toString(), "grandchild");
    for (var who : List.of("", "grandchild.")) {
      assertThat(seen)
          .containsEntry(who + "class.path", library + ":" + jar)
          .containsEntry(who + "opened", "true");
    }
  }

  @Test
  void scriptWithSeveralClasses() throws Exception {
    var script =
        """
        void main() throws Exception {
          io.procession.internal.engine.LaunchProbe.report(Task.class);
        }
        """;
    Files.writeString(directory.resolve("Script.java"), script + TASK);
    var seen =
        workshop.run(
            JAVA,
            "-Dprobe.property=scripted",
            "--class-path",
            library.getFileName().toString(),
            "Script.java");
    assertThat(seen)
        .containsEntry("result", TASK_RESULT)
        .containsEntry("property", "scripted")
        .containsEntry("class.path", library.toString())
        .containsEntry("requests", "1");
  }

  @Test
  void jshell() throws Exception {
    var seen =
        workshop.run(
            Map.of(),
            TASK + "io.procession.internal.engine.LaunchProbe.report(Task.class)\n",
            Workshop.javaTool("jshell"),
            "-J-Djava.util.prefs.userRoot=" + directory,
            "-R-Dprobe.property=shelled",
            "-s",
            "--class-path",
            library.toString(),
            "-");
    assertThat(seen).containsEntry("result", TASK_RESULT).containsEntry("property", "shelled");
    assertThat(seen.get("class.path")).startsWith(library.toString());
  }

  @Test
  void fatJarWithNestedJarsAndItsOwnLoader() throws Exception {
    var task = new LinkedHashMap<String, byte[]>();
    var source =
        """
        public class Entry {
          public static void main(String[] args) throws Exception {
            io.procession.internal.engine.LaunchProbe.report(Task.class);
          }
        }
        """;
    Workshop.addTree(
        task,
        workshop.compile("nested", Map.of("Entry.java", source + TASK), "-cp", library.toString()),
        "");
    var content = new LinkedHashMap<String, byte[]>();
    content.put("lib/app.jar", Files.readAllBytes(workshop.jar("n.jar", task, Map.of())));
    content.put("lib/procession.jar", Files.readAllBytes(library));
    Workshop.addTree(content, workshop.compile("boot", Map.of("Boot.java", FAT_JAR_BOOT)), "");
    var jar = workshop.jar("fat.jar", content, Map.of("Main-Class", "Boot"));
    Files.delete(library);
    var cache = directory.resolve("cache");
    for (int i = 0; i < 2; i++) {
      var seen = workshop.run(JAVA, "-Dprocession.cache=" + cache, "-jar", jar.toString());
      assertThat(seen).containsEntry("result", TASK_RESULT);
      assertThat(seen.get("class.path")).startsWith(cache.toString()).endsWith(":" + jar);
      try (var files = Files.walk(cache)) {
        assertThat(files.filter(Files::isRegularFile))
            .singleElement()
            .asString()
            .endsWith("/procession.jar");
      }
    }
  }

  private static final String FAT_JAR_BOOT =
      """
      import java.io.*;
      import java.net.*;
      import java.util.*;
      import java.util.jar.*;
      public class Boot extends ClassLoader {
        final Map<String, byte[]> files = new HashMap<>();
        public static void main(String[] args) throws Exception {
          var loader = new Boot();
          for (var name : List.of("lib/app.jar", "lib/procession.jar")) {
            try (var in = new JarInputStream(Boot.class.getResourceAsStream(name))) {
              for (JarEntry e; (e = in.getNextJarEntry()) != null; ) {
                loader.files.putIfAbsent(e.getName(), in.readAllBytes());
              }
            }
          }
          Class.forName("Entry", true, loader).getMethod("main", String[].class)
              .invoke(null, (Object) args);
        }
        protected Class<?> findClass(String name) throws ClassNotFoundException {
          var b = files.get(name.replace('.', '/') + ".class");
          if (b == null) throw new ClassNotFoundException(name);
          return defineClass(name, b, 0, b.length);
        }
        protected URL findResource(String name) {
          var b = files.get(name);
          try {
            return b == null ? null : URL.of(URI.create("fat:/" + name), new URLStreamHandler() {
              protected URLConnection openConnection(URL u) {
                return new URLConnection(u) {
                  public void connect() {}
                  public InputStream getInputStream() { return new ByteArrayInputStream(b); }
                };
              }
            });
          } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
          }
        }
      }
      """;
}
