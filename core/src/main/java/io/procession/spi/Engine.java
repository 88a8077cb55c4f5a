package io.procession.spi;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls in workers. An engine knows bytes and lifecycles, never tasks: what a call means to
 * its caller, who waits for it, and what is done when a worker dies, is the pool's business.
 *
 * <p>All methods may be called from any thread, and none of them waits for a worker.
 */
public interface Engine extends AutoCloseable {

  /** A new message to workers, as yet empty. */
  Message message();

  /**
   * Starts a worker. Calls may be offered to it at once.
   *
   * @param name how it is called in messages and in lists of processes
   * @param listener hears what becomes of it
   */
  Worker start(String name, Listener listener);

  /** Tells every worker that {@code code} will not be used again. */
  void forget(Code code);

  /**
   * Lets the calling thread, which waits for a call to end, look for results itself, so that no
   * other thread needs to be woken for it. Listeners are called by this thread then. Returns when
   * {@code enough}, after a short time without results, or at once where another thread looks.
   *
   * @param enough whether the caller has what it waits for; called often
   */
  void assist(BooleanSupplier enough);

  /**
   * Whether workers have no threads of their own: one is made for the calls that a thread submits,
   * is offered them, and {@link Worker#runHere runs} them in that thread.
   */
  default boolean runsInCaller() {
    return false;
  }

  /** Gives back what the engine itself holds; all its workers have ended by then. */
  @Override
  void close();

  /**
   * Values on their way between a caller and workers: as bytes, or, where both are in one process
   * and no copy is wanted, as they are. Which it is, is the engine's choice; what they mean is the
   * pool's business.
   */
  sealed interface Message extends AutoCloseable {

    /** How many bytes there are; for values, as many as a few small ones have. */
    long byteSize();

    /** Gives the memory back; closing twice does nothing. */
    @Override
    void close();
  }

  /** Encoded bytes in memory from which workers can read. */
  non-sealed interface Encoded extends Message {

    /** Where the bytes are written. */
    Output output();

    /** What was written; valid until the message is closed. */
    MemorySegment bytes();

    @Override
    default long byteSize() {
      return bytes().byteSize();
    }
  }

  /** The values themselves. One thread adds them, before any reads them. */
  final class Values implements Message {

    private static final long VALUE_BYTES = 16;

    private volatile List<@Nullable Object> values = new ArrayList<>(1);

    /** No value yet. */
    public Values() {}

    /** One value. */
    public static Values of(@Nullable Object value) {
      var message = new Values();
      message.add(value);
      return message;
    }

    /** Adds a value behind the others, at the index that is the {@link #size} before. */
    public void add(@Nullable Object value) {
      values.add(value);
    }

    /** How many values there are. */
    public int size() {
      return values.size();
    }

    /**
     * The value at {@code index}.
     *
     * @throws IndexOutOfBoundsException if the message was closed
     */
    public @Nullable Object get(int index) {
      return values.get(index);
    }

    @Override
    public long byteSize() {
      return VALUE_BYTES * values.size();
    }

    @Override
    public void close() {
      values = List.of();
    }
  }

  /**
   * A function that many calls share; it is sent once to each worker that needs it.
   *
   * @param id its number, unique among the functions of the engine, not 0
   * @param loader knows the classes of the function, of its arguments and of its results
   * @param message the encoded function
   */
  record Code(long id, ClassLoader loader, Message message) {}

  /**
   * Encoded calls, one behind the other.
   *
   * @param code the function that takes each argument; null: each argument is itself something to
   *     call
   * @param loader knows the classes of the arguments
   * @param message the encoded arguments
   * @param offsets where in the message each argument starts; the last one ends with the message.
   *     For {@link Values}: the index of each
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it, and there may be many
  record Calls(@Nullable Code code, ClassLoader loader, Message message, long[] offsets) {}

  /** One worker. */
  interface Worker {

    String name();

    /** Its process id, or 0 while it has none. */
    long pid();

    /**
     * Sends the calls {@code from} (inclusive) to {@code to} (exclusive) of {@code calls}, to be
     * run in this order.
     *
     * @param sequence how the engine names them from now on; greater than any before
     * @return false if there is no room for them now, or the worker is dead: nothing was sent
     */
    boolean offer(long sequence, Calls calls, int from, int to);

