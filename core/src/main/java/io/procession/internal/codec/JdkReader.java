package io.procession.internal.codec;

import io.procession.spi.Input;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;

/** Reads what a {@link JdkWriter} wrote, in the same places of the message. */
final class JdkReader extends ObjectInputStream {

  private final Decoder decoder;

  JdkReader(Decoder decoder) throws IOException {
    super(new Source(decoder.input()));
    this.decoder = decoder;
    setObjectInputFilter(ReadFilter.of(decoder.input()));
  }

  Decoder decoder() {
    return decoder;
  }

  @Override
  protected void readStreamHeader() {
    // none was written
  }

  @Override
  protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
    return decoder.names().find(description.getName());
  }

  @Override
  protected Class<?> resolveProxyClass(String[] interfaces) throws ClassNotFoundException {
    var loader = decoder.input().loader();
    var types = new Class<?>[interfaces.length];
    for (var i = 0; i < types.length; i++) {
      types[i] = decoder.names().find(interfaces[i]);
      if (!Modifier.isPublic(types[i].getModifiers())) {
        loader = types[i].getClassLoader();
      }
    }
    try {
      return Proxy.newProxyInstance(loader, types, (proxy, method, arguments) -> null).getClass();
    } catch (IllegalArgumentException e) {
      throw new ClassNotFoundException("no proxy class for " + String.join(", ", interfaces), e);
    }
  }

  /**
   * Straight from the message. The JDK's stream peeks one byte ahead only within an object, so that
   * after each object the message stands exactly behind it.
   */
  private static final class Source extends InputStream {

    private final Input input;

    Source(Input input) {
      this.input = input;
    }

    @Override
    public int read() {
      return input.remaining() == 0 ? -1 : input.getByte() & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      var count = (int) Math.min(length, input.remaining());
      if (count == 0) {
        return -1;
      }
      input.getBytes(bytes, offset, count);
      return count;
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, input.remaining());
    }
  }
}
