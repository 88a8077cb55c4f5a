package io.procession.internal.os.linux;

import io.procession.internal.os.Check;
import io.procession.internal.os.Doorbell;
import io.procession.internal.os.Platform;
import io.procession.internal.os.ProcFiles;
import io.procession.internal.os.ProcessIdentity;
import io.procession.internal.os.Segment;
import io.procession.internal.os.SegmentHandle;
import io.procession.internal.os.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The platform that calls the C library. */
public final class LinuxPlatform extends Platform {
  private static final int EXIT_KILLED = 137;
  private static final int LOWEST_NICENESS = 19;
  private static final int LOOKS = 5;
  private static final long LOOK_NANOS = 2_000_000;

  /** Of util-linux or BusyBox; it becomes the command, in a session of its own. */
  private static final String SETSID = "/usr/bin/setsid";

  /** Why this platform cannot work in this process; empty when it can. */
  public static Optional<String> obstacle() {
    var system = System.getProperty("os.name");
    var architecture = System.getProperty("os.arch");
    if (!system.equals("Linux")
        || !(architecture.equals("amd64") || architecture.equals("aarch64"))) {
      return Optional.of(
          "native calls are known for Linux on x64 and aarch64 only; os="
              + system
              + " architecture="
              + architecture);
    }
    if (!ProcFiles.available()) {
      return Optional.of("/proc is not mounted, or does not show this process");
    }
    return Libc.obstacle().or(Memfd::obstacle);
  }

  @Override
  public String name() {
    return "linux";
  }

  @Override
  public List<Check> checks() {
    return LinuxChecks.run(self());
  }

  @Override
  public Segment createSegment(long bytes) throws IOException {
    return Memfd.create(self(), bytes);
  }

  @Override
  public Segment attach(SegmentHandle handle) throws IOException {
    return Memfd.attach(this, handle);
  }

  @Override
  public boolean discard(MemorySegment pages) {
    return Libc.madvise(pages.address(), pages.byteSize(), Libc.MADV_REMOVE) == 0;
  }

  @Override
  public Doorbell doorbell(MemorySegment word) {
    return new FutexDoorbell(word);
  }

  @Override
  public Optional<ProcessIdentity> identify(long pid) {
    try {
      return ProcFiles.stat(pid).map(stat -> new ProcessIdentity(pid, stat.start()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public boolean isDead(ProcessIdentity process) {
    // Opened before the start is read: if the start is right after that, so is the descriptor.
    var pidfd = Libc.pidfd_open(process.pid());
    if (pidfd == -Errno.ESRCH) {
      return isGone(process.pid());
    }
    try {
      var stat = ProcFiles.stat(process.pid());
      if (stat.isEmpty()) {
        return isGone(process.pid());
      }
      if (stat.get().start() != process.start()) {
        return true;
      }
      // A pidfd is readable once all threads have ended; the leader's own end is not enough.
      return pidfd >= 0
          ? Libc.poll(pidfd, Libc.POLLIN) > 0
          : stat.get().state() == 'Z' && ProcFiles.onlyLeaderLeft(process.pid());
    } catch (IOException _) {
      return false; // what cannot be read proves nothing
    } finally {
      if (pidfd >= 0) {
        Libc.close(pidfd);
      }
    }
  }

  /** Asks the kernel, because a /proc may hide processes. */
  private static boolean isGone(long pid) {
    return Libc.kill(pid, 0) == -Errno.ESRCH;
  }

  @Override
  public List<String> detaching() {
    return Files.isExecutable(Path.of(SETSID)) ? List.of(SETSID) : List.of();
  }

  @Override
  public boolean becomeChildOf(ProcessIdentity parent) {
    var session = Libc.setsid();
    if (session < 0 && Libc.getpgid(0) != self().pid()) {
      throw new UncheckedIOException(
          new IOException("setsid failed in a new child; errno=" + Errno.name(-session)));
    }
    var tied = Libc.prctl(Libc.PR_SET_PDEATHSIG, Signal.KILL.number());
    if (tied < 0) {
      throw new UncheckedIOException(
          new IOException("prctl(PR_SET_PDEATHSIG) failed; errno=" + Errno.name(-tied)));
    }
    // The signal is not sent for a death before the call above. (The parent in between may be a
    // wrapper such as nice, so another number alone proves nothing.)
    // Its last thread hands its children over some microseconds before its death can be proven.
    for (var look = 0; look < LOOKS && Libc.getppid() != parent.pid(); look++) {
      if (isDead(parent)) {
        Libc.kill(self().pid(), Signal.KILL.number());
        Runtime.getRuntime().halt(EXIT_KILLED);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }

  @Override
  public void giveWay() {
    // A refusal harms nobody.
    var _ = Libc.set_group_niceness(LOWEST_NICENESS);
  }

  @Override
  public boolean kill(long pid, Signal signal) {
    return send(requireOneProcess(pid), signal);
  }

  @Override
  public boolean killGroup(long group, Signal signal) {
    return send(-requireOneProcess(group), signal);
  }

  private static boolean send(long target, Signal signal) {
    var result = Libc.kill(target, signal.number());
    // A group refuses only where none of it may be signalled: all that is left of it are other
    // users' processes, such as what was started by sudo.
    var isNobody = result == -Errno.ESRCH || (result == -Errno.EPERM && target < 0);
    if (result < 0 && !isNobody) {
      throw new UncheckedIOException(
          new IOException(
              "the signal could not be sent; signal="
                  + signal
                  + " pid="
                  + target
                  + " errno="
                  + Errno.name(-result)));
    }
    return result == 0;
  }

  @Override
  protected boolean killsGroups() {
    return true;
  }
}
