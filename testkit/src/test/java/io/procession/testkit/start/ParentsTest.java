package io.procession.testkit.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Pool;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.Program;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One program, packed and started in every way: its children and workers always find its classes.
 */
@NoLeaks
class ParentsTest {

  private static final String BODY =
      """
      public class App {
        public record Point(int x, int y) {}
        enum Color { RED { int code() { return 1; } }; abstract int code(); }
        static class Oops extends Exception {
          Oops(String message) { super(message); }
        }
        static final String ROLE = ChildProcess.parent().isPresent() ? "child" : "root";

        static Supplier<Supplier<String>> nested(int n) {
          return () -> () -> ROLE + n + Color.RED.code() + Other.name(new Point(n, n));
        }

        static String greeting() throws Exception {
          try (var in = App.class.getResourceAsStream("/greeting.txt")) {
            return in == null ? "none" : new String(in.readAllBytes()).strip();
          }
        }

        public static void main(String[] arguments) throws Exception {
          System.out.println("main in " + ROLE);
          var child = ChildProcess.start(() -> System.out.println("runs in " + ROLE));
          child.join();
          System.out.println("exit code " + child.exitCode());
          try (var pool = Pool.ofProcesses(2)) {
            var points = List.of(new Point(1, 2), new Point(3, 4));
            System.out.println(pool.map(p -> new Point(p.y(), p.x()), points));
            System.out.println(pool.map(n -> nested(n).get().get(), List.of(1, 2)));
            System.out.println("greeting " + pool.submit(App::greeting).get());
            try {
              pool.submit(() -> { throw new Oops("sorry"); }).get();
            } catch (ExecutionException e) {
              System.out.println(e.getCause().getClass() + " " + e.getCause().getMessage());
            }
          }
        }
      }

      class Other {
        static String name(Object thing) {
          return thing.getClass().getSimpleName();
        }
      }
      """;

  private static final String IMPORTS =
      """
      import io.procession.*;
      import java.util.List;
      import java.util.concurrent.ExecutionException;
      import java.util.function.Supplier;
      """;

  private static final String LOADER =
      """
      package boot;
      import java.io.*;
      import java.net.*;
      import java.util.*;
      import java.util.jar.*;
      /** Starts an application from jars within the jar, through a loader of its own. */
      public class Launcher extends ClassLoader {
        private final Map<String, byte[]> contents = new HashMap<>();

        Launcher() throws IOException {
          super("nested", ClassLoader.getPlatformClassLoader());
          for (var name : List.of("/lib/app.jar", "/lib/procession.jar")) {
            try (var jar = new JarInputStream(Launcher.class.getResourceAsStream(name))) {
              for (JarEntry entry; (entry = jar.getNextJarEntry()) != null; ) {
                contents.putIfAbsent(entry.getName(), jar.readAllBytes());
              }
            }
          }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
          var bytes = contents.get(name.replace('.', '/') + ".class");
          if (bytes == null) {
            throw new ClassNotFoundException(name);
          }
          return defineClass(name, bytes, 0, bytes.length);
        }

        @Override
        protected URL findResource(String name) {
          var bytes = contents.get(name);
          if (bytes == null) {
            return null;
          }
          try {
            return URL.of(URI.create("nested:/" + name), new URLStreamHandler() {
              @Override
              protected URLConnection openConnection(URL url) {
                return new URLConnection(url) {
                  @Override
                  public void connect() {}

                  @Override
                  public InputStream getInputStream() {
                    return new ByteArrayInputStream(bytes);
                  }
                };
              }
            });
          } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
          }
        }

        public static void main(String[] arguments) throws Exception {
          var loader = new Launcher();
          Thread.currentThread().setContextClassLoader(loader);
          loader.loadClass("app.App").getMethod("main", String[].class)
              .invoke(null, (Object) arguments);
        }
      }
      """;

  @TempDir Path directory;
  private Workshop workshop;
  private Path library;

