package io.procession.internal.os;

import io.procession.internal.os.linux.LinuxPlatform;
import io.procession.internal.os.portable.PortablePlatform;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the operating system gives to processes that work together: shared memory, doorbells,
 * identity, death, signals.
 *
 * <p>There are two: {@code linux} calls the C library, {@code portable} makes do with the JDK. The
 * system property {@value #PROPERTY} chooses: {@code portable} forces the second, {@code native}
 * forbids it, and without the property it serves where the first cannot work.
 */
public abstract class Platform {
  /** The system property that chooses a platform. */
  public static final String PROPERTY = "procession.os";

  private static @Nullable Platform current;

  private final ProcessIdentity self;

  /** A platform of this process. */
  @SuppressWarnings("this-escape") // only our two platforms extend it; identify needs no state
  protected Platform() {
    var pid = ProcessHandle.current().pid();
    self =
        identify(pid)
            .orElseThrow(() ->
                new IllegalStateException("the system does not know this process; pid=" + pid));
  }

  /**
   * The platform of this process; always the same.
   *
   * @throws IllegalArgumentException if {@value #PROPERTY} has another value than those above
   * @throws UnsupportedOperationException if it is {@code native} and that is impossible here
   */
  public static synchronized Platform current() {
    if (current == null) {
      current = choose(System.getProperty(PROPERTY));
    }
    return current;
  }

  static Platform choose(@Nullable String wish) {
    // No switch: over null it is linked at its first use, which every child pays for in its start.
    if ("portable".equals(wish)) {
      return new PortablePlatform("it was asked for; " + PROPERTY + "=portable");
    }
    if (wish != null && !wish.equals("native")) {
      throw new IllegalArgumentException(
          "the system property must be native or portable, or absent; " + PROPERTY + "=" + wish);
    }
    var obstacle = LinuxPlatform.obstacle();
    if (obstacle.isEmpty()) {
      return new LinuxPlatform();
    }
    if (wish == null) {
      return new PortablePlatform(obstacle.get());
    }
    throw new UnsupportedOperationException(
        obstacle.get() + ": remove this property to use the portable way; " + PROPERTY + "=native");
  }

  /** {@code linux} or {@code portable}. */
  public abstract String name();

  /** What works here and what does not, a line each, for {@code procession doctor}. */
  public abstract List<Check> checks();

  /**
   * Creates shared memory that this process owns, zeroed.
   *
   * @param bytes the size of the payload, positive
   */
  public abstract Segment createSegment(long bytes) throws IOException;

  /**
   * Maps a segment of another process, or of this one once more.
   *
   * @throws SegmentGoneException if the owner has died or has closed it
   */
  public abstract Segment attach(SegmentHandle handle) throws IOException;

  /**
   * Gives pages of a segment back to the system, for all processes: they are zero when next read.
   *
   * @param pages from one page boundary to another
   * @return whether it was done; if not, nothing has changed
   */
  public abstract boolean discard(MemorySegment pages);

  /** A doorbell over a word of shared memory; each process makes its own over its own mapping. */
  public abstract Doorbell doorbell(MemorySegment word);

  /** This process. */
  public final ProcessIdentity self() {
    return self;
  }

  /** The process that has this number now, if there is one; a zombie counts. */
  public abstract Optional<ProcessIdentity> identify(long pid);

  /**
   * Whether it is proven that no instruction of this process runs any more: its number is free or
   * someone else's, or nothing is left of it but a zombie that its parent has yet to reap. False
   * where the proof fails for any reason; ask again later then.
   */
  public abstract boolean isDead(ProcessIdentity process);

  /**
   * What a command begins with so that no terminal reaches its process: a JVM that an interrupt
   * hits in its first moments prints a stack trace. Empty where there is no such program.
   */
  public List<String> detaching() {
    return List.of();
  }

  /**
   * Called first thing in a child: ties its life to its parent's, and makes it the leader of a
   * session and group of its own, whose number is its pid. Ends this process at once if the parent
   * is dead already. The death signal follows the <em>thread</em> that started this process: that
   * one must not end before the parent does.
   *
   * @return whether the tie is made; false on the portable platform, where nothing was done
   */
  public abstract boolean becomeChildOf(ProcessIdentity parent);

  /**
   * Lets this process, which leads a group, and all that it starts from now on, run only when no
   * other process wants to. The portable platform does nothing.
   */
  public abstract void giveWay();

  /**
   * Sends a signal to a process.
   *
   * @param pid above 1
   * @return whether there was such a process
   * @throws java.io.UncheckedIOException if the system refuses it
   * @throws UnsupportedOperationException on the portable platform for others than TERM and KILL
   */
  public abstract boolean kill(long pid, Signal signal);

  /**
   * Sends a signal to all processes of a group; on the portable platform to the process of that
   * number and its descendants.
   *
   * @param group above 1
   * @return whether there was any to which this process may send it
   */
  public abstract boolean killGroup(long group, Signal signal);

  /** A sentinel, which starts with its first child; empty where there is no {@code /bin/sh}. */
  public final Optional<Sentinel> newSentinel() {
    return Files.isExecutable(Path.of(Sentinel.SHELL))
        ? Optional.of(new Sentinel(killsGroups()))
        : Optional.empty();
  }

  /** Refuses numbers that mean more than one process, or the first one. */
  protected static long requireOneProcess(long pid) {
    if (pid <= 1) {
      throw new IllegalArgumentException("a process that may be signalled is above 1; pid=" + pid);
    }
    return pid;
  }

  /** Whether children lead groups, which can be killed whole. */
  protected abstract boolean killsGroups();
}
