package io.procession.bench.peer;

import io.procession.ChildProcess;
import io.procession.shared.SharedQueue;
import java.io.Serializable;
import java.util.ArrayList;

/** Procession's {@link SharedQueue} between processes. */
final class OurQueues {

  private static final int END = -1;

  private OurQueues() {}

  static void addTo(Program program) {
    program
        .with("queue", OurQueues::queue)
        .with("queue-round-trip", settings -> roundTrip(settings, 0))
        .with("queue-round-trip-idle", settings -> roundTrip(settings, 5));
  }

  /** A number, or bytes. */
  private static Serializable message(int bytes) {
    return bytes == Long.BYTES ? (Serializable) 1 : new byte[bytes];
  }

  private static Measurement queue(Settings settings) throws Exception {
    var bytes = settings.bytes();
    var messages = SharedQueue.<Serializable>create();
    var children = new ArrayList<Child>();
    for (var pair = 0; pair < settings.pairs(); pair++) {
      children.add(new Child(count -> consume(messages, count)));
      children.add(new Child(count -> produce(messages, bytes, count)));
    }
    var batch = new Batch(0.5);
    Measurement measured = seconds -> batch.measure(seconds, children.toArray(Child[]::new));
    return measured.with(() -> {
      for (var child : children) {
        child.end();
      }
      messages.close();
    });
  }

  private static void produce(SharedQueue<Serializable> messages, int bytes, int count)
      throws InterruptedException {
    var message = message(bytes);
    for (var number = 0; number < count; number++) {
      messages.put(message);
    }
  }

  private static void consume(SharedQueue<Serializable> messages, int count)
      throws InterruptedException {
    for (var number = 0; number < count; number++) {
      messages.take();
    }
  }

  private static Measurement roundTrip(Settings settings, int pauseMillis) throws Exception {
    var requests = SharedQueue.<Serializable>create();
    var responses = SharedQueue.<Serializable>create();
    var child = ChildProcess.start(() -> echo(requests, responses));
    var message = message(settings.bytes());
    var measured =
        new RoundTrip(
            pauseMillis,
            () -> {
              requests.put(message);
              responses.take();
            });
    return measured.with(() -> {
      requests.put("end");
      child.join();
      requests.close();
      responses.close();
    });
  }

  private static void echo(SharedQueue<Serializable> requests, SharedQueue<Serializable> responses)
      throws InterruptedException {
    for (var message = requests.take(); !message.equals("end"); message = requests.take()) {
      responses.put(message);
    }
  }

  /** What a child does as often as it is told to. */
  @FunctionalInterface
  interface Role extends Serializable {
    void run(int count) throws Exception;
  }

  /** A child that gets its orders through a queue of its own. */
  static final class Child implements Batch.Worker {

    private final SharedQueue<Integer> orders = SharedQueue.create();
    private final SharedQueue<Integer> reports = SharedQueue.create();
    private final ChildProcess process;

    Child(Role role) {
      var toDo = orders;
      var done = reports;
      process = ChildProcess.start(() -> follow(toDo, done, role));
    }

    private static void follow(SharedQueue<Integer> orders, SharedQueue<Integer> reports, Role role)
        throws Exception {
      for (var count = orders.take(); count != END; count = orders.take()) {
        role.run(count);
        reports.put(count);
      }
    }

    @Override
    public void begin(int count) throws InterruptedException {
      orders.put(count);
    }

    @Override
    public void await() throws InterruptedException {
      reports.take();
    }

    void end() throws InterruptedException {
      orders.put(END);
      process.join();
      orders.close();
      reports.close();
    }
  }
}
