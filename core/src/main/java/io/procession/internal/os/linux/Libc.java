package io.procession.internal.os.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The C functions that are used, under their C names: their manual pages are the documentation.
 * Each returns what C returns, or {@code -errno} where C returns -1. Only for 64-bit Linux on x64
 * and aarch64.
 *
 * <p>All are linked with one shape, five words to one word: both calling conventions pass the first
 * six integers and pointers in registers, whatever their width and whether variadic or not, and a
 * function does not look at the ones it did not declare. A second shape would cost each new process
 * about 5 ms. Nothing is linked as {@code critical}, so a call that blocks never holds up a garbage
 * collection.
 */
final class Libc {
  static final int MFD_CLOEXEC = 1;
  static final int MFD_ALLOW_SEALING = 2;
  static final int F_ADD_SEALS = 1033;
  static final int F_SEAL_SEAL = 1;
  static final int F_SEAL_SHRINK = 2;
  static final int F_SEAL_GROW = 4;
  static final int PR_SET_PDEATHSIG = 1;
  static final short POLLIN = 1;
  static final int MADV_REMOVE = 9;

  private static final int FUTEX_WAIT = 0;
  private static final int FUTEX_WAKE = 1;
  private static final boolean X64 = System.getProperty("os.arch").equals("amd64");
  private static final long SYS_FUTEX = X64 ? 202 : 98;
  private static final long SYS_PIDFD_OPEN = 434;
  private static final long SYS_SETPRIORITY = X64 ? 141 : 140;
  private static final int PRIO_PGRP = 1;

  private static final List<String> MISSING = new ArrayList<>();
  private static @Nullable String refusal;

  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final VarHandle ERRNO_VALUE = ValueLayout.JAVA_INT.varHandle();

  private static final @Nullable MethodHandle MEMFD_CREATE = link("memfd_create");
  private static final @Nullable MethodHandle FCNTL = link("fcntl");
  private static final @Nullable MethodHandle FTRUNCATE = link("ftruncate");
  private static final @Nullable MethodHandle CLOSE = link("close");
  private static final @Nullable MethodHandle MADVISE = link("madvise");
  private static final @Nullable MethodHandle POLL = link("poll");
  private static final @Nullable MethodHandle PRCTL = link("prctl");
  private static final @Nullable MethodHandle SETSID = link("setsid");
  private static final @Nullable MethodHandle GETPGID = link("getpgid");
  private static final @Nullable MethodHandle GETPPID = link("getppid");
  private static final @Nullable MethodHandle KILL = link("kill");
  private static final @Nullable MethodHandle SYSCALL = link("syscall");

  private Libc() {}

  @SuppressWarnings("restricted") // this is the one class that may touch the linker
  private static @Nullable MethodHandle link(String name) {
    try {
      var linker = Linker.nativeLinker();
      var symbol = linker.defaultLookup().find(name);
      if (symbol.isEmpty()) {
        MISSING.add(name);
        return null;
      }
      var word = ValueLayout.JAVA_LONG;
      return linker.downcallHandle(
          symbol.get(), FunctionDescriptor.of(word, word, word, word, word, word), ERRNO);
    } catch (IllegalCallerException | UnsupportedOperationException failure) {
      refusal = failure.getMessage();
      return null;
    }
  }

  /** Why these functions cannot be used in this process; empty when they can. */
  static Optional<String> obstacle() {
    if (refusal != null) {
      return Optional.of("native access is not possible: " + refusal);
    }
    return MISSING.isEmpty()
        ? Optional.empty()
        : Optional.of("the C library lacks functions; missing=" + MISSING);
  }

  /**
   * Creates a memory file.
   *
   * @param name in ASCII
   */
  static int memfd_create(String name, int flags) {
    try (var arena = Arena.ofConfined()) {
      // Not allocateFrom(name), whose first use costs a child 5 ms of its start.
      var chars = arena.allocate(name.length() + 1L);
      for (var i = 0; i < name.length(); i++) {
        chars.set(ValueLayout.JAVA_BYTE, i, (byte) name.charAt(i));
      }
      return (int) call(MEMFD_CREATE, chars.address(), flags, 0, 0, 0);
    }
  }

