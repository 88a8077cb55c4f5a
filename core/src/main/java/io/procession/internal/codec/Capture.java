package io.procession.internal.codec;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.invoke.SerializedLambda;
import org.jspecify.annotations.Nullable;

/**
 * Finds the class in which a lambda stands where only its replacement is known: that has the class,
 * but tells its name alone. The JDK's stream is shown the class when it writes it.
 */
final class Capture extends ObjectOutputStream {

  private @Nullable Class<?> host;

  private Capture() throws IOException {
    super(OutputStream.nullOutputStream());
    enableReplaceObject(true);
  }

  static Class<?> hostOf(SerializedLambda function) {
    try (var capture = new Capture()) {
      capture.writeObject(function);
      if (capture.host != null) {
        return capture.host;
      }
    } catch (IOException e) {
      throw new AssertionError("a lambda without its arguments is always written", e);
    }
    throw new AssertionError("a lambda stands in a class: " + function);
  }

  @Override
  protected @Nullable Object replaceObject(Object object) {
    return object instanceof Object[] ? null : object;
  }

  @Override
  protected void annotateClass(Class<?> type) {
    if (host == null && type != SerializedLambda.class) {
      host = type;
    }
  }
}
