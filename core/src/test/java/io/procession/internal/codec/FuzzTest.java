package io.procession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random graphs: what JDK serialization brings back unchanged, we bring back unchanged. */
@SuppressWarnings({"JdkObsolete", "serial"}) // old collections, fields of any type: all travels
class FuzzTest {

  private static final int GRAPHS = 5000;

  record Pair(@Nullable Object left, @Nullable Object right) implements Serializable {}

  /** Lists of this class have no identity to keep. */
  private static final Class<?> LIST_OF = List.of(1, 2, 3).getClass();

  private final Random random = new Random();

  @Test
  void randomGraphsSurviveWhereverTheJdkBringsThemBack() {
    var first = new Random().nextLong();
    var compared = 0;
    for (var seed = first; seed < first + GRAPHS; seed++) {
      random.setSeed(seed);
      var graph = graph();
      var expected = describe(graph);
      if (expected.equals(ofJdk(graph))) {
        assertThat(describe(Messages.copy(graph))).as("seed=%d", seed).isEqualTo(expected);
        compared++;
      }
    }
    assertThat(compared).as("first=%d", first).isGreaterThan(GRAPHS / 2);
  }

  private static String ofJdk(Object graph) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(graph);
      out.flush();
      return describe(
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject());
    } catch (IOException | ClassNotFoundException | RuntimeException e) {
      return "the JDK fails: " + e;
    }
  }

  private Object graph() {
    var pool = new ArrayList<Object>();
    pool.add(leaf());
    var fillers = new ArrayList<Runnable>();
    var size = 1 + random.nextInt(25);
    for (var i = 0; i < size; i++) {
      pool.add(container(pool, fillers));
    }
    fillers.forEach(Runnable::run);
    return pool.getLast();
  }

  private Object any(List<Object> pool) {
    return random.nextInt(4) == 0 ? leaf() : pool.get(random.nextInt(pool.size()));
  }

  private Object leaf() {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextInt(5);
      case 1 -> "s".repeat(random.nextInt(5));
      case 2 -> "l".repeat(65 + random.nextInt(3));
      case 3 -> random.nextBoolean() ? Samples.Color.RED : Samples.Color.GREEN;
      case 4 -> new int[random.nextInt(300)];
      case 5 -> random.nextLong();
      case 6 -> new Samples.Declared(random.nextInt());
      default -> new byte[random.nextInt(600)];
    };
  }

  private Object container(List<Object> pool, List<Runnable> fillers) {
    return switch (random.nextInt(14)) {
      case 0 -> filled(new ArrayList<>(), pool, fillers);
      case 1 -> filled(new LinkedList<>(), pool, fillers);
      case 2 -> filled(new ArrayDeque<>(), pool, fillers);
      case 3 -> filled(new CopyOnWriteArrayList<>(), pool, fillers);
      case 4 -> filled(new HashMap<>(), pool, fillers);
      case 5 -> filled(new LinkedHashMap<>(), pool, fillers);
      case 6 -> filled(new TreeMap<>(), pool, fillers);
      case 7 -> filled(new ConcurrentHashMap<>(), pool, fillers);
      case 8 -> {
        var array = new Object[random.nextInt(4)];
        fillers.add(() -> {
          for (var i = 0; i < array.length; i++) {
            array[i] = any(pool);
          }
        });
        yield array;
      }
      case 9 -> List.of(any(pool), leaf(), leaf());
      case 10 -> new Pair(any(pool), any(pool));
      case 11 -> Collections.unmodifiableCollection(List.of(any(pool)));
      case 12 -> new LinkedHashSet<>(List.of("a", "b" + random.nextInt()));
      default -> {
        var node = new Samples.Node("n" + random.nextInt(3), null);
        fillers.add(() -> node.extra = any(pool));
        yield node;
      }
    };
  }

  private Object filled(Collection<Object> target, List<Object> pool, List<Runnable> fillers) {
    var count = random.nextInt(5);
    fillers.add(() -> {
      for (var i = 0; i < count; i++) {
        target.add(any(pool));
      }
    });
    return target;
  }

  private Object filled(Map<String, Object> target, List<Object> pool, List<Runnable> fillers) {
    var count = random.nextInt(5);
    fillers.add(() -> {
      for (var i = 0; i < count; i++) {
        target.put("k" + random.nextInt(9), any(pool));
      }
    });
    return target;
  }

  /** The whole graph as text, each object with identity by the number of its first visit. */
  private static String describe(@Nullable Object graph) {
    var text = new StringBuilder();
    describe(graph, new IdentityHashMap<>(), text);
    return text.toString();
  }

  private static void describe(
      @Nullable Object value, IdentityHashMap<Object, Integer> numbers, StringBuilder text) {
    if (value == null || value instanceof String || value instanceof Number) {
      text.append(value).append(' ');
      return;
    }
    var isValueBased = value.getClass() == LIST_OF;
    var known = isValueBased ? null : numbers.putIfAbsent(value, numbers.size());
    if (known != null) {
      text.append('#').append(known).append(' ');
      return;
    }
    text.append(value.getClass().getName()).append('(');
    if (value instanceof Object[] array) {
      for (var element : array) {
        describe(element, numbers, text);
      }
    } else if (value instanceof Map<?, ?> map) {
      for (var entry : new TreeMap<>(map).entrySet()) {
        text.append(entry.getKey()).append('=');
        describe(entry.getValue(), numbers, text);
      }
    } else if (value instanceof Collection<?> collection) {
      for (var element : collection) {
        describe(element, numbers, text);
      }
    } else if (value instanceof Pair pair) {
      describe(pair.left(), numbers, text);
      describe(pair.right(), numbers, text);
    } else if (value instanceof Samples.Node node) {
      text.append(node.name).append(' ');
      describe(node.extra, numbers, text);
    } else if (value instanceof int[] array) {
      text.append(array.length);
    } else if (value instanceof byte[] array) {
      text.append(array.length);
    } else {
      text.append(Objects.toString(value));
    }
    text.append(") ");
  }
}
