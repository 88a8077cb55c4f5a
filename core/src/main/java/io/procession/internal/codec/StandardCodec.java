package io.procession.internal.codec;

import io.procession.NotTransferableException;
import io.procession.spi.Codec;
import io.procession.spi.Input;
import io.procession.spi.Output;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.StreamCorruptedException;
import java.util.ConcurrentModificationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The codec of this library: a fast lane for what tasks carry most, JDK serialization for the rest,
 * in one message.
 *
 * <p><b>The fast lane</b> takes {@code null}, boxed primitives, strings, arrays, enum constants,
 * classes, {@code BigInteger}, {@code BigDecimal}, {@code UUID}, {@code Path} of the default file
 * system, the usual values of {@code java.time}, optionals, atomics, the usual collections and maps
 * of exactly their class, {@code List.of}, {@code Set.of} and {@code Map.of}, records (Serializable
 * or not), serializable lambdas and method references, and objects without any instance field, of
 * which the reader makes a new one. Views of JDK collections ({@code subList}, {@code keySet})
 * travel as copies. <b>JDK serialization</b> takes every other {@link java.io.Serializable}; what
 * it meets that only the fast lane can carry, it carries, too.
 *
 * <p><b>Identity.</b> An object with identity that a message reaches twice, on whichever lanes,
 * arrives as one object, and cycles survive. Exceptions: boxed primitives, optionals, {@code
 * java.time} values, {@code UUID} and strings of up to 64 chars arrive equal; longer strings,
 * lambdas and {@code List.of}, {@code Set.of}, {@code Map.of} (value-based, too) keep their
 * identity within each lane, but may arrive as two objects where both lanes meet one; what they
 * hold does not. A record, lambda, map entry or {@code List.of} that contains itself is refused.
 *
 * <p><b>Depth.</b> What needs more stack than the caller has runs on a thread of its own with 512
 * MiB of it; what needs even more is refused.
 *
 * <p>Reading runs the code of the classes read: constructors of records, {@code readObject}, {@code
 * readResolve}, {@code hashCode} and comparators.
 */
public final class StandardCodec implements Codec {

  @Override
  public void write(@Nullable Object value, Output output) {
    write(value, output, null);
  }

  static void write(@Nullable Object value, Output output, @Nullable ThrowableMode throwables) {
    var start = output.position();
    try {
      encode(value, output, throwables);
    } catch (StackOverflowError e) {
      output.rewind(start);
      writeDeep(value, output, throwables);
    }
  }

  private static void encode(
      @Nullable Object value, Output output, @Nullable ThrowableMode throwables) {
    try {
      new Encoder(output, value, throwables).write(value);
    } catch (ConcurrentModificationException e) {
      var path = value == null ? "null" : Trail.nameOf(value);
      throw new NotTransferableException(
          "a collection changed while it was written; do not change what is being sent.", path, e);
    }
  }

  private static void writeDeep(
      @Nullable Object value, Output output, @Nullable ThrowableMode throwables) {
    try {
      DeepStack.run(() -> {
        encode(value, output, throwables);
        return null;
      });
    } catch (StackOverflowError e) {
      var path = value == null ? "null" : Trail.nameOf(value);
      throw new NotTransferableException(
          "a value is nested too deep to be written; send it in parts, or flatten it.", path, e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("writing throws no checked exception", e);
    }
  }

  @Override
  public @Nullable Object read(Input input) throws ClassNotFoundException, IOException {
    return read(input, List.of());
  }

  static @Nullable Object read(Input input, List<? extends Throwable> known)
      throws ClassNotFoundException, IOException {
    var start = input.position();
    try {
      return decode(input, known);
    } catch (StackOverflowError e) {
      input.rewind(start);
      return readDeep(input, known);
    }
  }

  private static @Nullable Object decode(Input input, List<? extends Throwable> known)
      throws ClassNotFoundException, IOException {
    try {
      return new Decoder(input, known).read();
    } catch (Carrier.MissingClass e) {
      throw new ClassNotFoundException(e.reason().getMessage(), e);
    } catch (LinkageError e) {
      throw Unreadable.because(
          new InvalidObjectException("a class of the value cannot be used here: exception=" + e),
          e);
    } catch (RuntimeException e) {
      throw Unreadable.because(
          new StreamCorruptedException(
              "the bytes are no value, or the value cannot be made here: position=%d exception=%s"
                  .formatted(input.position(), e)),
          e);
    }
  }

  private static @Nullable Object readDeep(Input input, List<? extends Throwable> known)
      throws ClassNotFoundException, IOException {
    try {
      return DeepStack.run(() -> decode(input, known));
    } catch (StackOverflowError e) {
      throw Unreadable.because(
          new InvalidObjectException("the value is nested too deep to be read"), e);
    } catch (ClassNotFoundException | IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("reading throws no other checked exception", e);
    }
  }
}
