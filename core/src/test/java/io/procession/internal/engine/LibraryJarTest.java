package io.procession.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryJarTest {

  @TempDir Path directory;

  @Test
  void isWhereTheClassesAre() {
    assertThat(LibraryJar.locate().resolve("io/procession/internal/engine/LibraryJar.class"))
        .isRegularFile();
  }

  @Test
  void holdsEveryClassFileOfTheLibrary() throws Exception {
    var jar = LibraryJar.store(LibraryJar.build(), directory);
    try (var file = new ZipFile(jar.toFile());
        var classes = Files.walk(LibraryJar.locate())) {
      var expected =
          classes
              .map(LibraryJar.locate()::relativize)
              .map(Path::toString)
              .filter(name -> name.endsWith(".class") && !name.equals("module-info.class"))
              .toList();
      assertThat(file.stream().map(Object::toString)).containsExactlyInAnyOrderElementsOf(expected);
    }
    assertThat(LibraryJar.build()).isEqualTo(Files.readAllBytes(jar));
  }

  @Test
  void aDamagedJarIsReplaced() throws Exception {
    var content = new byte[] {1, 2, 3};
    var jar = LibraryJar.store(content, directory);
    Files.write(jar, new byte[] {1, 2});
    assertThat(LibraryJar.store(content, directory)).isEqualTo(jar).hasBinaryContent(content);
  }

  @Test
  void manyMayWriteItAtOnce() throws Exception {
    var content = new byte[1 << 20];
    var start = new CyclicBarrier(8);
    Callable<Boolean> writer =
        () -> {
          start.await();
          var jar = LibraryJar.store(content, directory);
          return Files.size(jar) == content.length;
        };
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var whole : threads.invokeAll(IntStream.range(0, 8).mapToObj(i -> writer).toList())) {
        assertThat(whole.get()).isTrue();
      }
    }
    try (var files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(1);
    }
  }
}
