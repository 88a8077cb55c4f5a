package io.procession.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hub comes whole, or not at all. */
class HubTest {

  /** Makes threads of which one cannot be started. */
  private static final class Scarcity implements ThreadFactory {

    private final int missing;
    final List<Thread> made = new ArrayList<>();

    Scarcity(int missing) {
      this.missing = missing;
    }

    @Override
    public Thread newThread(Runnable body) {
      var thread = made.size() == missing ? new Unstartable(body) : new Thread(body);
      made.add(thread);
      return thread;
    }
  }

  private static final class Unstartable extends Thread {

    Unstartable(Runnable body) {
      super(body);
    }

    @Override
    public void start() {
      throw new OutOfMemoryError("unable to create native thread");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void whereAThreadIsMissingNothingIsLeft(int missing) throws Exception {
    for (var round = 0; round < 20; round++) {
      var before = sharedMappings();
      var threads = new Scarcity(missing);
      assertThatThrownBy(() -> Hub.open(threads)).isInstanceOf(OutOfMemoryError.class);
      assertThat(threads.made).hasSize(3);
      for (var thread : threads.made) {
        thread.join();
      }
      assertThat(sharedMappings()).isLessThanOrEqualTo(before);
    }
  }

  private static long sharedMappings() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.contains("memfd:") || line.contains("/procession-")).count();
    } catch (NoSuchFileException e) {
      return 0; // no /proc here
    }
  }
}
