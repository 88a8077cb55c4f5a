package io.procession.internal.codec;

import io.procession.spi.Input;
import io.procession.spi.Output;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.StreamCorruptedException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Values without parts, or with one. */
final class Scalars {

  /** Strings up to this length arrive equal; longer ones keep their identity, too. */
  static final int SHORT_TEXT_CHARS = 64;

  static void writeLeaf(int tag, Object value, Encoder encoder) {
    var output = encoder.output();
    switch (tag) {
      case Tag.TRUE -> output.putByte((Boolean) value ? Tag.TRUE : Tag.FALSE);
      case Tag.CLASS -> writeClass((Class<?>) value, encoder);
      case Tag.SINGLETON -> writeSingleton(value, output);
      default -> {
        output.putByte(tag);
        writeTagged(tag, value, encoder);
      }
    }
  }

  private static void writeTagged(int tag, Object value, Encoder encoder) {
    var output = encoder.output();
    switch (tag) {
      case Tag.BYTE -> output.putByte((Byte) value);
      case Tag.SHORT -> output.putShort((Short) value);
      case Tag.CHARACTER -> output.putShort((Character) value);
      case Tag.LONG -> output.putLong((Long) value);
      case Tag.FLOAT -> output.putInt(Float.floatToRawIntBits((Float) value));
      case Tag.DOUBLE -> output.putLong(Double.doubleToRawLongBits((Double) value));
      case Tag.UUID -> {
        output.putLong(((UUID) value).getMostSignificantBits());
        output.putLong(((UUID) value).getLeastSignificantBits());
      }
      case Tag.INSTANT -> {
        output.putLong(((Instant) value).getEpochSecond());
        output.putInt(((Instant) value).getNano());
      }
      case Tag.DURATION -> {
        output.putLong(((Duration) value).getSeconds());
        output.putInt(((Duration) value).getNano());
      }
      case Tag.LOCAL_DATE -> output.putLong(((LocalDate) value).toEpochDay());
      case Tag.LOCAL_TIME -> output.putLong(((LocalTime) value).toNanoOfDay());
      case Tag.LOCAL_DATE_TIME -> {
        output.putLong(((LocalDateTime) value).toLocalDate().toEpochDay());
        output.putLong(((LocalDateTime) value).toLocalTime().toNanoOfDay());
      }
      case Tag.OPTIONAL -> encoder.write(((Optional<?>) value).orElse(null));
      case Tag.OPTIONAL_INT -> {
        var optional = (OptionalInt) value;
        output.putByte(optional.isPresent() ? 1 : 0);
        output.putInt(optional.orElse(0));
      }
      case Tag.OPTIONAL_LONG -> {
        var optional = (OptionalLong) value;
        output.putByte(optional.isPresent() ? 1 : 0);
        output.putLong(optional.orElse(0));
      }
      case Tag.OPTIONAL_DOUBLE -> {
        var optional = (OptionalDouble) value;
        output.putByte(optional.isPresent() ? 1 : 0);
        output.putLong(Double.doubleToRawLongBits(optional.orElse(0)));
      }
      case Tag.KNOWN_THROWABLE -> output.putVarInt(((Known) value).index());
      default -> throw new AssertionError("no leaf: tag=" + tag);
    }
  }

  private static void writeClass(Class<?> type, Encoder encoder) {
    if (type.isHidden()) {
      throw encoder.refuse(type);
    }
    encoder.output().putByte(Tag.CLASS);
    encoder.writeClass(type);
  }

  private static void writeSingleton(Object value, Output output) {
    var index = 0;
    while (ExactClasses.SINGLETONS.get(index) != value) {
      index++;
    }
    output.putByte(Tag.SINGLETON);
    output.putByte(index);
  }

