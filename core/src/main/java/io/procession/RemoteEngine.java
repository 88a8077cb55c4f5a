package io.procession;

import io.procession.internal.engine.HeapMessage;
import io.procession.spi.Engine;
import java.util.function.BooleanSupplier;

/** Makes messages for a pool of another process. */
record RemoteEngine(RemoteDesk desk) implements Engine {

  @Override
  public Message message() {
    return new HeapMessage();
  }

  @Override
  public Worker start(String name, Listener listener) {
    throw new UnsupportedOperationException(
        "the workers of this pool are started by its owner. name=" + name);
  }

  @Override
  public void forget(Code code) {
    desk.forget(code);
  }

  @Override
  public void assist(BooleanSupplier enough) {}

  @Override
  public void close() {}
}
