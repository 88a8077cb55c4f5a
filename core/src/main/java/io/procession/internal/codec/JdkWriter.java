package io.procession.internal.codec;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The one JDK stream of a message. It runs through the message's bytes like a thread: each object
 * that the fast lane leaves to it is written in place, and what it cannot write itself goes back to
 * the fast lane in a {@link Carrier}.
 */
final class JdkWriter extends ObjectOutputStream {

  /** Primitive arrays from this length on are copied in bulk, past the stream's small buffers. */
  private static final int BULK_LENGTH = 256;

  private final Encoder encoder;
  private final Sink sink;

  /** The values of unfinished carriers, the innermost first. */
  private final ArrayDeque<Object> carried = new ArrayDeque<>();

  JdkWriter(Encoder encoder) throws IOException {
    this(encoder, new Sink(encoder));
  }

  private JdkWriter(Encoder encoder, Sink sink) throws IOException {
    super(sink);
    this.encoder = encoder;
    this.sink = sink;
    enableReplaceObject(true);
  }

  /** The carrier of this value is being written: its reader has not made it yet. */
  void enter(@Nullable Object value) {
    carried.push(value == null ? this : value);
  }

  void leave() {
    carried.pop();
  }

  /**
   * The JDK would refer to an unfinished carrier on its own, and its reader put the carrier where
   * the value belongs. So what is written meanwhile is looked into before.
   */
  private void checkForCycle(Object object) {
    for (var value : carried) {
      if (Trail.isHolderOf(object, value)) {
        throw encoder.refuseCycle(value);
      }
    }
  }

  Encoder encoder() {
    return encoder;
  }

  /** Whether the output, and not what was written, is at fault. */
  boolean isFailureOfOutput(RuntimeException exception) {
    return IdentityTable.isSame(sink.failure, exception);
  }

  @Override
  protected void writeStreamHeader() {
    // both sides know what this is
  }

  @Override
  protected @Nullable Object replaceObject(@Nullable Object object) {
    if (object == null || object instanceof Carrier) {
      return object;
    }
    if (object instanceof SerializedLambda function) {
      var host = FunctionHost.of(Capture.hostOf(function));
      return host.isAccessible() ? new Carrier(function, host) : function;
    }
    if (encoder.hasNumber(object)) {
      return new Carrier(object, null);
    }
    var throwables = encoder.throwables();
    if (throwables != null) {
      var substitute = throwables.substitute(object);
      if (!IdentityTable.isSame(substitute, object)) {
        return substitute instanceof Known ? new Carrier(substitute, null) : substitute;
      }
    }
    if (object.getClass() == NullPointerException.class) {
      return ThrowableMode.withMessage((NullPointerException) object);
    }
    return place(object, ClassForm.of(object.getClass()));
  }

  private Object place(Object object, ClassForm form) {
    var tag = form.tag;
    if (tag == Tag.REFUSED) {
      throw encoder.refuse(object);
    }
    if (form.carried || isBulk(object, tag)) {
      return new Carrier(object, null);
    }
    if (tag == Tag.JDK && !(object instanceof Serializable)) {
      throw encoder.refuse(object);
    }
    if (tag == Tag.JDK || (tag >= Tag.FIRST_WITH_IDENTITY && tag != Tag.ENUM)) {
      checkForCycle(object);
      encoder.markInJdkStream(object);
    }
    return object;
  }

  private static boolean isBulk(Object object, int tag) {
    return switch (tag) {
      case Tag.BYTES -> ((byte[]) object).length >= BULK_LENGTH;
      case Tag.INTS -> ((int[]) object).length >= BULK_LENGTH;
      case Tag.LONGS -> ((long[]) object).length >= BULK_LENGTH;
      case Tag.DOUBLES -> ((double[]) object).length >= BULK_LENGTH;
      case Tag.FLOATS -> ((float[]) object).length >= BULK_LENGTH;
      case Tag.CHARS -> ((char[]) object).length >= BULK_LENGTH;
      case Tag.SHORTS -> ((short[]) object).length >= BULK_LENGTH;
      default -> false;
    };
  }

  /** Straight into the message. */
  private static final class Sink extends OutputStream {

    private final Encoder encoder;
    private @Nullable RuntimeException failure;

    Sink(Encoder encoder) {
      this.encoder = encoder;
    }

    @Override
    public void write(int b) {
      try {
        encoder.output().putByte(b);
      } catch (RuntimeException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      try {
        encoder.output().putBytes(bytes, offset, length);
      } catch (RuntimeException e) {
        failure = e;
        throw e;
      }
    }
  }
}
