package io.procession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Collections, maps, and views of them. */
@SuppressWarnings({"JdkObsolete", "IdentityHashMapUsage"}) // old collections travel, too
final class CollectionCases {

  static void addTo(Cases cases) {
    collections(cases);
    views(cases);
  }

  private static void collections(Cases cases) {
    cases.equal("ArrayList", () -> new ArrayList<>(Arrays.asList(1, null, "x")));
    cases.equal("LinkedList", () -> new LinkedList<>(List.of(1, 2)));
    cases.checked(
        "ArrayDeque",
        () -> new ArrayDeque<>(List.of(1, 2)),
        actual -> assertThat(Cases.<ArrayDeque<Object>>as(actual)).containsExactly(1, 2));
    cases.equal("HashMap", () -> new HashMap<>(Map.of("a", 1, "b", 2)));
    cases.checked(
        "LinkedHashMap keeps its order",
        () -> {
          var map = new LinkedHashMap<String, Integer>();
          map.put("z", 1);
          map.put("a", 2);
          return map;
        },
        actual ->
            assertThat(Cases.<LinkedHashMap<String, Integer>>as(actual).keySet())
                .containsExactly("z", "a"));
    cases.checked(
        "LinkedHashMap in order of access",
        () -> {
          var map = new LinkedHashMap<String, Integer>(16, 0.75f, true);
          map.put("z", 1);
          map.put("a", 2);
          return map;
        },
        actual -> {
          var map = Cases.<LinkedHashMap<String, Integer>>as(actual);
          map.get("z");
          assertThat(map.keySet()).containsExactly("a", "z");
        });
    cases.checked(
        "empty LinkedHashMap in order of access",
        () -> new LinkedHashMap<String, Integer>(16, 0.75f, true),
        actual -> {
          var map = Cases.<LinkedHashMap<String, Integer>>as(actual);
          map.put("z", 1);
          map.put("a", 2);
          map.get("z");
          assertThat(map.keySet()).containsExactly("a", "z");
        });
    cases.equal("TreeMap", () -> new TreeMap<>(Map.of("a", 1, "b", 2)));
    cases.checked(
        "TreeMap with a comparator",
        () -> {
          var map = new TreeMap<String, Integer>(Comparator.reverseOrder());
          map.putAll(Map.of("a", 1, "b", 2));
          return map;
        },
        actual -> {
          var map = Cases.<TreeMap<String, Integer>>as(actual);
          assertThat(map.keySet()).containsExactly("b", "a");
          assertThat(map.comparator()).isSameAs(Comparator.reverseOrder());
        });
    cases.checked(
        "TreeSet with a lambda as comparator",
        () -> {
          var set =
              new TreeSet<String>((Comparator<String> & Serializable) (a, b) -> b.compareTo(a));
          set.addAll(List.of("a", "c", "b"));
          return set;
        },
        actual -> assertThat(Cases.<TreeSet<String>>as(actual)).containsExactly("c", "b", "a"));
    cases.checked(
        "TreeSet with Comparator.comparing",
        () -> {
          var set =
              new TreeSet<String>(
                  Comparator.comparing((Function<String, Integer> & Serializable) s -> -s.length())
                      .thenComparing(Comparator.naturalOrder()));
          set.addAll(List.of("a", "ccc", "bb"));
          return set;
        },
        actual -> assertThat(Cases.<TreeSet<String>>as(actual)).containsExactly("ccc", "bb", "a"));
    cases.equal("HashSet", () -> new HashSet<>(List.of(1, 2, 3)));
    cases.checked(
        "LinkedHashSet keeps its order",
        () -> new LinkedHashSet<>(List.of(3, 1, 2)),
        actual -> assertThat(Cases.<LinkedHashSet<Integer>>as(actual)).containsExactly(3, 1, 2));
    for (var size : List.of(0, 1, 2, 3, 10)) {
      cases.equal(
          "List.of with " + size, () -> List.of(IntStream.range(0, size).boxed().toArray()));
      cases.equal("Set.of with " + size, () -> Set.of(IntStream.range(0, size).boxed().toArray()));
    }
    cases.equal("Map.of", () -> Map.of("a", 1, "b", 2));
    cases.equal("empty Map.of", Map::of);
    cases.equal("Map.of with one", () -> Map.of("a", 1));
    cases.checked(
        "List.of does not answer contains(null)",
        () -> List.of(1, 2, 3),
        actual -> {
          var list = Cases.<List<Object>>as(actual);
          assertThatThrownBy(() -> list.contains(null)).isInstanceOf(NullPointerException.class);
          assertThatThrownBy(() -> list.add(1)).isInstanceOf(UnsupportedOperationException.class);
        });
    cases.checked(
        "Stream.toList with null",
        () -> Stream.of(1, null).toList(),
        actual -> {
          assertThat(Cases.<List<Object>>as(actual)).containsExactly(1, null);
          assertThatThrownBy(() -> Cases.<List<Object>>as(actual).add(1))
              .isInstanceOf(UnsupportedOperationException.class);
        });
    cases.checked(
        "Stream.toList without null",
        () -> Stream.of(1, 2, 3).toList(),
        actual -> assertThat(Cases.<List<Object>>as(actual).contains(null)).isFalse());
    cases.equal("Arrays.asList", () -> Arrays.asList("a", null));
    cases.equal("Collections.emptyList", Collections::emptyList);
    cases.equal("Collections.emptyMap", Collections::emptyMap);
    cases.equal("singletonList", () -> Collections.singletonList(null));
    cases.equal(
        "unmodifiableList", () -> Collections.unmodifiableList(new ArrayList<>(List.of(1, 2))));
    cases.equal("synchronizedMap", () -> Collections.synchronizedMap(new HashMap<>(Map.of(1, 2))));
    cases.equal("nCopies", () -> Collections.nCopies(5, "x"));
    cases.equal("EnumSet", () -> EnumSet.of(TimeUnit.DAYS, TimeUnit.HOURS));
    cases.equal("EnumMap", () -> new EnumMap<>(Map.of(Samples.Color.RED, Optional.of(1))));
    cases.equal("BitSet", () -> BitSet.valueOf(new long[] {5, 6}));
    cases.checked(
        "PriorityQueue",
        () -> new PriorityQueue<>(List.of(3, 1, 2)),
        actual -> assertThat(Cases.<PriorityQueue<Integer>>as(actual).poll()).isEqualTo(1));
    cases.equal("ConcurrentHashMap", () -> new ConcurrentHashMap<>(Map.of("a", List.of(1))));
    cases.equal("ConcurrentSkipListMap", () -> new ConcurrentSkipListMap<>(Map.of("a", 1)));
    cases.equal("CopyOnWriteArrayList", () -> new CopyOnWriteArrayList<>(List.of(1)));
    cases.checked(
        "LinkedBlockingQueue",
        () -> new LinkedBlockingQueue<>(List.of(1)),
        actual -> assertThat(Cases.<LinkedBlockingQueue<Object>>as(actual)).containsExactly(1));
    cases.equal(
        "IdentityHashMap",
        () -> new IdentityHashMap<>(Map.of(Samples.Color.RED, Samples.Color.GREEN)));
    cases.equal("Vector", () -> new Vector<>(List.of(1)));
    cases.equal(
        "Properties",
        () -> {
          var p = new Properties();
          p.setProperty("a", "b");
          return p;
        });
    cases.equal(
        "nested collections",
        () ->
            new ArrayList<>(
                List.of(new HashMap<>(Map.of("k", new int[0].length)), Set.of(List.of(1)))));
    cases.checked(
        "collections without order of Optional",
        () -> new PriorityQueue<>(List.of(1)),
        actual -> assertThat(Cases.<PriorityQueue<Integer>>as(actual)).hasSize(1));
  }

