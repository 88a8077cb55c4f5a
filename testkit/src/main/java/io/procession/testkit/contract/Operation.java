package io.procession.testkit.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;

/**
 * An operation, on something shared and on its twin of the JDK.
 *
 * @param <S> what is shared
 * @param <T> its twin
 */
record Operation<S, T>(
    BiFunction<S, Operation.Draw, Object> shared, BiFunction<T, Operation.Draw, Object> twin) {

  /** The elements of the arrays that are compared. */
  static final int LENGTH = 5;

  /** The arguments: of few values, so that expected ones are met, and now and then a bad index. */
  record Draw(int index, long a, long b) {

    private static final double[] DOUBLES = {-1.5, 0.0, -0.0, Double.NaN};

    static Draw of(Random random) {
      return new Draw(random.nextInt(LENGTH + 2) - 1, random.nextInt(4) - 1, random.nextInt(4) - 1);
    }

    int intA() {
      return (int) a;
    }

    int intB() {
      return (int) b;
    }

    double doubleA() {
      return DOUBLES[(int) a + 1];
    }

    double doubleB() {
      return DOUBLES[(int) b + 1];
    }
  }

  /** Something to do that gives nothing. */
  @FunctionalInterface
  interface Change<S> {
    void apply(S target, Draw draw);
  }

  static <S, T> Operation<S, T> of(
      BiFunction<S, Draw, Object> shared, BiFunction<T, Draw, Object> twin) {
    return new Operation<>(shared, twin);
  }

  static <S> BiFunction<S, Draw, Object> done(Change<S> change) {
    return (target, draw) -> {
      change.apply(target, draw);
      return "done";
    };
  }

  /** What some operations give on the shared one; the seed chooses which, and their arguments. */
  static <S, T> List<Object> onShared(
      List<Operation<S, T>> operations, S shared, long seed, int count) {
    return results(operations.stream().map(Operation::shared).toList(), shared, seed, count);
  }

  /** What the same operations give on the twin. */
  static <S, T> List<Object> onTwin(
      List<Operation<S, T>> operations, T twin, long seed, int count) {
    return results(operations.stream().map(Operation::twin).toList(), twin, seed, count);
  }

  private static <U> List<Object> results(
      List<BiFunction<U, Draw, Object>> operations, U target, long seed, int count) {
    var random = new Random(seed);
    var results = new ArrayList<>();
    for (var i = 0; i < count; i++) {
      var number = random.nextInt(operations.size());
      var draw = Draw.of(random);
      results.add("operation " + number + " with " + draw);
      try {
        results.add(operations.get(number).apply(target, draw));
      } catch (IndexOutOfBoundsException _) {
        results.add("out of bounds");
      }
    }
    return results;
  }
}
