package io.procession.internal.codec;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.procession.spi.Input;
import io.procession.spi.Output;
import java.io.StreamCorruptedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Primitive arrays: the length, then the elements in one bulk copy, little-endian. */
final class PrimitiveArrays {

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfChar CHAR =
      ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);

  static void write(int tag, Object array, Output output) {
    switch (tag) {
      case Tag.BOOLEANS -> writeBooleans((boolean[]) array, output);
      case Tag.BYTES -> write(array, ((byte[]) array).length, BYTE, output);
      case Tag.SHORTS -> write(array, ((short[]) array).length, SHORT, output);
      case Tag.CHARS -> write(array, ((char[]) array).length, CHAR, output);
      case Tag.INTS -> write(array, ((int[]) array).length, INT, output);
      case Tag.LONGS -> write(array, ((long[]) array).length, LONG, output);
      case Tag.FLOATS -> write(array, ((float[]) array).length, FLOAT, output);
      default -> write(array, ((double[]) array).length, DOUBLE, output);
    }
  }

  private static void write(Object array, int length, ValueLayout layout, Output output) {
    output.putVarInt(length);
    var target = output.reserve(length * layout.byteSize());
    MemorySegment.copy(array, 0, target, layout, 0, length);
  }

  private static void writeBooleans(boolean[] array, Output output) {
    output.putVarInt(array.length);
    var target = output.reserve(array.length);
    for (var i = 0; i < array.length; i++) {
      target.set(BYTE, i, array[i] ? (byte) 1 : 0);
    }
  }

  static Object read(int tag, Input input) throws StreamCorruptedException {
    var length = input.getVarInt();
    return switch (tag) {
      case Tag.BOOLEANS -> readBooleans(length, input);
      case Tag.BYTES -> fill(new byte[checked(length, BYTE, input)], length, BYTE, input);
      case Tag.SHORTS -> fill(new short[checked(length, SHORT, input)], length, SHORT, input);
      case Tag.CHARS -> fill(new char[checked(length, CHAR, input)], length, CHAR, input);
      case Tag.INTS -> fill(new int[checked(length, INT, input)], length, INT, input);
      case Tag.LONGS -> fill(new long[checked(length, LONG, input)], length, LONG, input);
      case Tag.FLOATS -> fill(new float[checked(length, FLOAT, input)], length, FLOAT, input);
      case Tag.DOUBLES -> fill(new double[checked(length, DOUBLE, input)], length, DOUBLE, input);
      default -> throw new StreamCorruptedException("no such kind of array: tag=" + tag);
    };
  }

  private static int checked(int length, ValueLayout layout, Input input) {
    return (int) Sizes.checked(length, (int) layout.byteSize(), input);
  }

  private static Object fill(Object array, int length, ValueLayout layout, Input input) {
    var source = input.getSegment(length * layout.byteSize());
    MemorySegment.copy(source, layout, 0, array, 0, length);
    return array;
  }

  private static boolean[] readBooleans(int length, Input input) {
    var array = new boolean[checked(length, BYTE, input)];
    var source = input.getSegment(length);
    for (var i = 0; i < length; i++) {
      array[i] = source.get(BYTE, i) != 0;
    }
    return array;
  }

  private PrimitiveArrays() {}
}
