package io.procession.shared;

import io.procession.spi.Waitable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of two ends between which messages travel, in order, each whole or not at all. A message is
 * an object or a run of bytes; who receives must know which, as in Python's {@code
 * multiprocessing.connection}.
 *
 * <p>Any number of threads, platform or virtual, may use an end at once. Sending waits while the
 * other end does not receive and what lies between is full; so two ends that only send to each
 * other may wait for ever.
 *
 * <p><b>The end.</b> When the other end was closed, or its process died, however that happened,
 * what it had sent can still be received; after that, receiving throws {@link java.io.EOFException}
 * and sending another {@link IOException}. A message of which the other end had sent only a part is
 * never seen.
 *
 * <p><b>Here closed.</b> Every call after {@link #close}, and every call that waits when it comes,
 * throws {@link java.nio.channels.ClosedChannelException}.
 *
 * <p><b>One way.</b> An end that only sends, or only receives, throws {@link
 * UnsupportedOperationException} for what it does not do.
 *
 * <p><b>Interrupts.</b> Each call that declares {@link InterruptedException} ends with it soon
 * after an interrupt, and then it has neither sent nor taken anything. The connection goes on. A
 * message that is already on its way when the interrupt comes is sent to its end all the same: then
 * the call returns normally, and the thread stays interrupted.
 *
 * <p>A connection is {@linkplain Waitable ready} if receiving would not wait: there is a message,
 * or the end.
 */
public interface Connection extends Waitable, AutoCloseable {

  /** Whether this end may send. */
  boolean canSend();

  /** Whether this end may receive. */
  boolean canReceive();

  /**
   * Sends an object. It is encoded in this thread, before anything is sent.
   *
   * @throws io.procession.NotTransferableException if it cannot travel; nothing was sent
   * @throws IllegalArgumentException if it is larger than the other end allows; nothing was sent
   * @throws UnsupportedOperationException if this end only receives
   * @throws IOException if the other end is closed, or its process dead; whether the message
   *     arrived is not known
   * @throws InterruptedException if the thread is interrupted; nothing was sent
   */
  void send(@Nullable Object message) throws IOException, InterruptedException;

  /**
   * Waits for the next message, which must be an object, and takes it. Its classes are found
   * through the thread's context class loader. Reading it runs the code of its classes.
   *
   * @throws java.io.EOFException if the other end is closed, or its process dead, and all that it
   *     had sent was received
   * @throws java.io.ObjectStreamException if the message cannot be read here, say because a class
   *     is missing; it is taken, and the next one can be received
   * @throws UnsupportedOperationException if this end only sends
   * @throws IOException if the connection broke
   * @throws InterruptedException if the thread is interrupted; nothing was taken
   */
  @Nullable Object receive() throws IOException, InterruptedException;

  /**
   * The same for an object of a known type, and never null.
   *
   * @throws ClassCastException if it has another type, or is null; it is taken
   */
  default <T> T receive(Class<T> type) throws IOException, InterruptedException {
    var message = receive();
    if (type.isInstance(message)) {
      return type.cast(message);
    }
    throw new ClassCastException(
        "a message has another type. expected=%s received=%s"
            .formatted(type.getName(), message == null ? null : message.getClass().getName()));
  }

  /**
   * Sends bytes. They must not change until this returns.
   *
   * @throws IllegalArgumentException if they are more than the other end allows; nothing was sent
   * @throws UnsupportedOperationException if this end only receives
   * @throws IOException if the other end is closed, or its process dead; whether the bytes arrived
   *     is not known
   * @throws InterruptedException if the thread is interrupted; nothing was sent
   */
  void sendBytes(MemorySegment bytes) throws IOException, InterruptedException;

  /** Sends all of {@code bytes}; see {@link #sendBytes(MemorySegment)}. */
  default void sendBytes(byte[] bytes) throws IOException, InterruptedException {
    sendBytes(MemorySegment.ofArray(bytes));
  }

  /**
   * Sends {@code length} of {@code bytes} from {@code offset} on; see {@link
   * #sendBytes(MemorySegment)}.
   *
   * @throws IndexOutOfBoundsException if there are not so many; nothing was sent
   */
  default void sendBytes(byte[] bytes, int offset, int length)
      throws IOException, InterruptedException {
    sendBytes(MemorySegment.ofArray(bytes).asSlice(offset, length));
  }

  /** Sends what remains in {@code bytes}, which then has nothing remaining. */
  default void sendBytes(ByteBuffer bytes) throws IOException, InterruptedException {
    sendBytes(MemorySegment.ofBuffer(bytes));
    bytes.position(bytes.limit());
  }

  /**
   * Waits for the next message and takes its bytes. The bytes of an object are what the codec made
   * of it; sent on with {@link #sendBytes(byte[])}, they are that object again.
   *
   * @throws java.io.EOFException if the other end is closed, or its process dead, and all that it
   *     had sent was received
   * @throws UnsupportedOperationException if this end only sends
   * @throws IOException if the connection broke
   * @throws InterruptedException if the thread is interrupted; nothing was taken
   */
  byte[] receiveBytes() throws IOException, InterruptedException;

  /**
   * Waits for the next message and moves its bytes to the start of {@code target}.
   *
   * @return how many there are
   * @throws IllegalArgumentException if there are more than {@code target} has room for; the
   *     message stays, to be received otherwise
   * @throws java.io.EOFException if the other end is closed, or its process dead, and all that it
   *     had sent was received
   * @throws UnsupportedOperationException if this end only sends
   * @throws IOException if the connection broke
   * @throws InterruptedException if the thread is interrupted; nothing was taken
   */
  long receiveBytesInto(MemorySegment target) throws IOException, InterruptedException;

  /** Fills the start of {@code target}; see {@link #receiveBytesInto(MemorySegment)}. */
  default int receiveBytesInto(byte[] target) throws IOException, InterruptedException {
    return (int) receiveBytesInto(MemorySegment.ofArray(target));
  }

  /**
   * Fills at most {@code length} bytes of {@code target} from {@code offset} on; see {@link
   * #receiveBytesInto(MemorySegment)}.
   *
   * @throws IndexOutOfBoundsException if there are not so many; nothing was taken
   */
  default int receiveBytesInto(byte[] target, int offset, int length)
      throws IOException, InterruptedException {
    return (int) receiveBytesInto(MemorySegment.ofArray(target).asSlice(offset, length));
  }

  /** Puts the bytes into {@code target}, whose position is then behind them. */
  default int receiveBytesInto(ByteBuffer target) throws IOException, InterruptedException {
    var count = (int) receiveBytesInto(MemorySegment.ofBuffer(target));
    target.position(target.position() + count);
    return count;
  }

  /**
   * Whether receiving would not wait now: there is a message, or the end. Does not wait.
   *
   * @throws UnsupportedOperationException if this end only sends
   * @throws IOException if this end is closed, or the connection broke
   */
  boolean poll() throws IOException;

  /**
   * Waits until receiving would not wait, but no longer than {@code timeout}, which may be zero or
   * negative for not at all.
   *
   * @return whether receiving would not wait
   * @throws UnsupportedOperationException if this end only sends
   * @throws IOException if this end is closed, or the connection broke
   * @throws InterruptedException if the thread is interrupted
   */
  boolean poll(Duration timeout) throws IOException, InterruptedException;

  /** Whether this end was closed here; what the other end does is no matter. */
  boolean isClosed();

  /**
   * Closes this end and wakes all who wait at it. What was sent still arrives; what was not
   * received is lost. Does not wait. Closing twice does nothing.
   *
   * @throws IOException if the system reports a failure; it is closed all the same
   */
  @Override
  void close() throws IOException;

  /**
   * Waits until at least one of {@code candidates} is ready: connections, queues, listeners, the
   * ends of processes ({@code Waitable.of(child.onExit())}).
   *
   * @return those that are ready, in the given order
   * @throws IllegalArgumentException if there are none to wait for
   * @throws InterruptedException if the thread is interrupted
   */
  static List<Waitable> awaitAny(Waitable... candidates) throws InterruptedException {
    return awaitAny(Arrays.asList(candidates));
  }

  /** The same for those in a collection. */
  static <W extends Waitable> List<W> awaitAny(Collection<? extends W> candidates)
      throws InterruptedException {
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException(
          "there is nothing to wait for, so this would never end. candidates=0");
    }
    return ReadySet.await(candidates, Deadline.NEVER);
  }

  /**
   * Waits until at least one of {@code candidates} is ready, but no longer than {@code timeout}. If
   * there are no candidates, that is how long it waits.
   *
   * @return those that are ready, in the given order; none if the time was over
   * @throws InterruptedException if the thread is interrupted
   */
  static <W extends Waitable> List<W> awaitAny(Duration timeout, Collection<? extends W> candidates)
      throws InterruptedException {
    return ReadySet.await(candidates, Deadline.in(timeout));
  }
}
