package io.procession.shared;

import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.Words;
import io.procession.spi.Input;
import java.io.IOException;

/** x */
public final class SharedLong extends SharedObject {
  private SharedLong(Place place) {
    super(place);
  }

  public static SharedLong create(long value) {
    var result = new SharedLong(allocate(BlockKind.LONG, Long.BYTES));
    result.set(value);
    return result;
  }

  static SharedLong readFrom(Input input) throws IOException {
    return read(input, SharedLong.class, SharedLong::new);
  }

  public long get() {
    checkOpen();
    return Words.read(memory, 0);
  }

  public void set(long value) {
    checkOpen();
    Words.write(memory, 0, value);
  }

  public long incrementAndGet() {
    checkOpen();
    return Words.getAndAdd(memory, 0, 1) + 1;
  }
}
