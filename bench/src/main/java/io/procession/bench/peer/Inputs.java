package io.procession.bench.peer;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** What every pool gets to do; {@code processes.py} has the same. */
final class Inputs {

  /** As many tasks are sent one by one in a call. */
  static final int SINGLE_TASKS = 20_000;

  /** How long nothing is done before each of some round trips. */
  static final int IDLE_MILLIS = 5;

  private static final int BYTES_AT_ONCE = 32 << 20;

  private Inputs() {}

  static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  /** As many blocks of this size as go along in one call. */
  static int blocks(int bytes) {
    return Math.clamp(BYTES_AT_ONCE / bytes, 2, 1_000);
  }

  static List<byte[]> blocks(int count, int bytes) {
    return Collections.nCopies(count, new byte[bytes]);
  }
}
