package io.procession.testkit.shared;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory the family's file takes; 0 where the system does not tell. */
final class SharedPages {

  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final long BLOCK_BYTES = 512;

  private SharedPages() {}

  /** The bytes of the file that is mapped where {@code inside} lies. */
  static long bytes(MemorySegment inside) throws IOException {
    if (!Files.exists(MAPS)) {
      return 0;
    }
    for (var line : Files.readAllLines(MAPS)) {
      var range = line.substring(0, line.indexOf(' ')).split("-", 2);
      var from = Long.parseUnsignedLong(range[0], 16);
      var to = Long.parseUnsignedLong(range[1], 16);
      if (Long.compareUnsigned(from, inside.address()) <= 0
          && Long.compareUnsigned(inside.address(), to) < 0) {
        return ofFile(line);
      }
    }
    throw new AssertionError("it is not mapped; address=" + inside.address());
  }

  /** Of a file in a directory by its name, of a memfd through whichever descriptor leads to it. */
  private static long ofFile(String line) throws IOException {
    var inode = line.strip().split(" +", 6)[4];
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (var descriptor : descriptors.toList()) {
        if (Files.exists(descriptor)
            && inode.equals(String.valueOf(Files.getAttribute(descriptor, "unix:ino")))) {
          return blocks(descriptor);
        }
      }
    }
    return blocks(Path.of(line.substring(line.indexOf('/'))));
  }

  private static long blocks(Path file) throws IOException {
    // What the JDK does not tell: the blocks that a sparse file has.
    var path = file.toString().replace("/self/", "/" + ProcessHandle.current().pid() + "/");
    var stat = new ProcessBuilder("stat", "-L", "-c", "%b", path).start();
    var blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    return Long.parseLong(blocks.strip()) * BLOCK_BYTES;
  }
}
