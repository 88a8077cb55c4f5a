package io.procession.internal.codec;

import io.procession.function.RemoteFunction;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Stands for a user's class that only a loader of the user's knows. */
public final class Foreign {

  public record Point(int x, int y) {}

  /** Constants of their own in each loader. */
  public enum Kind {
    ONE,
    TWO
  }

  interface Hidden {
    String name();
  }

  @SuppressWarnings("serial") // fields of any type
  static final class Job implements Serializable {
    private static final long serialVersionUID = 1L;
    Object point = new Point(3, 4);
    Kind[] kinds = Kind.values();
  }

  static final class Problem extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private Foreign() {}

  public static List<Object> values() {
    var point = new Point(1, 2);
    RemoteFunction<Integer, Object> function = n -> new Point(n, point.y());
    var proxy =
        java.lang.reflect.Proxy.newProxyInstance(
            Foreign.class.getClassLoader(),
            new Class<?>[] {Hidden.class},
            (java.lang.reflect.InvocationHandler & Serializable) (self, method, arguments) -> "me");
    return new ArrayList<>(
        List.of(point, function, Kind.TWO, new Job(), new Problem(), new Point[] {point}, proxy));
  }
}
