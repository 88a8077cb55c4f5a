package io.procession.internal.codec;

import io.procession.RemoteException;
import io.procession.spi.Input;
import io.procession.spi.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions on their way back. They arrive as themselves where that is possible, and else as a
 * {@link RemoteException} that reads like them; a cause that cannot travel costs only itself.
 *
 * <p>Neither direction fails because of what an exception does in its own methods.
 *
 * <pre>
 *   count, then for each throwable, causes and suppressed ones before what has them:
 *     text   class name
 *     value  message, or null
 *     text   what toString gave
 *     number of the cause plus one, or 0
 *     count and numbers of the suppressed
 *     value  stack trace
 *     int    length of the object in bytes, or 0 if it cannot travel
 *     value  the object, without stack trace, its causes by number
 * </pre>
 */
public final class ThrowableCodec {

  /** Appends {@code throwable} with its causes and suppressed exceptions. */
  public static void write(Throwable throwable, Output output) {
    var family = ThrowableFamily.of(throwable);
    var text = new Text();
    output.putVarInt(family.members().size());
    for (var member : family.members()) {
      text.write(member.throwable().getClass().getName(), output);
      StandardCodec.write(member.message(), output, null);
      text.write(member.description(), output);
      output.putVarInt(member.cause() + 1);
      output.putVarInt(member.suppressed().size());
      for (var index : member.suppressed()) {
        output.putVarInt(index);
      }
      StandardCodec.write(member.frames(), output, null);
      writeObject(member, family, output);
    }
  }

  private static void writeObject(
      ThrowableFamily.Member member, ThrowableFamily family, Output output) {
    var lengthAt = output.position();
    output.putInt(0);
    var start = output.position();
    try {
      var mode = new ThrowableMode(family.before(member), member.frames());
      StandardCodec.write(member.throwable(), output, mode);
      output.setInt(lengthAt, Math.toIntExact(output.position() - start));
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (Throwable e) {
      // the exception's own code, or what it holds: the description has to do
      output.rewind(start);
      output.setInt(lengthAt, 0);
    }
  }

  /**
   * Reads what {@link #write} appended.
   *
   * @throws IOException if the bytes are no such thing
   */
  public static Throwable read(Input input) throws IOException {
    var text = new Text();
    var count = Sizes.read(input);
    var known = new ArrayList<Throwable>();
    try {
      for (var i = 0; i < count; i++) {
        known.add(readMember(text, known, input));
      }
      return known.getLast();
    } catch (RuntimeException | ClassNotFoundException e) {
      throw new IOException(
          "the bytes are no exception that was sent: position=%d".formatted(input.position()), e);
    }
  }

  private static Throwable readMember(Text text, List<Throwable> known, Input input)
      throws IOException, ClassNotFoundException {
    var className = text.read(input);
    var message = (String) StandardCodec.read(input, List.of());
    var description = text.read(input);
    var causeNumber = input.getVarInt();
    var cause = causeNumber == 0 ? null : known.get(causeNumber - 1);
    var suppressed = new ArrayList<Throwable>();
    var suppressedCount = Sizes.read(input);
    for (var i = 0; i < suppressedCount; i++) {
      suppressed.add(known.get(input.getVarInt()));
    }
    var frames = (StackTraceElement[]) StandardCodec.read(input, List.of());
    if (frames == null) {
      throw new IOException("an exception was sent without a stack trace: class=" + className);
    }
    var length = input.getInt();
    var object = input.getSegment(length);
    if (length > 0) {
      var original = readObject(new Input(object, input.loader()), known, className, frames);
      if (original != null) {
        return original;
      }
    }
    var standIn = new RemoteException(className, message, description, cause);
    standIn.setStackTrace(frames);
    suppressed.forEach(standIn::addSuppressed);
    return standIn;
  }

  private static @Nullable Throwable readObject(
      Input input, List<Throwable> known, String className, StackTraceElement[] frames) {
    try {
      if (StandardCodec.read(input, known) instanceof Throwable original
          && original.getClass().getName().equals(className)) {
        original.setStackTrace(frames);
        return original;
      }
      return null;
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (Throwable e) {
      // its class is missing here, or its own code fails: the description has to do
      return null;
    }
  }

  private ThrowableCodec() {}
}
