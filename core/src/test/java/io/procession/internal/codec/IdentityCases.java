package io.procession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.function.RemoteCallable;
import io.procession.function.RemoteRunnable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What is one object before is one object after. */
final class IdentityCases {

  static void addTo(Cases cases) {
    identity(cases);
  }

  private static void identity(Cases cases) {
    cases.checked(
        "a record twice",
        () -> {
          var one = new Samples.Plain(1, "a");
          return new Object[] {one, one, new Samples.Plain(1, "a")};
        },
        actual -> {
          var a = Cases.<Object[]>as(actual);
          assertThat(a[0]).isSameAs(a[1]).isNotSameAs(a[2]).isEqualTo(a[2]);
        });
    cases.checked(
        "a list that contains itself",
        () -> {
          var list = new ArrayList<Object>();
          list.add(list);
          return list;
        },
        actual -> assertThat(Cases.<List<Object>>as(actual).get(0)).isSameAs(actual));
    cases.checked(
        "an array that contains itself",
        () -> {
          var array = new Object[1];
          array[0] = array;
          return array;
        },
        actual -> assertThat(Cases.<Object[]>as(actual)[0]).isSameAs(actual));
    cases.checked(
        "a cycle in the JDK lane",
        () -> {
          var a = new Samples.Node("a", null);
          var b = new Samples.Node("b", null);
          a.next = b;
          b.next = a;
          return a;
        },
        actual -> {
          var a = Cases.<Samples.Node>as(actual);
          assertThat(Objects.requireNonNull(a.next).next).isSameAs(a);
        });
    cases.checked(
        "a cycle through both lanes",
        () -> {
          var map = new HashMap<String, Object>();
          map.put("node", new Samples.Node("a", map));
          return map;
        },
        actual -> {
          var map = Cases.<HashMap<String, Object>>as(actual);
          assertThat(Cases.<Samples.Node>as(map.get("node")).extra).isSameAs(map);
        });
    cases.checked(
        "first in the JDK lane, then in the fast lane",
        () -> {
          var list = new ArrayList<>(List.of(1));
          var node = new Samples.Node("a", list);
          return new Object[] {node, list, node};
        },
        actual -> {
          var a = Cases.<Object[]>as(actual);
          assertThat(Cases.<Samples.Node>as(a[0]).extra).isSameAs(a[1]);
          assertThat(a[0]).isSameAs(a[2]);
        });
    cases.checked(
        "first in the fast lane, then in the JDK lane",
        () -> {
          var list = new ArrayList<>(List.of(1));
          return new Object[] {list, new Samples.Node("a", list), new Samples.Node("b", list)};
        },
        actual -> {
          var a = Cases.<Object[]>as(actual);
          assertThat(Cases.<Samples.Node>as(a[1]).extra).isSameAs(a[0]);
          assertThat(Cases.<Samples.Node>as(a[2]).extra).isSameAs(a[0]);
        });
    cases.checked(
        "a record carried by the JDK lane, twice",
        () -> {
          var plain = new Samples.Plain(1, "a");
          return new Object[] {new Samples.Node("a", plain), new Samples.Node("b", plain), plain};
        },
        actual -> {
          var a = Cases.<Object[]>as(actual);
          assertThat(Cases.<Samples.Node>as(a[0]).extra).isSameAs(a[2]);
          assertThat(Cases.<Samples.Node>as(a[1]).extra).isSameAs(a[2]);
        });
    cases.checked(
        "JDK, fast, JDK, fast",
        () -> {
          var inner = new Samples.Node("in", List.of(Optional.of(1)));
          var outer = new Samples.Node("out", Optional.of(inner));
          return new Object[] {outer, inner};
        },
        actual -> {
          var a = Cases.<Object[]>as(actual);
          assertThat(Cases.<Optional<Object>>as(Cases.<Samples.Node>as(a[0]).extra).get())
              .isSameAs(a[1]);
        });
    cases.checked(
        "a lambda that captures what holds it",
        () -> {
          var node = new Samples.Node("a", null);
          node.extra = (RemoteCallable<Samples.Node>) () -> node;
          return node;
        },
        actual -> {
          var node = Cases.<Samples.Node>as(actual);
          assertThat(Cases.<RemoteCallable<Object>>as(node.extra).call()).isSameAs(node);
        });
    cases.checked(
        "a large array in both lanes",
        () -> {
          var data = new int[1000];
          return new Object[] {new Samples.Node("a", data), data};
        },
        actual -> {
          var a = Cases.<Object[]>as(actual);
          assertThat(Cases.<Samples.Node>as(a[0]).extra).isSameAs(a[1]);
        });
    cases.checked(
        "a long string twice",
        () -> {
          var s = "s".repeat(1000);
          return new Object[] {s, s};
        },
        actual -> {
          var a = Cases.<Object[]>as(actual);
          assertThat(a[0]).isSameAs(a[1]);
        });
    cases.checked(
        "one lambda twice",
        () -> {
          RemoteRunnable r = () -> {};
          return new Object[] {r, r};
        },
        actual -> {
          var a = Cases.<Object[]>as(actual);
          assertThat(a[0]).isSameAs(a[1]);
        });
    cases.checked(
        "many objects",
        () -> {
          var list = new ArrayList<Object>();
          for (var i = 0; i < 10_000; i++) {
            list.add(i % 3 == 0 ? new Samples.Node("n" + i, null) : new Samples.Plain(i, "p"));
          }
          list.addAll(new ArrayList<>(list));
          return list;
        },
        actual -> {
          var list = Cases.<List<Object>>as(actual);
          for (var i = 0; i < 10_000; i++) {
            assertThat(list.get(i)).isSameAs(list.get(i + 10_000));
          }
        });
  }

  private IdentityCases() {}
}
