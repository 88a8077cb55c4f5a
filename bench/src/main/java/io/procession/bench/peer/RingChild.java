package io.procession.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** The JVM at the other end of a link: produces, consumes or echoes, as it is told. */
final class RingChild implements Batch.Worker {

  private final Process process;
  private final PrintWriter orders;
  private final BufferedReader reports;

  RingChild(Link.Kind kind, Path directory, String name, int bytes, String role)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), RingChild.class.getName()));
    command.addAll(List.of(kind.word(), directory.toString(), name, Integer.toString(bytes), role));
    process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    orders = new PrintWriter(process.outputWriter(), true);
    reports = process.inputReader();
    await(); // it is ready
  }

  @Override
  public void begin(int count) {
    orders.println(count);
  }

  @Override
  public void await() throws IOException {
    if (reports.readLine() == null) {
      throw new IOException("the child at the other end has died; its words are on stderr");
    }
  }

  void close() throws InterruptedException {
    orders.close();
    process.waitFor();
  }

  /** Waits as both sides do. One that spins for ever would slow down the others' measurements. */
  static IdleStrategy idleStrategy() {
    return new BackoffIdleStrategy();
  }

  static void send(Link link, IdleStrategy idle) {
    idle.reset();
    while (!link.offer()) {
      idle.idle();
    }
  }

  static void receive(Link link, int count, IdleStrategy idle) {
    idle.reset();
    for (var left = count; left > 0; ) {
      var received = link.poll();
      left -= received;
      idle.idle(received);
    }
  }

  /** The child: kind, directory, name of the link, bytes of a message, role. */
  public static void main(String[] arguments) throws Exception {
    var answers = System.out;
    System.setOut(System.err);
    System.setProperty("chronicle.analytics.disable", "true"); // it would call home
    var kind = Link.Kind.of(arguments[0]);
    var directory = Path.of(arguments[1]);
    var bytes = Integer.parseInt(arguments[3]);
    var idle = idleStrategy();
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (var link = kind.open(directory, arguments[2], bytes)) {
      if (arguments[4].equals("echo")) {
        echo(link, kind, directory, bytes, input, answers);
        return;
      }
      answers.println("ready");
      for (var order = input.readLine(); order != null; order = input.readLine()) {
        var count = Integer.parseInt(order);
        if (arguments[4].equals("produce")) {
          for (var number = 0; number < count; number++) {
            send(link, idle);
          }
        } else {
          receive(link, count, idle);
        }
        answers.println("done");
      }
    }
  }

  private static void echo(
      Link requests,
      Link.Kind kind,
      Path directory,
      int bytes,
      BufferedReader input,
      java.io.PrintStream answers)
      throws Exception {
    var ended = new AtomicBoolean();
    Thread.startVirtualThread(() -> {
      try {
        input.readLine();
      } catch (IOException _) {
        // The parent is gone, which ends this too.
      }
      ended.set(true);
    });
    var idle = idleStrategy();
    try (var responses = kind.open(directory, "responses", bytes)) {
      requests.poll();
      answers.println("ready");
      while (!ended.get()) {
        var received = requests.poll();
        for (var number = 0; number < received; number++) {
          send(responses, idle);
        }
        idle.idle(received);
      }
    }
  }
}
