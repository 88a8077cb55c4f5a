package io.procession.internal.os.linux;

import java.io.IOException;
import java.util.Map;

/** The error numbers that callers tell apart, and names for messages; source: errno(3). */
final class Errno {
  static final int EPERM = 1;
  static final int ESRCH = 3;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(EPERM, "EPERM"),
          Map.entry(2, "ENOENT"),
          Map.entry(ESRCH, "ESRCH"),
          Map.entry(4, "EINTR"),
          Map.entry(5, "EIO"),
          Map.entry(9, "EBADF"),
          Map.entry(11, "EAGAIN"),
          Map.entry(12, "ENOMEM"),
          Map.entry(13, "EACCES"),
          Map.entry(14, "EFAULT"),
          Map.entry(16, "EBUSY"),
          Map.entry(22, "EINVAL"),
          Map.entry(23, "ENFILE"),
          Map.entry(24, "EMFILE"),
          Map.entry(27, "EFBIG"),
          Map.entry(28, "ENOSPC"),
          Map.entry(38, "ENOSYS"),
          Map.entry(110, "ETIMEDOUT"));

  private Errno() {}

  /** A name such as {@code EPERM}, or {@code errno 95}. */
  static String name(int errno) {
    return NAMES.getOrDefault(errno, "errno " + errno);
  }

  /** Passes a result on, or throws when it is {@code -errno}. */
  static int check(int result, String what) throws IOException {
    if (result < 0) {
      throw new IOException(what + " failed; errno=" + name(-result));
    }
    return result;
  }
}