  @BeforeEach
  void findLibrary() throws Exception {
    library = Path.of(Pool.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    workshop = new Workshop(directory, library);
  }

  private Path classes() throws Exception {
    var classes =
        workshop.compile(
            "classes",
            Map.of("app/App.java", "package app;\n" + IMPORTS + BODY),
            "-cp",
            library.toString());
    Files.writeString(classes.resolve("greeting.txt"), "good day");
    return classes;
  }

  private static void assertItRan(Program program, String type) throws Exception {
    assertItRan(program, type, "good day");
  }

  private static void assertItRan(Program program, String type, String greeting) throws Exception {
    var outcome =
        program
            .jvmArguments("-Dprocession.os=" + System.getProperty("procession.os", "native"))
            .run();

    assertThat(outcome.lines())
        .as(outcome.toString())
        .containsExactly(
            "main in root",
            "runs in child",
            "exit code 0",
            "[Point[x=2, y=1], Point[x=4, y=3]]",
            "[child11Point, child21Point]",
            "greeting " + greeting,
            "class " + type + "$Oops sorry");
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void fromAClassPath() throws Exception {
    assertItRan(Program.main("app.App").classPath(classes(), library), "app.App");
  }

  @Test
  void fromAJarWhoseManifestNamesTheLibrary() throws Exception {
    var jar =
        workshop.jar(
            "app.jar",
            Map.of("Main-Class", "app.App", "Class-Path", workshop.libraryJar().toUri().toString()),
            Map.of("", classes()));

    assertItRan(
        Program.command(
            Program.tool("java"),
            "-Dprocession.os=" + System.getProperty("procession.os", "native"),
            "-jar",
            jar.toString()),
        "app.App");
  }

  @Test
  void fromAFatJarWithNestedJarsAndItsOwnLoader() throws Exception {
    var app = workshop.jar("nested-app.jar", Map.of(), Map.of("", classes()));
    var launcher = workshop.compile("launcher", Map.of("boot/Launcher.java", LOADER));
    var nested = Files.createDirectories(directory.resolve("nested"));
    Files.copy(app, nested.resolve("app.jar"));
    Files.copy(workshop.libraryJar(), nested.resolve("procession.jar"));
    var fat =
        workshop.jar(
            "fat.jar", Map.of("Main-Class", "boot.Launcher"), Map.of("", launcher, "lib/", nested));

    assertItRan(
        Program.command(
            Program.tool("java"),
            "-Dprocession.os=" + System.getProperty("procession.os", "native"),
            "-Dprocession.cache=" + directory.resolve("cache"),
            "-Dprocession.aotCache=off",
            "-jar",
            fat.toString()),
        "app.App");
  }

  @Test
  void fromAModulePath() throws Exception {
    var modules =
        workshop.compile(
            "modules/app",
            Map.of(
                "module-info.java",
                "module app { requires io.procession; opens app to io.procession; }",
                "app/App.java",
                "package app;\n" + IMPORTS + BODY),
            "-p",
            library.toString());
    Files.writeString(modules.resolve("greeting.txt"), "good day");

    assertItRan(Program.main("app", "app.App").modulePath(modules, library), "app.App");
  }

  @Test
  void fromAModuleThatIsNotOpen() throws Exception {
    var modules =
        workshop.compile(
            "modules/app",
            Map.of(
                "module-info.java",
                "module app { requires io.procession; }",
                "app/App.java",
                "package app;\n" + IMPORTS + BODY),
            "-p",
            library.toString());
    Files.writeString(modules.resolve("greeting.txt"), "good day");

    var outcome = Program.main("app", "app.App").modulePath(modules, library).run();

    assertThat(outcome.output()).contains("runs in child");
  }

  @Test
  void fromAScriptOnTheClassPath() throws Exception {
    var script = Files.writeString(directory.resolve("App.java"), IMPORTS + BODY);

    assertItRan(Program.script(script).classPath(library), "App", "none");
  }

  @Test
  void fromAScriptWithALongCommandLine() throws Exception {
    var script = Files.writeString(directory.resolve("App.java"), IMPORTS + BODY);
    var padding = (directory.resolve("x".repeat(200)) + File.pathSeparator).repeat(450);

    assertItRan(
        Program.script(script).classPath(library).jvmArguments("-Dpadding=" + padding),
        "App",
        "none");
  }
}
