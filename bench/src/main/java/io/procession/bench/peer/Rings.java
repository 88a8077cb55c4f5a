package io.procession.bench.peer;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Path;
import org.agrona.IoUtil;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Raw bytes between two JVMs, by Agrona, Aeron or Chronicle; its one argument is a {@link
 * Link.Kind}.
 */
final class Rings {

  private static final int AERON_TERM_BYTES = 64 << 20;
  private static final int AERON_PACKET_BYTES = 32 << 10;

  /** Chronicle keeps every message in a file, for ever. */
  private static final int CHRONICLE_BYTES_AT_MOST = 1 << 10;

  private final Link.Kind kind;

  private Rings(Link.Kind kind) {
    this.kind = kind;
  }

  /** Serves the driver. */
  public static void main(String[] arguments) throws Exception {
    System.setProperty("chronicle.analytics.disable", "true"); // it would call home
    var rings = new Rings(Link.Kind.of(arguments[0]));
    new Program(rings.version())
        .with("queue", rings::queue)
        .with("queue-round-trip", settings -> rings.roundTrip(settings, 0))
        .with("queue-round-trip-idle", settings -> rings.roundTrip(settings, 5))
        .serve();
  }

  private String version() {
    var name =
        kind == Link.Kind.AERON
            ? "Aeron"
            : kind == Link.Kind.CHRONICLE ? "Chronicle Queue" : "Agrona";
    var type =
        kind == Link.Kind.AERON
            ? io.aeron.Aeron.class
            : kind == Link.Kind.CHRONICLE
                ? net.openhft.chronicle.queue.ChronicleQueue.class
                : IoUtil.class;
    var jar = Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    return name + " " + jar.getFileName().toString().replaceAll("^\\D*|\\.jar$", "");
  }

  private Measurement queue(Settings settings) throws Exception {
    settings.atMost("pairs", 1, "has one consumer");
    var place = new Place(settings);
    var consumer = new RingChild(kind, place.directory, "messages", settings.bytes(), "consume");
    var producer = new RingChild(kind, place.directory, "messages", settings.bytes(), "produce");
    var batch = new Batch(0.5);
    Measurement measured = seconds -> batch.measure(seconds, consumer, producer);
    return measured.with(producer::close).with(consumer::close).with(place::close);
  }

  private Measurement roundTrip(Settings settings, int pauseMillis) throws Exception {
    var place = new Place(settings);
    var requests = kind.open(place.directory, "requests", settings.bytes());
    var responses = kind.open(place.directory, "responses", settings.bytes());
    var child = new RingChild(kind, place.directory, "requests", settings.bytes(), "echo");
    var idle = RingChild.idleStrategy();
    var measured =
        new RoundTrip(
            pauseMillis,
            () -> {
              RingChild.send(requests, idle);
              RingChild.receive(responses, 1, idle);
            });
    return measured
        .with(child::close)
        .with(requests::close)
        .with(responses::close)
        .with(place::close);
  }

  /** Where the two meet: a folder, and Aeron's driver if it is that. */
  private final class Place {

    final Path directory;
    private final @Nullable MediaDriver driver;

    Place(Settings settings) throws Exception {
      if (kind == Link.Kind.CHRONICLE) {
        settings.atMost("bytes", CHRONICLE_BYTES_AT_MOST, "would fill the memory");
      }
      directory = Link.temporaryDirectory();
      driver = kind == Link.Kind.AERON ? launch(directory) : null;
    }

    void close() {
      if (driver != null) {
        driver.close();
      }
      IoUtil.delete(directory.toFile(), true);
    }
  }

  private static MediaDriver launch(Path directory) {
    return MediaDriver.launch(
        new MediaDriver.Context()
            .aeronDirectoryName(directory.toString())
            .dirDeleteOnStart(true)
            .threadingMode(ThreadingMode.SHARED)
            .sharedIdleStrategy(new BackoffIdleStrategy())
            .ipcTermBufferLength(AERON_TERM_BYTES)
            .ipcMtuLength(AERON_PACKET_BYTES));
  }
}
