package io.procession;

import io.procession.spi.Engine;
import java.lang.ref.Cleaner;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one stream: items go in, results come out, and between them is never more than a
 * window. One thread at a time puts and takes; any may close.
 *
 * <p>Results are taken in the order of their items, or as they come. A failure, be it of an item or
 * of what gave the items, is a result in its place.
 */
final class StreamCall implements Inbox.Reader {

  /** So many results may wait for their turn, for each call that a worker may have. */
  private static final int PATIENCE = 4;

  /** Numbers of calls go round: a stream may have no end. */
  private static final int LAST_NUMBER = (1 << 30) - 1;

  private static final Object NOT_YET = new Object();

  /** Closes what a caller forgot to close. */
  private static final Cleaner CLEANER =
      Cleaner.create(Thread.ofPlatform().daemon().name("stream-cleaner").factory());

  private record Failure(Throwable failure) {}

  private final Desk desk;
  private final CallEncoder encoder;
  private final Engine.Code code;
  private final CallOptions options;
  private final int workers;
  private final boolean ordered;
  private final Inbox inbox;
  private final Cleaner.Cleanable cleanable;

  private @Nullable OpenChunk chunk;
  private int chunkRoom;
  private long chunkNanos;

  /** When the thread last went to get an item. */
  private long askedNanos = System.nanoTime();

  /** The last chunk that was sent, by which the window is measured. */
  private int lastCount = 1;

  private long lastBytes;

  /**
   * What came and was not taken, from {@code head} to {@code tail}, going round; in order, with
   * gaps.
   */
  private @Nullable Object[] results = new Object[64];

  private long head;
  private long tail;
  private int inFlight;
  private boolean isSlowInput;

  /** There will be no other item. */
  private boolean hasFailed;

  /** Why, until that is behind all other results. */
  private @Nullable Failure inputFailure;

  StreamCall(
      Desk desk,
      Engine engine,
      CallEncoder encoder,
      ResultDecoder decoder,
      Engine.Code code,
      CallOptions options,
      int workers,
      boolean ordered) {
    this.desk = desk;
    this.encoder = encoder;
    this.code = code;
    this.options = options;
    this.workers = workers;
    this.ordered = ordered;
    this.inbox = new Inbox(decoder, code.loader(), options.priority(), () -> engine.forget(code));
    this.cleanable = CLEANER.register(this, new End(desk, inbox));
  }

  /** Ends the calls that have not ended. It must not keep the stream itself alive. */
  private record End(Desk desk, Inbox inbox) implements Runnable {

    @Override
    public void run() {
      inbox.close();
      desk.drop(inbox, 0, Integer.MAX_VALUE, true);
    }
  }

  /** Ends the stream: what has not started never runs, what runs is interrupted. Does not wait. */
  void close() {
    cleanable.clean();
  }

  boolean isClosed() {
    return inbox.isClosed();
  }

  // Items

  /** Whether another item may be put in. */
  boolean hasRoom() {
    return chunk != null || (!hasFailed && hasRoomFor(chunkSize()));
  }

  private int chunkSize() {
    var size = Math.min(inbox.chunkSize(options), desk.largestChunk());
    var window = options.window();
    return window == 0 ? size : Math.clamp(window / (2L * workers), 1, size);
  }

  private boolean hasRoomFor(int size) {
    var window = window(size);
    var patience = options.window() == 0 ? PATIENCE : 1;
    var inside = ordered ? tail - head : tail - head + inFlight;
    return inFlight + size <= window && inside + size <= (long) patience * window;
  }

  private int window(int size) {
    var window = options.window();
    return window == 0 ? workers * inbox.chunksAhead(lastCount, lastBytes) * size : window;
  }

  /**
   * Puts an item in.
   *
   * @return whether the thread should look after the results before it gets another item
   */
  boolean put(@Nullable Object item) {
    var now = System.nanoTime();
    isSlowInput = now - askedNanos > Inbox.CHUNK_NANOS;
    askedNanos = now;
    var open = chunk;
    if (open == null) {
      chunkRoom = chunkSize();
      chunkNanos = now;
      open = encoder.open(code);
      chunk = open;
    }
    try {
      open.add(item);
    } catch (IllegalArgumentException failure) {
      send();
      add(new Failure(failure));
      return true;
    }
    // An item does not wait for others that are slow to come.
    if (open.isFull(chunkRoom, Inbox.FULL_BYTES)
        || isSlowInput
        || now - chunkNanos > Inbox.CHUNK_NANOS) {
      send();
      return true;
    }
    return false;
  }

