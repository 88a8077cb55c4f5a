package io.procession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.function.RemoteCallable;
import io.procession.function.RemoteFunction;
import io.procession.function.RemoteRunnable;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Records, classes of the user, lambdas. */
@SuppressWarnings("serial") // lambdas that use members, as users write them
final class ObjectCases {

  interface SerializableFunction<A, B> extends Function<A, B>, Serializable {}

  static void addTo(Cases cases) {
    objects(cases);
    functions(cases);
  }

  private static void objects(Cases cases) {
    cases.equal("record", () -> new Samples.Plain(1, "a"));
    cases.equal(
        "record with all kinds of components",
        () ->
            new Samples.Wide(true, (byte) 1, (short) -2, 'c', 3, -4, 5.5f, -6.5, "i", List.of(1)));
    cases.equal("record without components", Samples.Empty::new);
    cases.equal("private record", () -> Samples.secret(5));
    cases.checked(
        "local record",
        () -> {
          record Local(int a) {}
          return new Local(3);
        },
        actual -> assertThat(actual).hasToString("Local[a=3]"));
    cases.equal("record with null", () -> new Samples.Boxed<@Nullable Object>(null));
    cases.equal("Serializable record", () -> new Samples.Declared(7));
    cases.checked(
        "record with an accessor of its own",
        () -> new Samples.Doubling(4),
        actual -> assertThat(Cases.<Samples.Doubling>as(actual).number()).isEqualTo(8));
    cases.equal(
        "sealed types", () -> List.<Samples.Shape>of(new Samples.Circle(1), new Samples.Square(2)));
    cases.checked(
        "subclass of ArrayList",
        () -> {
          var list = new Samples.Numbers();
          list.add(1);
          list.name = "n";
          return list;
        },
        actual -> {
          var list = Cases.<Samples.Numbers>as(actual);
          assertThat(list).containsExactly(1);
          assertThat(list.name).isEqualTo("n");
        });
    cases.checked(
        "Serializable class",
        () -> new Samples.Node("a", List.of(1)),
        actual -> {
          var node = Cases.<Samples.Node>as(actual);
          assertThat(node.name).isEqualTo("a");
          assertThat(node.extra).isEqualTo(List.of(1));
          assertThat(node.forgotten).isZero();
        });
    cases.checked(
        "Serializable class that holds what the JDK refuses",
        Samples.Settings::new,
        actual -> {
          var s = Cases.<Samples.Settings>as(actual);
          assertThat(s.name).contains("a");
          assertThat(s.path).isEqualTo(Path.of("x", "y"));
          assertThat(s.plain).isEqualTo(new Samples.Plain(1, "b"));
          assertThat(s.function.apply(1)).isEqualTo(2);
          assertThat(s.data).hasSize(1000);
        });
    cases.checked(
        "subclass of ArrayList with Optional",
        () -> {
          @SuppressWarnings("serial")
          class Things extends ArrayList<Object> {}
          var list = new Things();
          list.add(Optional.of(new Samples.Plain(1, "x")));
          return list;
        },
        actual ->
            assertThat(Cases.<List<Object>>as(actual))
                .containsExactly(Optional.of(new Samples.Plain(1, "x"))));
    cases.checked(
        "readResolve",
        () -> Samples.Replaced.INSTANCE,
        actual -> assertThat(actual).isSameAs(Samples.Replaced.INSTANCE));
    cases.checked(
        "object without fields",
        Samples.Stateless::create,
        actual -> assertThat(Cases.<Samples.Stateless>as(actual).twice(4)).isEqualTo(8));
    cases.checked(
        "new Object()", Object::new, actual -> assertThat(actual).hasSameClassAs(new Object()));
    cases.checked(
        "proxy",
        () ->
            java.lang.reflect.Proxy.newProxyInstance(
                Cases.class.getClassLoader(),
                new Class<?>[] {UnaryOperator.class},
                (java.lang.reflect.InvocationHandler & Serializable)
                    (p, m, a) -> "called " + m.getName()),
        actual ->
            assertThat(Cases.<UnaryOperator<Object>>as(actual).apply("x"))
                .isEqualTo("called apply"));
    cases.checked(
        "exception with a cause",
        () -> new IllegalStateException("outer", new IllegalArgumentException("inner")),
        actual -> {
          var e = Cases.<Exception>as(actual);
          assertThat(e).hasMessage("outer").hasRootCauseMessage("inner");
          assertThat(e.getStackTrace()[0].getClassName()).isEqualTo(ObjectCases.class.getName());
        });
    cases.checked(
        "helpful message of a NullPointerException",
        () -> {
          try {
            int[] none = Cases.as(null);
            return none.length;
          } catch (NullPointerException e) {
            return e;
          }
        },
        actual -> assertThat(Cases.<Exception>as(actual)).hasMessageContaining("because"));
  }

