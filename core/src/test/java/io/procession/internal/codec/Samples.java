package io.procession.internal.codec;

import io.procession.function.RemoteFunction;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Classes as users write them. */
final class Samples {

  record Plain(int number, String text) {}

  record Wide(
      boolean a, byte b, short c, char d, int e, long f, float g, double h, String i, List<?> j) {}

  record Empty() {}

  private record Secret(long value) {}

  static Object secret(long value) {
    return new Secret(value);
  }

  record Strict(int positive) {
    Strict {
      if (positive < 0) {
        throw new IllegalArgumentException("positive=" + positive);
      }
    }
  }

  record Boxed<T extends @Nullable Object>(T value) {}

  record Declared(int number) implements Serializable {}

  /** Its accessor is no field access. */
  record Doubling(int number) {
    @Override
    public int number() {
      return number * 2;
    }
  }

  enum Color {
    RED,
    GREEN
  }

  enum Operation {
    PLUS {
      @Override
      int apply(int a, int b) {
        return a + b;
      }
    },
    TIMES {
      @Override
      int apply(int a, int b) {
        return a * b;
      }
    };

    abstract int apply(int a, int b);
  }

  sealed interface Shape {}

  record Circle(double radius) implements Shape {}

  record Square(double side) implements Shape {}

  /** A list of the user's, which only the JDK lane takes. */
  static final class Numbers extends ArrayList<Integer> {
    private static final long serialVersionUID = 1L;
    String name = "";
  }

  @SuppressWarnings("serial") // fields of any type are the point
  static class Node implements Serializable {
    private static final long serialVersionUID = 1L;
    String name = "";
    @Nullable Node next;
    @Nullable Object extra;
    transient int forgotten = 7;

    Node() {}

    Node(String name, @Nullable Object extra) {
      this.name = name;
      this.extra = extra;
    }
  }

  record Link(int value, @Nullable Link next) {}

  /** Holds what the JDK cannot carry. */
  @SuppressWarnings("serial") // fields that are not Serializable are the point
  static final class Settings implements Serializable {
    private static final long serialVersionUID = 1L;
    Optional<String> name = Optional.of("a");
    Path path = Path.of("x", "y");
    Plain plain = new Plain(1, "b");
    RemoteFunction<Integer, Integer> function = n -> n + plain.number();
    double[] data = new double[1000];
  }

  /** No state: a lambda that captures it makes a new one. */
  @SuppressWarnings("serial") // lambdas that use members, as users write them
  static final class Stateless {
    private Stateless() {}

    static Stateless create() {
      return new Stateless();
    }

    int twice(int n) {
      return 2 * n;
    }

    RemoteFunction<Integer, Integer> function() {
      return n -> twice(n) + 1;
    }

    RemoteFunction<Integer, Integer> reference() {
      return this::twice;
    }
  }

  @SuppressWarnings("serial") // lambdas that use members, as users write them
  static final class Stateful {
    private final Object[] steps = {1, 2, 3};

    int count(int n) {
      return steps.length + n;
    }

    RemoteFunction<Integer, Integer> function() {
      return n -> count(n);
    }

    RemoteFunction<Integer, Integer> reference() {
      return this::count;
    }
  }

  static class NeedsArgument {
    final int number;

    NeedsArgument(int number) {
      this.number = number;
    }
  }

  static final class Orphan extends NeedsArgument implements Serializable {
    private static final long serialVersionUID = 1L;

    Orphan() {
      super(1);
    }
  }

  static final class Replaced implements Serializable {
    private static final long serialVersionUID = 1L;
    static final Replaced INSTANCE = new Replaced();

    private Replaced() {}

    private Object readResolve() {
      return INSTANCE;
    }
  }

  static final class Failing implements Serializable {
    private static final long serialVersionUID = 1L;

    private void writeObject(java.io.ObjectOutputStream out) throws IOException {
      throw new IllegalStateException("not today");
    }
  }

  private Samples() {}
}
