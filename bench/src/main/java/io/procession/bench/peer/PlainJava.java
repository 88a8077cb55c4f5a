package io.procession.bench.peer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;

/**
 * A JVM started by {@code ProcessBuilder}, and its pipes, as anybody can use them: what ours is to
 * be better than, or at least not much worse.
 */
final class PlainJava {

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  private PlainJava() {}

  /** Serves the driver. */
  public static void main(String[] arguments) throws Exception {
    new Program("Java " + Runtime.version())
        .with("start", _ -> seconds -> Timing.latency(seconds, () -> start("end").waitFor()))
        .with("start-cold", _ -> seconds -> Timing.latency(seconds, () -> start("end").waitFor()))
        .with("memory", _ -> PlainJava::memory)
        .with("queue", PlainJava::queue)
        .with("queue-round-trip", settings -> roundTrip(settings, 0))
        .with("queue-round-trip-idle", settings -> roundTrip(settings, 5))
        .serve();
  }

  private static Process start(String... arguments) throws IOException {
    var command = new java.util.ArrayList<String>();
    command.addAll(List.of(JAVA, "-XX:+UseSerialGC", "-cp", CLASS_PATH, Child.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
  }

  private static Sample memory(double seconds) throws Exception {
    var process = start("echo", "1");
    try (var out = process.getOutputStream()) {
      out.write(1);
      out.flush();
      process.getInputStream().read(); // it is up
      return Sample.of(Usage.memoryBytes(List.of(process.pid())));
    } finally {
      process.waitFor();
    }
  }

  /** Messages to a child, which says when it has them all. */
  private static Measurement queue(Settings settings) throws Exception {
    var bytes = settings.atMost("pairs", 1, "has one consumer").bytes();
    var process = start("consume", Integer.toString(bytes));
    var out = process.getOutputStream();
    var in = process.getInputStream();
    var message = new byte[bytes];
    var batch = Child.batch(bytes);
    Measurement measured =
        seconds ->
            Timing.rate(
                seconds,
                batch,
                () -> {
                  for (var number = 0; number < batch; number++) {
                    out.write(message);
                  }
                  out.flush();
                  in.read();
                });
    return measured.with(out::close).with(process::waitFor);
  }

  private static Measurement roundTrip(Settings settings, int pauseMillis) throws Exception {
    var process = start("echo", Integer.toString(settings.bytes()));
    var out = new DataOutputStream(process.getOutputStream());
    var in = new DataInputStream(process.getInputStream());
    var message = new byte[settings.bytes()];
    var measured =
        new RoundTrip(
            pauseMillis,
            () -> {
              out.write(message);
              out.flush();
              in.readFully(message);
            });
    return measured.with(out::close).with(process::waitFor);
  }

  /** What the JVM runs: its arguments are what to do, and the bytes of a message. */
  static final class Child {

    private static final int BATCH_BYTES = 4 << 20;

    private Child() {}

    /** As many messages are followed by an answer. */
    static int batch(int bytes) {
      return Math.max(1, BATCH_BYTES / bytes);
    }

    /** Does it until there is no more input. */
    public static void main(String[] arguments) throws IOException {
      if (arguments[0].equals("end")) {
        return;
      }
      var message = new byte[Integer.parseInt(arguments[1])];
      var echoes = arguments[0].equals("echo");
      var batch = batch(message.length);
      for (var count = 1; isRead(System.in, message); count++) {
        if (echoes) {
          answer(message);
        } else if (count % batch == 0) {
          answer(new byte[1]);
        }
      }
    }

    private static boolean isRead(InputStream in, byte[] message) throws IOException {
      return in.readNBytes(message, 0, message.length) == message.length;
    }

    private static void answer(byte[] message) throws IOException {
      OutputStream out = System.out;
      out.write(message);
      out.flush();
    }
  }
}
