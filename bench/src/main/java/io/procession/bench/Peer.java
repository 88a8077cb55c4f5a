package io.procession.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One of those that are compared: a program that speaks the protocol of {@code bench/README.md}.
 *
 * @param name what the tables call it
 * @param warmsUpSlowly whether it is compiled while it runs
 */
record Peer(String name, List<String> command, boolean warmsUpSlowly) {

  /** Those that differ from another peer in how they start, or are known to be far behind. */
  private static final Set<String> SECONDARY =
      Set.of(
          "Python Pool (forkserver)",
          "Python Pool (spawn)",
          "Python joblib",
          "Python SimpleQueue",
          "Agrona OneToOne",
          "out-process",
          "JVM: ForkJoinPool");

  /**
   * What the JARs of peers want to be opened; Agrona and Aeron need the first, Chronicle all of
   * them.
   */
  private static final List<String> OPEN =
      List.of(
          "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
          "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
          "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /**
   * Where programs are.
   *
   * @param bench the folder of the benchmarks
   * @param programsInC where they were compiled to
   * @param python the interpreter, such as {@code /usr/bin/python3}
   */
  record Places(Path bench, Path programsInC, String python) {

    private Peer python(String name, String program, String... arguments) {
      var file = bench.resolve("peers").resolve("python").resolve(program);
      var command = new ArrayList<>(List.of(python, "-u", file.toString()));
      command.addAll(List.of(arguments));
      return new Peer(name, List.copyOf(command), false);
    }

    private Peer c(String kind) {
      return new Peer("C: " + kind, List.of(programsInC.resolve("peer").toString(), kind), false);
    }
  }

  /** Whether it is measured only at the points of {@code --quick}: its growth tells little. */
  boolean isSecondary() {
    return SECONDARY.contains(name);
  }

  /** All of them, in the order of the tables. */
  static List<Peer> all(Places in) {
    var peers = new ArrayList<Peer>();
    peers.add(ours(Row.OURS, "Procession"));
    peers.add(ours("Procession SharedPipe (bytes)", "OurPipe"));
    for (var method : List.of("fork", "forkserver", "spawn")) {
      peers.add(in.python("Python Pool (" + method + ")", "processes.py", method));
    }
    peers.add(in.python("Python ProcessPoolExecutor", "futures.py", "fork"));
    peers.add(in.python("Python joblib", "joblib_peer.py"));
    for (var queue : List.of("Queue", "SimpleQueue")) {
      peers.add(in.python("Python " + queue, "queues.py", queue));
    }
    peers.add(in.python("Python Lock and pipe", "shared.py", "array"));
    peers.add(in.python("Python SharedMemory and NumPy", "shared.py", "numpy"));
    peers.add(in.python("Python asyncio", "loop.py"));
    peers.add(java("PP4J", "Pp4j"));
    peers.add(java("out-process", "OutProcess"));
    peers.add(java("Agrona OneToOne", "Rings", "one-to-one"));
    peers.add(java("Agrona ManyToOne", "Rings", "many-to-one"));
    peers.add(java("Aeron IPC", "Rings", "aeron"));
    peers.add(java("Chronicle Queue", "Rings", "chronicle"));
    peers.add(java("JVM: serial", "OneJvm", "serial"));
    peers.add(java("JVM: ThreadPoolExecutor", "OneJvm", "thread-pool"));
    peers.add(java("JVM: ForkJoinPool", "OneJvm", "fork-join"));
    peers.add(java("JVM: LinkedBlockingQueue", "OneJvm", "linked-blocking-queue"));
    peers.add(java("JVM: ReentrantLock", "OneJvm", "reentrant-lock"));
    peers.add(java("JVM: thread", "OneJvm", "thread"));
    peers.add(java("JVM: virtual thread", "OneJvm", "virtual-thread"));
    peers.add(ours("plain java process", "PlainJava"));
    for (var kind : List.of("process", "pipe", "futex", "mutex")) {
      peers.add(in.c(kind));
    }
    return peers;
  }

  /** Has nothing but our jars on its class path, as a program that uses the library has. */
  static Peer ours(String name, String program) {
    var classPath = System.getProperty("bench.class.path", System.getProperty("java.class.path"));
    return java(name, classPath, List.of(), program);
  }

  private static Peer java(String name, String program, String... arguments) {
    return java(name, System.getProperty("java.class.path"), OPEN, program, arguments);
  }

  private static Peer java(
      String name, String classPath, List<String> options, String program, String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, "io.procession.bench.peer." + program));
    command.addAll(List.of(arguments));
    return new Peer(name, List.copyOf(command), true);
  }
}
