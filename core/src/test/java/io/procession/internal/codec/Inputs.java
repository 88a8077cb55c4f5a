package io.procession.internal.codec;

import io.procession.spi.Input;
import java.lang.foreign.MemorySegment;

final class Inputs {

  static Input of(byte[] bytes) {
    return new Input(MemorySegment.ofArray(bytes), Inputs.class.getClassLoader());
  }

  private Inputs() {}
}
