package io.procession.internal.codec;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.procession.spi.Input;
import io.procession.spi.Output;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Strings, char by char, so that unpaired surrogates survive: {@code length << 1 | wide}, then one
 * byte per char, or two if one of them is above 255.
 *
 * <p>An instance holds a buffer for short strings; it belongs to one message.
 */
final class Text {

  private static final int SHORT = 64;
  private static final int CHUNK = 1 << 14;
  private static final ValueLayout.OfChar WIDE =
      ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private byte @Nullable [] buffer;

  private byte[] buffer() {
    var made = buffer;
    if (made == null) {
      made = new byte[SHORT];
      buffer = made;
    }
    return made;
  }

  void write(String text, Output output) {
    var length = text.length();
    if (length > SHORT) {
      writeLong(text, output);
      return;
    }
    var chars = buffer();
    var bits = 0;
    for (var i = 0; i < length; i++) {
      var c = text.charAt(i);
      bits |= c;
      chars[i] = (byte) c;
    }
    if (bits < 256) {
      output.putVarInt(length << 1);
      output.putBytes(chars, 0, length);
    } else {
      writeWide(text, output);
    }
  }

  private static void writeLong(String text, Output output) {
    var narrow = text.getBytes(ISO_8859_1);
    if (new String(narrow, ISO_8859_1).equals(text)) {
      output.putVarInt(text.length() << 1);
      output.putBytes(narrow, 0, narrow.length);
    } else {
      writeWide(text, output);
    }
  }

  private static void writeWide(String text, Output output) {
    var length = text.length();
    output.putVarInt(length << 1 | 1);
    var target = output.reserve(2L * length);
    var chunk = new char[Math.min(CHUNK, length)];
    for (var start = 0; start < length; start += chunk.length) {
      var count = Math.min(chunk.length, length - start);
      text.getChars(start, start + count, chunk, 0);
      MemorySegment.copy(chunk, 0, target, WIDE, 2L * start, count);
    }
  }

  String read(Input input) {
    var head = input.getVarInt();
    var length = head >>> 1;
    if ((head & 1) != 0) {
      var chars = new char[(int) Sizes.checked(length, 2, input)];
      MemorySegment.copy(input.getSegment(2L * length), WIDE, 0, chars, 0, length);
      return new String(chars);
    }
    var bytes = length <= SHORT ? buffer() : new byte[(int) Sizes.checked(length, 1, input)];
    input.getBytes(bytes, 0, length);
    return new String(bytes, 0, length, ISO_8859_1);
  }
}
