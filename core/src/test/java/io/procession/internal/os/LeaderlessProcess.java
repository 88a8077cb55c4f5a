package io.procession.internal.os;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * A JVM whose first thread ends, so that it looks like a zombie while all the others run.
 *
 * <p>The first thread of a JVM only waits for the one that runs {@code main}. A signal ends it: the
 * handler of signal 60 is the C function {@code syscall}, whose first argument is the signal's
 * number, and system call 60 of x64 is {@code exit}, the one for a single thread.
 */
final class LeaderlessProcess {
  private static final int SYS_EXIT = 60;
  private static final long SYS_TGKILL = 234;

  private LeaderlessProcess() {}

  @SuppressWarnings("restricted") // a test may call the C library
  static void main() throws Throwable {
    var linker = Linker.nativeLinker();
    var word = ValueLayout.JAVA_LONG;
    var syscall = linker.defaultLookup().findOrThrow("syscall");
    var signal =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("signal"),
            FunctionDescriptor.of(word, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    var _ = (long) signal.invokeExact(SYS_EXIT, syscall);
    var pid = ProcessHandle.current().pid();
    var tgkill =
        linker.downcallHandle(syscall, FunctionDescriptor.of(word, word, word, word, word));
    var _ = (long) tgkill.invokeExact(SYS_TGKILL, pid, pid, (long) SYS_EXIT);
    while (ProcFiles.stat(pid).orElseThrow().state() != 'Z') {
      Thread.onSpinWait();
    }
    System.out.println(pid);
    var reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    reader.readLine();
    System.out.println("still running");
    Thread.sleep(Long.MAX_VALUE);
  }
}
