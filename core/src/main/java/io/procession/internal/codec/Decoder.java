package io.procession.internal.codec;

import io.procession.spi.Input;
import io.procession.spi.Transferable;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.StreamCorruptedException;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what an {@link Encoder} wrote. */
final class Decoder {

  /** For each {@link Transferable} class the static method that reads its handle. */
  private static final ClassValue<@Nullable MethodHandle> READERS =
      new ClassValue<>() {
        @Override
        protected @Nullable MethodHandle computeValue(Class<?> type) {
          return Access.method(type, Transferable.READER, Input.class);
        }
      };

  private final Input input;
  private @Nullable ClassNames names;
  private final Text text = new Text();
  private final List<? extends Throwable> known;

  /** The values with identity by number; null for those that are not made yet. */
  private final ArrayList<@Nullable Object> values = new ArrayList<>();

  /** Classes and other shapes by number. */
  private final ArrayList<Object> shapes = new ArrayList<>();

  private @Nullable JdkReader jdk;

  Decoder(Input input, List<? extends Throwable> known) {
    this.input = input;
    this.known = known;
  }

  Input input() {
    return input;
  }

  Text text() {
    return text;
  }

  ClassNames names() {
    var known = names;
    if (known == null) {
      known = ClassNames.of(input.loader());
      names = known;
    }
    return known;
  }

  @Nullable Object read() throws IOException, ClassNotFoundException {
    var tag = input.getByte();
    return switch (tag) {
      case Tag.NULL -> null;
      case Tag.HANDLE -> value(input.getVarInt());
      case Tag.JDK -> readJdk();
      case Tag.KNOWN_THROWABLE -> known.get(input.getVarInt());
      default ->
          tag < Tag.FIRST_WITH_IDENTITY ? Scalars.readLeaf(tag, this) : readWithIdentity(tag);
    };
  }

  private Object readWithIdentity(int tag) throws IOException, ClassNotFoundException {
    var own = values.size();
    values.add(null);
    if (tag <= Tag.LAST_SCALAR) {
      return finish(own, Scalars.read(tag, this));
    }
    if (tag <= Tag.LAST_PRIMITIVE_ARRAY) {
      return finish(own, PrimitiveArrays.read(tag, input));
    }
    if (tag <= Tag.LAST_CONTAINER) {
      return Containers.read(tag, own, this);
    }
    return switch (tag) {
      case Tag.RECORD -> finish(own, readRecord());
      case Tag.FUNCTION -> readFunction(own);
      case Tag.FRESH -> finish(own, readFresh());
      case Tag.TRANSFERABLE -> finish(own, readTransferable());
      default -> finish(own, Containers.readClosed(tag, this));
    };
  }

  private Object value(int number) throws StreamCorruptedException {
    var value = values.get(number);
    if (value == null) {
      throw new StreamCorruptedException(
          "a value is referred to before it was read: number=%d position=%d"
              .formatted(number, input.position()));
    }
    return value;
  }

  /** From here on other values may refer to this one. */
  <T> T finish(int number, T value) {
    values.set(number, value);
    return value;
  }

  private Object readRecord() throws IOException, ClassNotFoundException {
    var before = shapes.size();
    var type = readClass();
    if (!type.isRecord()) {
      throw new InvalidClassException(type.getName(), "it was sent as a record and is none here");
    }
    var form = RecordForm.of(type);
    if (shapes.size() > before && input.getInt() != form.fingerprint()) {
      throw new InvalidClassException(
          type.getName(), "the record has other components here than where it was sent");
    }
    return form.read(this);
  }

  private Object readFunction(int own) throws IOException, ClassNotFoundException {
    var host = FunctionHost.of(readClass());
    var source = FunctionSource.read(host, this);
    var arguments = new @Nullable Object[source.argumentCount()];
    for (var i = 0; i < arguments.length; i++) {
      arguments[i] = read();
    }
    var function = finish(own, host.make(source, arguments));
    if (source.isOfShell()) {
      ShellValues.read(this);
    }
    return function;
  }

  private Object readFresh() throws IOException, ClassNotFoundException {
    var type = readClass();
    var constructor = ClassForm.of(type).constructor;
    if (constructor == null) {
      throw new InvalidClassException(
          type.getName(), "it was sent as an object without fields and is none here");
    }
    try {
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw Unreadable.because(
          new InvalidObjectException(
              "a constructor failed: class=%s exception=%s"
                  .formatted(type.getName(), e.getCause())),
          e);
    } catch (ReflectiveOperationException e) {
      throw Unreadable.because(new InvalidClassException(type.getName(), e.toString()), e);
    }
  }

  private Object readTransferable() throws IOException, ClassNotFoundException {
    var type = readClass();
    var reader = Transferable.class.isAssignableFrom(type) ? READERS.get(type) : null;
    if (reader == null) {
      throw new InvalidClassException(type.getName(), "it was sent as a handle, and is none here");
    }
    try {
      return (Object) reader.invokeExact((Object) input);
    } catch (IOException | ClassNotFoundException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw Unreadable.because(new InvalidClassException(type.getName(), e.toString()), e);
    }
  }

  Class<?> readClass() throws IOException, ClassNotFoundException {
    var number = input.getVarInt();
    if (number == 0) {
      var type = names().find(text.read(input));
      shapes.add(type);
      return type;
    }
    if (shapes.get(number - 1) instanceof Class<?> type) {
      return type;
    }
    throw new StreamCorruptedException("no class has this number: number=" + number);
  }

  /** The shape of this number (as {@link Encoder#writeShape} gives it); null if it follows. */
  @Nullable Object readShape() {
    var number = input.getVarInt();
    return number == 0 ? null : shapes.get(number - 1);
  }

  void addShape(Object shape) {
    shapes.add(shape);
  }

  private @Nullable Object readJdk() throws IOException, ClassNotFoundException {
    if (jdk == null) {
      jdk = new JdkReader(this);
    }
    return jdk.readObject();
  }
}
