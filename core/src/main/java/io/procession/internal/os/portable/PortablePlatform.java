package io.procession.internal.os.portable;

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
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The platform that needs nothing but the JDK: slower, and as correct. */
public final class PortablePlatform extends Platform {
  private static final boolean PROC = ProcFiles.available();

  private final String reason;
  private final SegmentDirectory directory;

  /**
   * The platform of this process.
   *
   * @param reason why the native one does not serve, for {@link #checks()}
   */
  public PortablePlatform(String reason) {
    this.reason = reason;
    directory = new SegmentDirectory(this, SegmentDirectory.defaultParent());
  }

  @Override
  public String name() {
    return "portable";
  }

  @Override
  public List<Check> checks() {
    return List.of(
        Check.failed(
            "native calls",
            "not used: " + reason,
            "use Linux on x64 or aarch64 with --enable-native-access and without -D" + PROPERTY),
        segments());
  }

  private Check segments() {
    try (var segment = createSegment(Long.BYTES)) {
      return Check.passed("shared files", "one was made, " + segment.handle().location());
    } catch (IOException failure) {
      return Check.failed(
          "shared files",
          String.valueOf(failure.getMessage()),
          "make a directory writable and give it as -Djava.io.tmpdir");
    }
  }

  @Override
  public Segment createSegment(long bytes) throws IOException {
    return directory.create(bytes);
  }

  @Override
  public Segment attach(SegmentHandle handle) throws IOException {
    return directory.attach(handle);
  }

  @Override
  public boolean discard(MemorySegment pages) {
    return false;
  }

  @Override
  public Doorbell doorbell(MemorySegment word) {
    return new ParkingDoorbell(word);
  }

  @Override
  public Optional<ProcessIdentity> identify(long pid) {
    try {
      return startOf(pid).map(start -> new ProcessIdentity(pid, start));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Optional<Long> startOf(long pid) throws IOException {
    return PROC
        ? ProcFiles.stat(pid).map(ProcFiles.Stat::start)
        : ProcessHandle.of(pid)
            .flatMap(process -> process.info().startInstant())
            .map(instant -> instant.toEpochMilli());
  }

  @Override
  public boolean isDead(ProcessIdentity process) {
    var pid = process.pid();
    try {
      var start = startOf(pid);
      if (start.isEmpty()) {
        return ProcessHandle.of(pid).isEmpty();
      }
      if (start.get() != process.start()) {
        return true;
      }
      return PROC
          && ProcFiles.stat(pid).filter(stat -> stat.state() == 'Z').isPresent()
          && ProcFiles.onlyLeaderLeft(pid);
    } catch (IOException _) {
      return false; // what cannot be read proves nothing
    }
  }

  @Override
  public boolean becomeChildOf(ProcessIdentity parent) {
    return false;
  }

  @Override
  public void giveWay() {}

  @Override
  public boolean kill(long pid, Signal signal) {
    return ProcessHandle.of(requireOneProcess(pid))
        .map(process -> send(process, signal))
        .orElse(false);
  }

  @Override
  public boolean killGroup(long group, Signal signal) {
    return ProcessHandle.of(requireOneProcess(group))
        .map(leader -> {
          // Listed before the first of them ends and its children change their parent.
          var family = Stream.concat(Stream.of(leader), leader.descendants()).toList();
          family.forEach(process -> send(process, signal));
          return true;
        })
        .orElse(false);
  }

  private static boolean send(ProcessHandle process, Signal signal) {
    return switch (signal) {
      case TERM -> process.destroy();
      case KILL -> process.destroyForcibly();
      default ->
          throw new UnsupportedOperationException(
              "the portable platform sends TERM and KILL only; signal=" + signal);
    };
  }

  @Override
  protected boolean killsGroups() {
    return false;
  }
}