  private static void views(Cases cases) {
    cases.checked(
        "subList",
        () -> new ArrayList<>(List.of(1, 2, 3)).subList(1, 3),
        actual -> assertThat(actual).isEqualTo(List.of(2, 3)));
    cases.checked(
        "subList of List.of",
        () -> List.of(1, 2, 3).subList(1, 3),
        actual -> assertThat(actual).isEqualTo(List.of(2, 3)));
    cases.checked(
        "keySet",
        () -> new TreeMap<>(Map.of("b", 1, "a", 2)).keySet(),
        actual -> assertThat(Cases.<SortedSet<String>>as(actual)).containsExactly("a", "b"));
    cases.checked(
        "keySet of HashMap",
        () -> new HashMap<>(Map.of("b", 1)).keySet(),
        actual -> assertThat(actual).isEqualTo(Set.of("b")));
    cases.checked(
        "values",
        () -> new TreeMap<>(Map.of("b", 1, "a", 2)).values(),
        actual -> assertThat(Cases.<Collection<Integer>>as(actual)).containsExactly(2, 1));
    cases.checked(
        "entrySet",
        () -> new HashMap<>(Map.of("b", 1)).entrySet(),
        actual -> assertThat(actual).isEqualTo(Map.of("b", 1).entrySet()));
    cases.checked(
        "subMap",
        () -> new TreeMap<>(Map.of("a", 1, "b", 2)).headMap("b"),
        actual -> assertThat(actual).isEqualTo(Map.of("a", 1)));
    cases.checked(
        "descendingMap",
        () -> new TreeMap<>(Map.of("a", 1, "b", 2)).descendingMap(),
        actual ->
            assertThat(Cases.<Map<String, Integer>>as(actual).keySet()).containsExactly("b", "a"));
    cases.checked(
        "reversed list",
        () -> new ArrayList<>(List.of(1, 2)).reversed(),
        actual -> assertThat(actual).isEqualTo(List.of(2, 1)));
    cases.equal("Map.entry", () -> Map.entry("a", 1));
    cases.equal("SimpleEntry", () -> new AbstractMap.SimpleEntry<>("a", null));
  }

  private CollectionCases() {}
}
