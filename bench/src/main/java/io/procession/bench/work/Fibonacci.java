package io.procession.bench.work;

import java.util.Collections;
import java.util.List;

/**
 * Computing and nothing else: Fibonacci numbers, by the definition; {@code work.py} does the same,
 * for fewer of them.
 */
public final class Fibonacci {

  /** How many numbers are worked out. */
  public static final int COUNT = 64;

  /** A millisecond and a half in Java. */
  private static final int INDEX = 29;

  private Fibonacci() {}

  /** Which numbers are worked out. */
  public static List<Integer> indices() {
    return Collections.nCopies(COUNT, INDEX);
  }

  /** One number. */
  public static int number(int index) {
    return index < 2 ? index : number(index - 1) + number(index - 2);
  }
}
