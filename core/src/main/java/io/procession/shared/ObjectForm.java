package io.procession.shared;

import io.procession.spi.Codec;
import io.procession.spi.Input;
import io.procession.spi.Output;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Objects as messages. */
record ObjectForm(Codec codec) {

  void write(@Nullable Object value, Output output) {
    codec.write(value, output);
  }

  /**
   * @throws ObjectStreamException if the bytes cannot be read here, and nothing else, so that no
   *     failure of reading looks like one of the connection
   */
  @Nullable Object read(byte[] message) throws ObjectStreamException {
    var input = new Input(MemorySegment.ofArray(message), loader());
    Object value;
    try {
      value = codec.read(input);
    } catch (ObjectStreamException e) {
      throw e;
    } catch (IOException | ClassNotFoundException e) {
      throw new InvalidObjectException(
          "a message cannot be read here: %s. bytes=%d".formatted(e, message.length), e);
    }
    if (input.remaining() != 0) {
      throw new InvalidObjectException(
          "a message is no object, or one of another codec: something follows it. bytes=%d rest=%d"
              .formatted(message.length, input.remaining()));
    }
    return value;
  }

  private static ClassLoader loader() {
    var loader = Thread.currentThread().getContextClassLoader();
    return loader == null ? ClassLoader.getSystemClassLoader() : loader;
  }
}
