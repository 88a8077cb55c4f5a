package io.procession.bench.peer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** One end of a way on which raw bytes go from one JVM to another. */
interface Link extends AutoCloseable {

  /** What it is made of. */
  enum Kind {
    ONE_TO_ONE,
    MANY_TO_ONE,
    AERON,
    CHRONICLE;

    static Kind of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** How it is called on a command line. */
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Opens one end; whoever comes first makes what is not there yet. */
    Link open(Path directory, String name, int bytes) throws Exception {
      return switch (this) {
        case ONE_TO_ONE, MANY_TO_ONE -> new AgronaLink(this, directory.resolve(name), bytes);
        case AERON -> new AeronLink(directory, name, bytes);
        case CHRONICLE -> new ChronicleLink(directory.resolve(name), bytes);
      };
    }
  }

  /** Sends one message; false if there is no room. */
  boolean offer();

  /** Takes what is there, and says how many messages it was. */
  int poll();

  @Override
  void close();

  /** A new folder in memory, if the system has such a place. */
  static Path temporaryDirectory() throws java.io.IOException {
    var memory = Path.of("/dev/shm");
    return Files.isWritable(memory)
        ? Files.createTempDirectory(memory, "procession-bench-")
        : Files.createTempDirectory("procession-bench-");
  }
}