    /**
     * Takes back calls that were offered and that the worker has not started.
     *
     * @param keep how many of those not started it may keep
     * @return the first call that was taken back: it and all behind it will never run here
     */
    int withdraw(long sequence, int keep);

    /**
     * The first call of {@code sequence} that the worker has not started, and will not if it is
     * dead.
     */
    int started(long sequence);

    /**
     * When the last call of {@code sequence} that has started did so, by {@link System#nanoTime};
     * if one has ended since, it may be a later time.
     */
    long startedNanos(long sequence);

    /** Interrupts the thread that runs call {@code index} of {@code sequence}, if it runs now. */
    void interrupt(long sequence, int index);

    /**
     * Asks what its threads are doing. The answer may never come; it fails if the worker ends
     * before it.
     */
    default CompletableFuture<String> stacks() {
      return CompletableFuture.failedFuture(
          new UnsupportedOperationException("this kind of worker has no stacks of its own"));
    }

    /** Why {@link #stacks} may have no answer, as far as the system knows, in a few words. */
    default String silence() {
      return "it is busy or starved";
    }

    /**
     * Whether the thread that runs its calls may be waiting for something that other threads of a
     * program do; true where that is not known.
     */
    default boolean mayBeBlocked() {
      return true;
    }

    /** The memory that it alone uses, in bytes; 0 if that is unknown. */
    default long memoryBytes() {
      return 0;
    }

    /** Lets it end by itself, once it has run what it was offered. */
    void retire();

    /**
     * Kills it now, with all the processes that it started. A worker that cannot be killed is
     * interrupted and given up: it tells nothing more than its exit.
     */
    void kill();

    /**
     * Runs what it was offered, and ends, where the engine {@link #runsInCaller runs} calls in the
     * threads of its callers; called once, by that thread.
     */
    default void runHere() {
      throw new UnsupportedOperationException(
          "this worker has a thread of its own. name=" + name());
    }
  }

  /**
   * Hears of one worker; calls must be short, and those of all workers of an engine come from one
   * thread at a time.
   */
  interface Listener {

    /** The worker is up. */
    void ready();

    /**
     * A call ended.
     *
     * @param failed whether {@code result} is an exception
     * @param result the encoded result; valid only during the call, unless {@code large} is not
     *     null
     * @param large owns the memory of {@code result} if it was too large for the channel, or holds
     *     the result itself if that is not encoded; the listener closes it
     * @param durationNanos how long all the calls of the sequence took together; told with the last
     *     of them only, else 0
     */
    void settled(
        long sequence,
        int index,
        boolean failed,
        MemorySegment result,
        @Nullable Message large,
        long durationNanos);

    /** The engine has told all that there was to tell for now. */
    void paused();

    /** The worker is dead, which is proven, and everything that it had published has been told. */
    void exited(Exit exit);
  }

  /**
   * How a worker ended.
   *
   * @param pid its process id; 0 if it could not be started
   * @param code its exit code; 128 + n if signal n killed it
   * @param signal the name of the signal that killed it
   * @param wasReady whether it had come up
   * @param errorFile the fatal error log that its JVM left
   * @param lastLines the last lines that it wrote to stderr
   * @param cause why it could not be started
   * @param shortage the memory that was not enough, if that is how it ended
   */
  record Exit(
      long pid,
      int code,
      @Nullable String signal,
      boolean wasReady,
      @Nullable Path errorFile,
      List<String> lastLines,
      @Nullable Exception cause,
      @Nullable Shortage shortage) {

    /** An end that has nothing to do with memory. */
    public Exit(
        long pid,
        int code,
        @Nullable String signal,
        boolean wasReady,
        @Nullable Path errorFile,
        List<String> lastLines,
        @Nullable Exception cause) {
      this(pid, code, signal, wasReady, errorFile, lastLines, cause, null);
    }

    /** The same end, which lack of memory brought about. */
    public Exit of(@Nullable Shortage why) {
      return new Exit(pid, code, signal, wasReady, errorFile, lastLines, cause, why);
    }
  }

  /**
   * Memory that was not enough.
   *
   * @param limitBytes how much there was; 0 if that is unknown
   * @param usedBytes how much was used; 0 if that is unknown
   * @param kind which memory it was, in a few words
   */
  record Shortage(long limitBytes, long usedBytes, String kind) {}
}
