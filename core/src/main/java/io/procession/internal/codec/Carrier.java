package io.procession.internal.codec;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.lang.invoke.SerializedLambda;
import org.jspecify.annotations.Nullable;

/**
 * A value of the fast lane within the JDK stream, which holds the carrier's class and then, past
 * all its own buffers, the bytes of the fast lane.
 */
public final class Carrier implements Externalizable {

  @Serial private static final long serialVersionUID = 1L;

  private transient @Nullable Object value;

  /** Not null where the value is a lambda's replacement. */
  private transient @Nullable FunctionHost host;

  /** For the JDK's reading. */
  public Carrier() {}

  Carrier(Object value, @Nullable FunctionHost host) {
    this.value = value;
    this.host = host;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    var writer = (JdkWriter) out;
    writer.flush();
    writer.enter(value);
    var encoder = writer.encoder();
    if (value instanceof SerializedLambda function && host != null) {
      encoder.writeFunction(function, function, host.form(function));
    } else {
      encoder.write(value);
    }
    writer.leave();
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    try {
      value = ((JdkReader) in).decoder().read();
    } catch (ClassNotFoundException e) {
      throw new MissingClass(e);
    }
  }

  @Serial
  private @Nullable Object readResolve() throws ObjectStreamException {
    return value;
  }

  /** A class that a carried value names: the JDK would swallow the exception and read on. */
  static final class MissingClass extends IOException {

    @Serial private static final long serialVersionUID = 1L;

    private final ClassNotFoundException reason;

    MissingClass(ClassNotFoundException reason) {
      super(reason);
      this.reason = reason;
    }

    ClassNotFoundException reason() {
      return reason;
    }
  }
}