  static Object readLeaf(int tag, Decoder decoder) throws IOException, ClassNotFoundException {
    var input = decoder.input();
    return switch (tag) {
      case Tag.FALSE -> Boolean.FALSE;
      case Tag.TRUE -> Boolean.TRUE;
      case Tag.BYTE -> input.getByte();
      case Tag.SHORT -> input.getShort();
      case Tag.CHARACTER -> (char) input.getShort();
      case Tag.INTEGER -> input.getInt();
      case Tag.LONG -> input.getLong();
      case Tag.FLOAT -> Float.intBitsToFloat(input.getInt());
      case Tag.DOUBLE -> Double.longBitsToDouble(input.getLong());
      case Tag.SHORT_TEXT -> decoder.text().read(input);
      case Tag.UUID -> new UUID(input.getLong(), input.getLong());
      case Tag.INSTANT -> Instant.ofEpochSecond(input.getLong(), input.getInt());
      case Tag.DURATION -> Duration.ofSeconds(input.getLong(), input.getInt());
      case Tag.LOCAL_DATE -> LocalDate.ofEpochDay(input.getLong());
      case Tag.LOCAL_TIME -> LocalTime.ofNanoOfDay(input.getLong());
      case Tag.LOCAL_DATE_TIME ->
          LocalDateTime.of(
              LocalDate.ofEpochDay(input.getLong()), LocalTime.ofNanoOfDay(input.getLong()));
      case Tag.OPTIONAL -> Optional.ofNullable(decoder.read());
      case Tag.OPTIONAL_INT -> readOptionalInt(input);
      case Tag.OPTIONAL_LONG -> readOptionalLong(input);
      case Tag.OPTIONAL_DOUBLE -> readOptionalDouble(input);
      case Tag.CLASS -> decoder.readClass();
      case Tag.SINGLETON -> ExactClasses.SINGLETONS.get(input.getByte());
      default ->
          throw new StreamCorruptedException(
              "no value starts like this: tag=%d position=%d".formatted(tag, input.position()));
    };
  }

  private static OptionalInt readOptionalInt(Input input) {
    var present = input.getByte() != 0;
    var value = input.getInt();
    return present ? OptionalInt.of(value) : OptionalInt.empty();
  }

  private static OptionalLong readOptionalLong(Input input) {
    var present = input.getByte() != 0;
    var value = input.getLong();
    return present ? OptionalLong.of(value) : OptionalLong.empty();
  }

  private static OptionalDouble readOptionalDouble(Input input) {
    var present = input.getByte() != 0;
    var value = Double.longBitsToDouble(input.getLong());
    return present ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  static void write(int tag, Object value, Encoder encoder) {
    var output = encoder.output();
    switch (tag) {
      case Tag.BIG_INTEGER -> writeBig((BigInteger) value, output);
      case Tag.BIG_DECIMAL -> {
        output.putInt(((BigDecimal) value).scale());
        writeBig(((BigDecimal) value).unscaledValue(), output);
      }
      case Tag.ENUM -> {
        var constant = (Enum<?>) value;
        encoder.writeClass(constant.getDeclaringClass());
        encoder.text().write(constant.name(), output);
      }
      case Tag.PATH -> {
        var path = (Path) value;
        if (path.getFileSystem() != FileSystems.getDefault()) {
          throw encoder.refuse(value);
        }
        encoder.text().write(path.toString(), output);
      }
      case Tag.ATOMIC_INTEGER -> output.putInt(((AtomicInteger) value).get());
      case Tag.ATOMIC_LONG -> output.putLong(((AtomicLong) value).get());
      case Tag.ATOMIC_BOOLEAN -> output.putByte(((AtomicBoolean) value).get() ? 1 : 0);
      default -> throw new AssertionError("no scalar: tag=" + tag);
    }
  }

  private static void writeBig(BigInteger value, Output output) {
    var bytes = value.toByteArray();
    output.putVarInt(bytes.length);
    output.putBytes(bytes, 0, bytes.length);
  }

  private static BigInteger readBig(Input input) {
    var bytes = new byte[Sizes.read(input)];
    input.getBytes(bytes, 0, bytes.length);
    return new BigInteger(bytes);
  }

  static Object read(int tag, Decoder decoder) throws IOException, ClassNotFoundException {
    var input = decoder.input();
    switch (tag) {
      case Tag.LONG_TEXT:
        return decoder.text().read(input);
      case Tag.BIG_INTEGER:
        return readBig(input);
      case Tag.BIG_DECIMAL:
        var scale = input.getInt();
        return new BigDecimal(readBig(input), scale);
      case Tag.ENUM:
        return readEnum(decoder.readClass(), decoder.text().read(input));
      case Tag.PATH:
        return Path.of(decoder.text().read(input));
      case Tag.ATOMIC_INTEGER:
        return new AtomicInteger(input.getInt());
      case Tag.ATOMIC_LONG:
        return new AtomicLong(input.getLong());
      case Tag.ATOMIC_BOOLEAN:
        return new AtomicBoolean(input.getByte() != 0);
      default:
        throw new StreamCorruptedException("no such scalar: tag=" + tag);
    }
  }

  private static Object readEnum(Class<?> type, String name) throws InvalidObjectException {
    var constants = type.isEnum() ? type.getEnumConstants() : new Object[0];
    for (var constant : constants) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw new InvalidObjectException(
        "the enum has no such constant here: enum=%s constant=%s".formatted(type.getName(), name));
  }

  private Scalars() {}
}
