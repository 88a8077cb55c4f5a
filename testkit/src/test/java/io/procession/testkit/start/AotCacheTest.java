package io.procession.testkit.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Pool;
import io.procession.testkit.Await;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.Program;
import io.procession.testkit.RunningProgram;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AOT cache for children: made once, used by all, and never in the way. */
@NoLeaks
class AotCacheTest {

  private static final Duration BOUND = Duration.ofMinutes(5);

  private static final String APP =
      """
      import io.procession.*;
      import java.lang.management.ManagementFactory;
      public class App {
        static String word() { return "WORD"; }
        static String report() {
          var cached = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
              .anyMatch(argument -> argument.startsWith("-XX:AOTCache="));
          return word() + " " + cached;
        }
        public static void main(String[] arguments) throws Exception {
          try (var pool = Pool.ofProcesses(1)) {
            System.out.println(pool.submit(App::report).get());
            if (arguments.length > 0) {
              Thread.sleep(Long.parseLong(arguments[0]));
            }
          }
        }
      }
      """;

  private static final String LONG_MILLIS = "600000";

  @TempDir Path directory;
  private Path cache;
  private Path jar;
  private Path app;

  @BeforeEach
  void pack() throws IOException {
    cache = directory.resolve("cache");
    var code = Pool.class.getProtectionDomain().getCodeSource().getLocation().toString();
    var workshop = new Workshop(directory, Path.of(URI.create(code)));
    jar = Files.copy(workshop.libraryJar(), directory.resolve("library.jar"));
    app = compile("one");
  }

  private Path compile(String word) throws IOException {
    return new Workshop(directory, jar)
        .compile("app", Map.of("App.java", APP.replace("WORD", word)), "-cp", jar.toString());
  }

  private Program program(String... arguments) {
    return Program.main("App")
        .classPath(jar, app)
        .jvmArguments("--enable-native-access=ALL-UNNAMED", "-Dprocession.cache=" + cache)
        .arguments(arguments)
        .within(BOUND);
  }

  private RunningProgram runUntil(String file) throws Exception {
    var running = program(LONG_MILLIS).start();
    try {
      while (find(file).isEmpty()) {
        assertThat(find("failed").stream().map(AotCacheTest::read)).isEmpty();
        running.awaitOutput(output -> true);
        Thread.sleep(10);
      }
      return running;
    } catch (Throwable failure) {
      running.close();
      throw failure;
    }
  }

  private List<Path> find(String ending) throws IOException {
    var found = new ArrayList<Path>();
    if (Files.isDirectory(cache)) {
      try (var directories = Files.newDirectoryStream(cache)) {
        for (var each : directories) {
          try (var files = Files.newDirectoryStream(each, "*." + ending)) {
            files.forEach(found::add);
          }
        }
      }
    }
    return found;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return file.toString();
    }
  }

  private void make() throws Exception {
    try (var running = runUntil("seal")) {
      assertThat(running.output()).isEqualTo("one false\n");
      // Not before its maker has cleared up, which would end with this program.
      Await.until(() -> find("building").isEmpty(), "the workshop is removed");
    }
  }

  private void expect(String line) throws Exception {
    var outcome = program().run();
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.lines()).containsExactly(line);
  }

  @Test
  void isMadeInTheBackgroundAndServesWhatTheUserHasRebuilt() throws Exception {
    make();
    assertThat(find("building")).isEmpty();
    assertThat(Files.getPosixFilePermissions(cache))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    expect("one true");
    compile("two");
    expect("two true");
  }

  @Test
  void oneThatWasDamagedIsNotUsed() throws Exception {
    make();
    var file = find("aot").getFirst();
    var content = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(content, content.length / 2));
    expect("one false");
    Files.write(file, new byte[content.length]);
    Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    expect("one false");
  }

  @Test
  void theStartGoesOnWhereTheJvmRefusesIt() throws Exception {
    make();
    var file = find("aot").getFirst();
    var time = Files.getLastModifiedTime(file);
    // As the seal knows it, but no cache.
    Files.write(file, new byte[(int) Files.size(file)]);
    Files.setLastModifiedTime(file, time);
    expect("one true");
  }

  @Test
  void aJarThatWasReplacedIsNotServedByTheOldOnesCache() throws Exception {
    make();
    Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000_000_000L));
    expect("one false");
  }

  @Test
  void othersWhoMayWriteMakeItWorthless() throws Exception {
    make();
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
    expect("one false");
  }

  /** As anyone could do where the library lies in a directory such as /tmp. */
  @Test
  void oneThatLiesBesideTheLibraryIsNotUsed() throws Exception {
    make();
    for (var ending : List.of("aot", "seal")) {
      var file = find(ending).getFirst();
      Files.copy(
          file,
          jar.resolveSibling(file.getFileName()),
          java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }
    cache = directory.resolve("empty");
    expect("one false");
  }

  @Test
  void offMeansOff() throws Exception {
    var outcome = program("3000").jvmArguments("-Dprocession.aotCache=off").run();
    assertThat(outcome.lines()).containsExactly("one false");
    assertThat(cache).doesNotExist();
  }

  @Test
  void nobodyOutlivesAProgramThatIsKilledMeanwhile() throws Exception {
    List<ProcessHandle> makers;
    try (var running = runUntil("building")) {
      makers = running.descendants();
      assertThat(makers).isNotEmpty();
      running.signal("KILL");
      running.await();
      for (var maker : makers) {
        maker.onExit().get(1, TimeUnit.MINUTES);
      }
    }
    // What it left does not keep the next one from making it.
    make();
    assertThat(find("building")).isEmpty();
    expect("one true");
  }
}