  /** There is no other item, because what gave them failed. */
  void fail(Throwable failure) {
    send();
    end(failure);
  }

  private void end(Throwable failure) {
    if (!hasFailed) {
      hasFailed = true;
      inputFailure = new Failure(failure);
    }
  }

  /** Sends what was put in and waits for others. */
  void send() {
    var full = chunk;
    if (full == null) {
      return;
    }
    chunk = null;
    var calls = full.finish();
    if (calls == null) {
      return;
    }
    var count = full.count();
    lastCount = count;
    lastBytes = calls.message().byteSize();
    if (!inbox.expect(count)) {
      calls.message().close();
      throw closed();
    }
    var first = (int) tail & LAST_NUMBER;
    try {
      desk.submit(Batch.of(inbox, calls, first, desk.numbers(count), options.terms().fromNow()));
    } catch (InterruptedException e) {
      inbox.ended(count);
      calls.message().close();
      throw interrupted("the thread that waited for room in the pool was interrupted");
    } catch (RuntimeException refused) {
      inbox.ended(count);
      calls.message().close();
      end(refused);
      return;
    }
    inFlight += count;
    for (var i = 0; ordered && i < count; i++) {
      add(NOT_YET);
    }
  }

  private void add(@Nullable Object result) {
    if (tail - head == results.length) {
      var larger = new @Nullable Object[results.length * 2];
      for (var n = head; n < tail; n++) {
        larger[(int) n & (larger.length - 1)] = results[place(n)];
      }
      results = larger;
    }
    results[place(tail++)] = result;
  }

  private int place(long number) {
    return (int) number & (results.length - 1);
  }

  // Results

  /** Whether a result can be taken, as far as is known without looking. */
  boolean isReady() {
    return head < tail && !NOT_YET.equals(results[place(head)]);
  }

  /** Whether the workers have enough to do, or what gives the items is slow. */
  boolean shouldTake() {
    return isSlowInput || inFlight * 2 >= window(chunkSize());
  }

  /** Whether every result was taken. */
  boolean isEmpty() {
    return head == tail && inFlight == 0 && chunk == null && inputFailure == null;
  }

  /** Looks what came. */
  void look() {
    inbox.read(true, this);
    if (inputFailure != null && inFlight == 0) {
      add(inputFailure);
      inputFailure = null;
    }
  }

  /**
   * Waits until something came.
   *
   * @throws CancellationException if the thread was interrupted, its flag is set then; or if
   *     another thread closed the stream
   */
  void await() {
    send();
    if (!inbox.await(1, desk)) {
      throw interrupted("the thread that waited for a result was interrupted");
    }
    if (inbox.isClosed()) {
      throw closed();
    }
    look();
    askedNanos = System.nanoTime();
  }

  private CancellationException interrupted(String how) {
    Thread.currentThread().interrupt();
    close();
    return new CancellationException(how);
  }

  private static CancellationException closed() {
    return new CancellationException("the stream was closed while it was read");
  }

  /** Takes the next result, which is ready; a failure is thrown, and ends the stream. */
  @Nullable Object take() {
    var place = place(head++);
    var result = results[place];
    results[place] = null;
    if (result instanceof Failure(var failure)) {
      close();
      hasFailed = true;
      inputFailure = null;
      inFlight = 0;
      head = tail;
      throw BulkCall.unchecked(failure);
    }
    return result;
  }

  @Override
  public void value(int index, @Nullable Object value) {
    ended(index, value);
  }

  @Override
  public void failure(int index, Throwable failure) {
    ended(index, new Failure(failure));
  }

  private void ended(int index, @Nullable Object result) {
    inFlight--;
    if (ordered) {
      results[place(head + ((index - head) & LAST_NUMBER))] = result;
    } else {
      add(result);
    }
  }
}
