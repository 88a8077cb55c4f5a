package io.procession.bench.work;

import java.util.Collections;
import java.util.List;

/**
 * Computing and nothing else: Fibonacci numbers, by the definition; {@code work.py} does the same.
 */
public final class Fibonacci {

  /** How many numbers are worked out. */
  public static final int COUNT = 64;

  /** About a millisecond in Java. */
  private static final int INDEX = 26;

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