  static int fcntl(int fd, int command, long argument) {
    return (int) call(FCNTL, fd, command, argument, 0, 0);
  }

  static int ftruncate(int fd, long bytes) {
    return (int) call(FTRUNCATE, fd, bytes, 0, 0, 0);
  }

  static int madvise(long address, long bytes, int advice) {
    return (int) call(MADVISE, address, bytes, advice, 0, 0);
  }

  static int close(int fd) {
    return (int) call(CLOSE, fd, 0, 0, 0, 0);
  }

  /** Whether one of {@code events} holds for {@code fd} right now: 1 or 0, or {@code -errno}. */
  static int poll(int fd, short events) {
    try (var arena = Arena.ofConfined()) {
      var pollfd = arena.allocate(8, 4); // int fd, short events, short revents
      pollfd.set(ValueLayout.JAVA_INT, 0, fd);
      pollfd.set(ValueLayout.JAVA_SHORT, 4, events);
      return (int) call(POLL, pollfd.address(), 1, 0, 0, 0);
    }
  }

  static int prctl(int option, long argument) {
    return (int) call(PRCTL, option, argument, 0, 0, 0);
  }

  static int setsid() {
    return (int) call(SETSID, 0, 0, 0, 0, 0);
  }

  static int getpgid(long pid) {
    return (int) call(GETPGID, pid, 0, 0, 0, 0);
  }

  static int getppid() {
    return (int) call(GETPPID, 0, 0, 0, 0, 0);
  }

  /** Negative numbers are process groups; -1 would be every process and is refused. */
  static int kill(long pid, int signal) {
    if (pid == 0 || pid == -1) {
      throw new IllegalArgumentException("this would signal processes of others; pid=" + pid);
    }
    return (int) call(KILL, pid, signal, 0, 0, 0);
  }

  /** Sets how nice all threads of the caller's group are: 19 gives way to everybody. */
  static int set_group_niceness(int niceness) {
    return (int) call(SYSCALL, SYS_SETPRIORITY, PRIO_PGRP, 0, niceness, 0);
  }

  static int pidfd_open(long pid) {
    return (int) call(SYSCALL, SYS_PIDFD_OPEN, pid, 0, 0, 0);
  }

  /**
   * Wakes up to {@code count} waiters, of any process, that sleep at a raw address.
   *
   * @param errno {@link #errnoMemory}
   */
  static int futex_wake(long address, int count, MemorySegment errno) {
    return (int) call(SYSCALL, errno, SYS_FUTEX, address, FUTEX_WAKE, count, 0);
  }

  /**
   * Sleeps while the word at a raw address, in memory that processes share, is {@code expected}.
   *
   * @param timespec the longest time, relative: seconds and nanoseconds
   * @param errno {@link #errnoMemory}, not in use by another thread
   */
  static int futex_wait(long address, int expected, MemorySegment timespec, MemorySegment errno) {
    var result = call(SYSCALL, errno, SYS_FUTEX, address, FUTEX_WAIT, expected, timespec.address());
    return (int) result;
  }

  /** Memory into which a call stores its errno. */
  static MemorySegment errnoMemory(Arena arena) {
    return arena.allocate(Linker.Option.captureStateLayout());
  }

  private static long call(
      @Nullable MethodHandle function, long a, long b, long c, long d, long e) {
    try (var arena = Arena.ofConfined()) {
      return call(function, errnoMemory(arena), a, b, c, d, e);
    }
  }

  private static long call(
      @Nullable MethodHandle function,
      MemorySegment errno,
      long a,
      long b,
      long c,
      long d,
      long e) {
    if (function == null) {
      throw new IllegalStateException(obstacle().orElse("a C function was not linked"));
    }
    try {
      var result = (long) function.invokeExact(errno, a, b, c, d, e);
      // An int is returned in the low half of the register; the high half is undefined.
      return (int) result == -1 ? -(int) ERRNO_VALUE.get(errno, 0L) : result;
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException("a downcall threw what it cannot throw", failure);
    }
  }
}
