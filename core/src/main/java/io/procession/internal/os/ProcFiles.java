package io.procession.internal.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** What {@code /proc} tells about processes; source: proc(5). */
public final class ProcFiles {
  private static final Path ROOT = Path.of("/proc");

  private ProcFiles() {}

  /**
   * The fields of {@code /proc/<pid>/stat} that matter here.
   *
   * @param pid field 1
   * @param command field 2, the name without its parentheses, one char per byte
   * @param state field 3: {@code Z} is a leader that ended, though its threads may still run
   * @param parent field 4
   * @param group field 5
   * @param session field 6
   * @param start field 22, clock ticks after boot
   */
  public record Stat(
      long pid, String command, char state, long parent, long group, long session, long start) {

    /** Takes a line apart; a name may hold spaces, parentheses and line ends. */
    static Stat parse(String line) {
      var open = line.indexOf('(');
      var close = line.lastIndexOf(')');
      var rest = line.substring(close + 2).stripTrailing().split(" ", -1);
      return new Stat(
          Long.parseLong(line.substring(0, open - 1)),
          line.substring(open + 1, close),
          rest[0].charAt(0),
          Long.parseLong(rest[1]),
          Long.parseLong(rest[2]),
          Long.parseLong(rest[3]),
          Long.parseLong(rest[19]));
    }
  }

  /** Whether this system has a {@code /proc} that shows this very process. */
  public static boolean available() {
    try {
      return Files.readSymbolicLink(ROOT.resolve("self"))
          .toString()
          .equals(Long.toString(ProcessHandle.current().pid()));
    } catch (IOException | UnsupportedOperationException _) {
      return false; // no /proc, or one of another pid namespace
    }
  }

  /**
   * The state of a process; empty when there is none with that number.
   *
   * @throws IOException when it could not be read for another reason, which proves nothing
   */
  public static Optional<Stat> stat(long pid) throws IOException {
    var directory = ROOT.resolve(Long.toString(pid));
    try {
      var bytes = Files.readAllBytes(directory.resolve("stat"));
      return Optional.of(Stat.parse(new String(bytes, StandardCharsets.ISO_8859_1)));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException failure) {
      // Reading the open file of a process that was just reaped gives ESRCH.
      if (Files.notExists(directory)) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /**
   * Whether all threads of a process but its leader are gone. The list is read twice, because a
   * thread can be born while the first reading passes.
   */
  public static boolean onlyLeaderLeft(long pid) throws IOException {
    for (var reading = 0; reading < 2; reading++) {
      if (!onlyLeaderListed(pid)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a process is stopped, by a signal or a debugger; false also where that is unknown. */
  public static boolean isStopped(long pid) {
    try {
      return stat(pid).filter(stat -> stat.state() == 'T' || stat.state() == 't').isPresent();
    } catch (IOException _) {
      return false; // what cannot be read proves nothing
    }
  }

  /**
   * The memory that a process uses alone, in bytes: anonymous pages, resident or swapped out. What
   * it has mapped of files, and of memory that processes share, is not among it. 0 where the system
   * does not tell.
   */
  public static long privateBytes(long pid) {
    try {
      var bytes = 0L;
      var status = ROOT.resolve(Long.toString(pid)).resolve("status");
      for (var line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("RssAnon:") || line.startsWith("VmSwap:")) {
          bytes += kibibytes(line) << 10;
        }
      }
      return bytes;
    } catch (IOException _) {
      return 0; // no /proc, or the process is gone
    }
  }

  /** Of a line like {@code VmSwap: 12 kB}. */
  private static long kibibytes(String line) {
    var value = line.substring(line.indexOf(':') + 1, line.lastIndexOf(" kB")).strip();
    return Long.parseLong(value);
  }

  private static boolean onlyLeaderListed(long pid) throws IOException {
    var leader = Long.toString(pid);
    try (var tasks = Files.newDirectoryStream(ROOT.resolve(leader).resolve("task"))) {
      for (var task : tasks) {
        if (!task.endsWith(leader)) {
          return false;
        }
      }
      return true;
    } catch (NoSuchFileException _) {
      return true;
    } catch (DirectoryIteratorException failure) {
      throw failure.getCause();
    }
  }
}
