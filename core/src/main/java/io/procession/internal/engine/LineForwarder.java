package io.procession.internal.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what a child writes, whole lines at a time, on a daemon thread of its own, and keeps
 * the last lines for a crash report.
 *
 * <p>A line is never torn, and never mixed with a line that another forwarder passes to the same
 * target. An incomplete last line is passed at the end of the stream; a line of {@value
 * #MAX_LINE_BYTES} bytes without an end is passed in pieces of that size.
 *
 * <p>The stream ends when its last writer is gone: a grandchild that inherited it may keep it open
 * after the child's exit. So wait for the child first, then a bounded time for the end; the daemon
 * thread ends with the stream.
 */
public final class LineForwarder {

  /** A line is passed on at this length, with or without an end. */
  public static final int MAX_LINE_BYTES = 1 << 20;

  /** The longest mark of a worker, which starts with the byte 0. */
  private static final int MOST_MARK_BYTES = 64;

  /**
   * What a JVM says that gets the signal of Ctrl-C before it is able to log, and ends. It is in its
   * parent's group only as long as it boots.
   */
  private static final String INTERRUPTED_BOOT = "Runtime.exit(130) logging failed: ";

  private final InputStream in;
  private final Function<String, @Nullable String> target;
  private final Runnable atEnd;
  private final int tailLines;
  private final CharsetDecoder decoder;
  private final ArrayDeque<String> tail = new ArrayDeque<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;

  // The bytes of the line that is not yet complete are line[0, length).
  private byte[] line = new byte[8192];
  private int length;
  private volatile @Nullable Throwable failure;

  private LineForwarder(
      String name,
      InputStream in,
      Charset charset,
      int tailLines,
      Function<String, @Nullable String> target,
      Runnable atEnd) {
    this.in = in;
    this.target = target;
    this.atEnd = atEnd;
    this.tailLines = tailLines;
    this.decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  /**
   * Starts to read.
   *
   * @param name of the thread
   * @param in read to its end, then closed
   * @param charset in which the child writes
   * @param tailLines how many of the last lines are kept
   * @param isError what the sink is told of where the lines come from
   * @param sink gets each line without its end; if it throws, the stream is still read to its end
   */
  static LineForwarder toSink(
      String name,
      InputStream in,
      Charset charset,
      int tailLines,
      boolean isError,
      ChildLines.Sink sink) {
    return started(
        new LineForwarder(
            name,
            in,
            charset,
            tailLines,
            text -> sink.line(isError, text),
            () -> sink.ended(isError)));
  }

  /**
   * Starts to read; as {@link #toSink}, into a stream that is asked for anew at each line, such as
   * {@code () -> System.out}.
   */
  public static LineForwarder toStream(
      String name,
      InputStream in,
      Charset charset,
      int tailLines,
      Supplier<? extends PrintStream> stream) {
    return started(
        new LineForwarder(
            name,
            in,
            charset,
            tailLines,
            text -> {
              var current = stream.get();
              synchronized (current) {
                current.println(text);
                current.flush();
              }
              return text;
            },
            () -> {}));
  }

  private static LineForwarder started(LineForwarder forwarder) {
    forwarder.thread.start();
    return forwarder;
  }

  /** The last lines, oldest first. */
  public List<String> tail() {
    synchronized (tail) {
      return List.copyOf(tail);
    }
  }

  /**
   * Waits until the stream has ended and its last line was passed on.
   *
   * @return whether it has; false if the time was up first
   */
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** What the consumer threw first, or why the stream could not be read; null if all went well. */
  public @Nullable Throwable failure() {
    return failure;
  }

  private void run() {
    try (in) {
      var chunk = new byte[8192];
      for (int n; (n = in.read(chunk)) >= 0; ) {
        accept(chunk, n);
      }
    } catch (IOException e) {
      failed(e);
    } finally {
      if (length > 0) {
        pass(true);
      }
      atEnd.run();
      ended.countDown();
    }
  }

  private void accept(byte[] chunk, int size) {
    for (int i = 0; i < size; i++) {
      if (chunk[i] == '\n') {
        pass(true);
      } else {
        if (length == line.length) {
          line = java.util.Arrays.copyOf(line, 2 * length);
        }
        line[length++] = chunk[i];
        if (length == MAX_LINE_BYTES) {
          pass(false);
        }
      }
    }
  }

  /**
   * Passes the bytes gathered so far; what of a character, or of a mark, is incomplete stays for
   * the rest.
   */
  private void pass(boolean complete) {
    int size = complete ? length : length - begunMarkBytes();
    if (complete && size > 0 && line[size - 1] == '\r' && System.lineSeparator().length() == 2) {
      size--;
    }
    var bytes = ByteBuffer.wrap(line, 0, size);
    var text = CharBuffer.allocate((int) Math.ceil(size * (double) decoder.maxCharsPerByte()) + 2);
    decoder.decode(bytes, text, complete);
    if (complete) {
      decoder.flush(text);
      decoder.reset();
    }
    length = complete ? 0 : length - bytes.position();
    System.arraycopy(line, bytes.position(), line, 0, length);
    deliver(text.flip().toString());
  }

  /** How many of the last bytes may be the beginning of a mark, which is found only whole. */
  private int begunMarkBytes() {
    for (int bytes = 1; bytes < MOST_MARK_BYTES; bytes++) {
      if (line[length - bytes] == 0) {
        return bytes;
      }
    }
    return 0;
  }

  private void deliver(String text) {
    if (text.startsWith(INTERRUPTED_BOOT)) {
      return;
    }
    var kept = text;
    try {
      kept = target.apply(text);
    } catch (Throwable e) {
      // A child must not be blocked by a full pipe for want of a reader: go on, and keep the cause.
      failed(e);
    }
    if (kept != null && tailLines > 0) {
      keep(kept);
    }
  }

  private void keep(String text) {
    synchronized (tail) {
      if (tail.size() == tailLines) {
        tail.removeFirst();
      }
      tail.addLast(text);
    }
  }

  private void failed(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }
}
