package io.procession.internal.os.linux;

import io.procession.internal.os.Platform;
import io.procession.internal.os.ProcessIdentity;
import io.procession.internal.os.Segment;
import io.procession.internal.os.SegmentGoneException;
import io.procession.internal.os.SegmentHandle;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Segments without a name: the kernel frees them with their last user, whatever happens. */
final class Memfd {
  private static final String NAME = "procession";
  private static final String LINK = "/memfd:" + NAME;
  private static final int SEALS = Libc.F_SEAL_SHRINK | Libc.F_SEAL_GROW | Libc.F_SEAL_SEAL;

  private Memfd() {}

  /** Why no memfd can be had here; empty when it can. */
  static Optional<String> obstacle() {
    try {
      release(open(1));
      return Optional.empty();
    } catch (IOException failure) {
      return Optional.of(String.valueOf(failure.getMessage()));
    }
  }

  static Segment create(ProcessIdentity self, long bytes) throws IOException {
    var fd = open(Segment.fileBytes(bytes));
    try (var file = openChannel(path(self.pid(), fd))) {
      return Segment.create(
          file, Segment.newHandle(self, Integer.toString(fd), bytes), () -> release(fd));
    } catch (IOException | RuntimeException | Error failure) {
      Libc.close(fd);
      throw failure;
    }
  }

  static Segment attach(Platform platform, SegmentHandle handle) throws IOException {
    var owner = platform.identify(handle.ownerPid());
    if (owner.isEmpty() || !owner.get().equals(handle.owner())) {
      throw SegmentGoneException.of(handle, "its owner has died");
    }
    var path = path(handle.ownerPid(), Integer.parseInt(handle.location()));
    try {
      // Opening a stranger's device could have effects, so its name is looked at first.
      var link = Files.readSymbolicLink(path).toString();
      if (!link.startsWith(LINK)) {
        throw SegmentGoneException.of(handle, "its descriptor is another file's now, " + link);
      }
      try (var file = openChannel(path)) {
        return Segment.attach(file, handle);
      }
    } catch (NoSuchFileException failure) {
      throw SegmentGoneException.of(handle, "its owner has closed it or has died", failure);
    }
  }

  private static int open(long fileBytes) throws IOException {
    var fd =
        Errno.check(
            Libc.memfd_create(NAME, Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING), "memfd_create");
    try {
      Errno.check(Libc.ftruncate(fd, fileBytes), "ftruncate of a memfd to " + fileBytes + " bytes");
      Errno.check(Libc.fcntl(fd, Libc.F_ADD_SEALS, SEALS), "fcntl(F_ADD_SEALS) of a memfd");
      return fd;
    } catch (IOException | RuntimeException | Error failure) {
      Libc.close(fd);
      throw failure;
    }
  }

  private static void release(int fd) throws IOException {
    Errno.check(Libc.close(fd), "close of a memfd");
  }

  private static Path path(long pid, int fd) {
    return Path.of("/proc", Long.toString(pid), "fd", Integer.toString(fd));
  }

  private static FileChannel openChannel(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
