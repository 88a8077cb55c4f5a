package io.procession.internal.os.linux;

import io.procession.internal.os.Check;
import io.procession.internal.os.ProcFiles;
import io.procession.internal.os.ProcessIdentity;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;

/** What {@code procession doctor} says where native calls work. */
final class LinuxChecks {
  private LinuxChecks() {}

  static List<Check> run(ProcessIdentity self) {
    return List.of(nativeAccess(), memfd(self), futex(self), pidfd(self), proc(self));
  }

  private static Check nativeAccess() {
    var module = LinuxChecks.class.getModule();
    var target = module.isNamed() ? module.getName() : "ALL-UNNAMED";
    return module.isNativeAccessEnabled()
        ? Check.passed("native access", "granted to " + target)
        : Check.failed(
            "native access",
            "works, but the JVM warns about it",
            "start Java with --enable-native-access=" + target);
  }

  private static Check memfd(ProcessIdentity self) {
    try (var segment = Memfd.create(self, Long.BYTES)) {
      return Check.passed("memfd", "a sealed segment was made, fd " + segment.handle().location());
    } catch (IOException failure) {
      return Check.failed(
          "memfd",
          String.valueOf(failure.getMessage()),
          "allow memfd_create in the container's seccomp profile and raise ulimit -n");
    }
  }

  private static Check futex(ProcessIdentity self) {
    try (var segment = Memfd.create(self, Integer.BYTES);
        var arena = Arena.ofConfined()) {
      var result = Libc.futex_wake(segment.memory().address(), 1, Libc.errnoMemory(arena));
      return result == 0
          ? Check.passed("futex", "works on shared memory")
          : Check.failed(
              "futex",
              "a wake-up failed; errno=" + Errno.name(-result),
              "allow futex in the container's seccomp profile");
    } catch (IOException failure) {
      return Check.failed(
          "futex", String.valueOf(failure.getMessage()), "see the line about memfd");
    }
  }

  private static Check pidfd(ProcessIdentity self) {
    var result = Libc.pidfd_open(self.pid());
    if (result < 0) {
      return Check.failed(
          "pidfd",
          "pidfd_open failed, death is proven through /proc instead; errno=" + Errno.name(-result),
          "use Linux 5.3 or newer, or allow pidfd_open in the container's seccomp profile");
    }
    Libc.close(result);
    return Check.passed("pidfd", "works");
  }

  private static Check proc(ProcessIdentity self) {
    try {
      return ProcFiles.stat(self.pid()).isPresent()
          ? Check.passed("/proc", "shows this process and its descriptors")
          : Check.failed("/proc", "does not show this process", "mount /proc of this container");
    } catch (IOException failure) {
      return Check.failed(
          "/proc", String.valueOf(failure.getMessage()), "mount /proc of this container");
    }
  }
}
