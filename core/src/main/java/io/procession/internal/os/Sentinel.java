package io.procession.internal.os;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tiny shell process that outlives its JVM for a moment, to kill the children that are left.
 *
 * <p>It reads from its standard input which children there are. At the end of file, because the JVM
 * closed it or died by whatever means, it kills with SIGKILL every child still listed: with the
 * whole process group where children lead one (so that their own external programs go, too), else
 * alone and after a grace of 300 ms in which healthy children see their own end of file. It passes
 * over a number that has gone to another process since, where {@code /proc} tells.
 *
 * <p>It starts with the first {@link #add}, ignores the signals of a terminal, holds on to nothing
 * of its JVM (no descriptor, no directory), and is started anew should it have died.
 *
 * <p>Thread-safe. Kill a dead child's group before {@link #remove}: afterwards nobody guards it.
 */
public final class Sentinel implements AutoCloseable {
  static final String SHELL = "/bin/sh";

  /** Lines are {@code + pid start} and {@code - pid}; the list is {@code pid:start pid:start …}. */
  private static final String SCRIPT =
      """
      cd /
      list=
      while read -r verb pid start; do
        rest=
        for entry in $list; do
          [ "${entry%%:*}" = "$pid" ] || rest="$rest $entry"
        done
        list=$rest
        [ "$verb" = + ] && list="$list $pid:$start"
      done
      [ -z "$list" ] && exit 0
      [ "$1" = groups ] || sleep 0.3 2>/dev/null || sleep 1
      for entry in $list; do
        pid=${entry%%:*}
        stat=
        [ -r "/proc/$pid/stat" ] && stat=$(cat "/proc/$pid/stat" 2>/dev/null)
        if [ -n "$stat" ]; then
          set -- "$1" ${stat##*) }
          [ "${21}" = "${entry#*:}" ] || continue
        fi
        [ "$1" = groups ] && kill -9 "-$pid" 2>/dev/null
        kill -9 "$pid" 2>/dev/null
      done
      exit 0
      """;

  /** Signals stay ignored across exec; setsid, where there is one, leaves the terminal. */
  private static final String STARTER =
      """
      trap '' INT TERM HUP QUIT TSTP PIPE
      command -v setsid >/dev/null 2>&1 && exec setsid "$0" -c "$1" procession-sentinel "$2"
      exec "$0" -c "$1" procession-sentinel "$2"
      """;

  private final String mode;
  private final Map<Long, ProcessIdentity> children = new LinkedHashMap<>();
  private @Nullable Process process;
  private boolean closed;

  Sentinel(boolean groups) {
    mode = groups ? "groups" : "processes";
  }

  /**
   * Lists a child; from now on it does not survive this process. Starts the sentinel if need be.
   *
   * @throws IOException if no sentinel can be started
   */
  public synchronized void add(ProcessIdentity child) throws IOException {
    if (closed) {
      throw new IllegalStateException("the sentinel is closed; pid=" + child.pid());
    }
    if (child.pid() <= 1) {
      throw new IllegalArgumentException("this is no child's number; pid=" + child.pid());
    }
    children.put(child.pid(), child);
    tell(addition(child));
  }

  /** Takes a child off the list, which has ended. Unknown ones are ignored. */
  public synchronized void remove(ProcessIdentity child) throws IOException {
    if (children.remove(child.pid(), child) && !closed) {
      tell("- " + child.pid() + "\n");
    }
  }

  /** The sentinel's own process; 0 while there is none. */
  public synchronized long pid() {
    return process != null && process.isAlive() ? process.pid() : 0;
  }

  private static String addition(ProcessIdentity child) {
    return "+ " + child.pid() + " " + child.start() + "\n";
  }

  private void tell(String line) throws IOException {
    if (process != null && process.isAlive()) {
      try {
        write(process, line);
        return;
      } catch (IOException _) {
        // It died in between; the next one is told everything.
      }
    }
    if (children.isEmpty()) {
      return;
    }
    var started = start();
    process = started;
    for (var child : children.values()) {
      write(started, addition(child));
    }
  }

  /** One write of a short line, which a pipe takes whole or not at all. */
  private static void write(Process process, String line) throws IOException {
    var stream = process.getOutputStream();
    stream.write(line.getBytes(StandardCharsets.US_ASCII));
    stream.flush();
  }

  private Process start() throws IOException {
    var builder =
        new ProcessBuilder(List.of(SHELL, "-c", STARTER, SHELL, SCRIPT, mode))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    var path = System.getenv("PATH");
    builder.environment().clear();
    if (path != null) {
      builder.environment().put("PATH", path);
    }
    return builder.start();
  }

  /**
   * Ends the sentinel as the death of this process would, so what is still listed is killed, and
   * waits for it: some milliseconds. An interrupt ends the waiting, not the closing; the flag stays
   * set. Idempotent.
   */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    var ending = process;
    if (ending == null) {
      return;
    }
    process = null;
    try {
      ending.getOutputStream().close();
      ending.waitFor();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
