package io.procession.bench.peer;

import io.procession.ChildProcess;
import io.procession.shared.Connection;
import io.procession.shared.SharedPipe;

/** Raw bytes through Procession's {@link SharedPipe}: what is left of a queue without objects. */
final class OurPipe {

  private OurPipe() {}

  /** Serves the driver. */
  public static void main(String[] arguments) throws Exception {
    new Program("Procession " + Procession.version())
        .with("queue", OurPipe::messages)
        .with("queue-round-trip", settings -> roundTrip(settings, 0))
        .with("queue-round-trip-idle", settings -> roundTrip(settings, 5))
        .serve();
  }

  private static Measurement messages(Settings settings) throws Exception {
    settings.atMost("pairs", 1, "has two ends");
    var bytes = settings.bytes();
    var pipe = SharedPipe.createOneWay();
    var in = pipe.first();
    var out = pipe.second();
    var consumer = new OurQueues.Child(count -> receive(in, bytes, count));
    var producer = new OurQueues.Child(count -> send(out, bytes, count));
    var batch = new Batch(0.5);
    Measurement measured = seconds -> batch.measure(seconds, consumer, producer);
    return measured.with(producer::end).with(consumer::end).with(pipe::close);
  }

  private static void send(Connection out, int bytes, int count) throws Exception {
    var message = new byte[bytes];
    for (var number = 0; number < count; number++) {
      out.sendBytes(message);
    }
  }

  private static void receive(Connection in, int bytes, int count) throws Exception {
    var message = new byte[bytes];
    for (var number = 0; number < count; number++) {
      var _ = in.receiveBytesInto(message);
    }
  }

  private static Measurement roundTrip(Settings settings, int pauseMillis) throws Exception {
    var pipe = SharedPipe.create();
    var here = pipe.first();
    var there = pipe.second();
    var bytes = settings.bytes();
    var child = ChildProcess.start(() -> echo(there, bytes));
    var message = new byte[bytes];
    var measured =
        new RoundTrip(
            pauseMillis,
            () -> {
              here.sendBytes(message);
              var _ = here.receiveBytesInto(message);
            });
    return measured.with(() -> {
      here.sendBytes(new byte[0]);
      child.join();
      pipe.close();
    });
  }

  private static void echo(Connection there, int bytes) throws Exception {
    var message = new byte[bytes];
    while (there.receiveBytesInto(message) > 0) {
      there.sendBytes(message);
    }
  }
}