  private static void functions(Cases cases) {
    cases.checked(
        "lambda",
        () -> (RemoteFunction<Integer, Integer>) n -> n + 1,
        actual ->
            assertThat(Cases.<RemoteFunction<Integer, Integer>>as(actual).apply(1)).isEqualTo(2));
    cases.checked(
        "capturing lambda",
        () -> {
          var list = List.of(1, 2);
          long factor = 3;
          byte small = 1;
          return (RemoteCallable<Long>) () -> list.size() * factor + small;
        },
        actual -> assertThat(Cases.<RemoteCallable<Long>>as(actual).call()).isEqualTo(7));
    cases.checked(
        "runnable",
        () -> {
          var box = new int[1];
          return new Object[] {box, (RemoteRunnable) () -> box[0]++};
        },
        actual -> {
          var pair = Cases.<Object[]>as(actual);
          ((Runnable) pair[1]).run();
          assertThat((int[]) pair[0]).containsExactly(1);
        });
    cases.checked(
        "lambda in a lambda",
        () -> {
          RemoteFunction<Integer, Integer> inner = n -> n * 2;
          return (RemoteFunction<Integer, Integer>) n -> inner.apply(n) + 1;
        },
        actual ->
            assertThat(Cases.<RemoteFunction<Integer, Integer>>as(actual).apply(4)).isEqualTo(9));
    cases.checked(
        "lambda in a record",
        () -> new Samples.Boxed<>((RemoteFunction<Integer, Integer>) n -> -n),
        actual ->
            assertThat(
                    Cases.<Samples.Boxed<RemoteFunction<Integer, Integer>>>as(actual)
                        .value()
                        .apply(4))
                .isEqualTo(-4));
    cases.checked(
        "static method reference",
        () -> (RemoteFunction<String, Integer>) Integer::parseInt,
        actual ->
            assertThat(Cases.<RemoteFunction<String, Integer>>as(actual).apply("4")).isEqualTo(4));
    cases.checked(
        "bound method reference",
        () -> (RemoteFunction<String, String>) "ab"::concat,
        actual ->
            assertThat(Cases.<RemoteFunction<String, String>>as(actual).apply("c"))
                .isEqualTo("abc"));
    cases.checked(
        "unbound method reference",
        () -> (RemoteFunction<String, String>) String::trim,
        actual ->
            assertThat(Cases.<RemoteFunction<String, String>>as(actual).apply(" c "))
                .isEqualTo("c"));
    cases.checked(
        "constructor reference",
        () -> (RemoteFunction<String, Object>) StringBuilder::new,
        actual ->
            assertThat(Cases.<RemoteFunction<String, Object>>as(actual).apply("c"))
                .hasToString("c"));
    cases.checked(
        "array constructor reference",
        () -> (RemoteFunction<Integer, int[]>) int[]::new,
        actual -> assertThat(Cases.<RemoteFunction<Integer, int[]>>as(actual).apply(3)).hasSize(3));
    cases.checked(
        "lambda that captures a this without fields",
        () -> Samples.Stateless.create().function(),
        actual ->
            assertThat(Cases.<RemoteFunction<Integer, Integer>>as(actual).apply(3)).isEqualTo(7));
    cases.checked(
        "method of an object without fields",
        () -> Samples.Stateless.create().reference(),
        actual ->
            assertThat(Cases.<RemoteFunction<Integer, Integer>>as(actual).apply(3)).isEqualTo(6));
    cases.checked(
        "lambda by a cast",
        () -> (Runnable & Serializable) () -> {},
        actual -> Cases.<Runnable>as(actual).run());
    cases.checked(
        "lambda with a marker interface",
        () -> (SerializableFunction<Object, Object>) x -> x,
        actual -> assertThat(Cases.<Function<Object, Object>>as(actual).apply(1)).isEqualTo(1));
    cases.checked(
        "Comparator.comparing",
        () -> Comparator.comparing((Function<String, Integer> & Serializable) String::length),
        actual -> assertThat(Cases.<Comparator<String>>as(actual).compare("aa", "b")).isPositive());
    cases.checked(
        "lambda in the JDK lane that captures a record",
        () -> {
          var plain = new Samples.Plain(5, "");
          return new Samples.Node("f", (RemoteCallable<Integer>) plain::number);
        },
        actual ->
            assertThat(
                    Cases.<RemoteCallable<Integer>>as(Cases.<Samples.Node>as(actual).extra).call())
                .isEqualTo(5));
    cases.checked(
        "many instances of one lambda",
        () -> {
          var list = new ArrayList<RemoteCallable<Integer>>();
          for (var i = 0; i < 20; i++) {
            int n = i;
            list.add(() -> n);
          }
          return list;
        },
        actual -> {
          var list = Cases.<List<RemoteCallable<Integer>>>as(actual);
          assertThat(list.get(17).call()).isEqualTo(17);
        });
  }

  private ObjectCases() {}
}
