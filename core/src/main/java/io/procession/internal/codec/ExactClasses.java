package io.procession.internal.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The classes of the JDK that the fast lane knows by themselves. */
final class ExactClasses {

  /**
   * Objects of which a JVM has one; they travel as their index. Their order is part of the format.
   */
  static final List<Object> SINGLETONS =
      Arrays.asList(
          Collections.emptyList(),
          Collections.emptySet(),
          Collections.emptyMap(),
          Comparator.naturalOrder(),
          Comparator.reverseOrder(),
          String.CASE_INSENSITIVE_ORDER);

  static void enter(Map<Class<?>, ClassForm> forms) {
    enter(forms, Tag.TRUE, Boolean.class);
    enter(forms, Tag.BYTE, Byte.class);
    enter(forms, Tag.SHORT, Short.class);
    enter(forms, Tag.CHARACTER, Character.class);
    enter(forms, Tag.INTEGER, Integer.class);
    enter(forms, Tag.LONG, Long.class);
    enter(forms, Tag.FLOAT, Float.class);
    enter(forms, Tag.DOUBLE, Double.class);
    enter(forms, Tag.SHORT_TEXT, String.class);
    enter(forms, Tag.CLASS, Class.class);
    enter(forms, Tag.UUID, UUID.class);
    enter(forms, Tag.INSTANT, Instant.class);
    enter(forms, Tag.DURATION, Duration.class);
    enter(forms, Tag.LOCAL_DATE, LocalDate.class);
    enter(forms, Tag.LOCAL_TIME, LocalTime.class);
    enter(forms, Tag.LOCAL_DATE_TIME, LocalDateTime.class);
    enter(forms, Tag.BIG_INTEGER, BigInteger.class);
    enter(forms, Tag.BIG_DECIMAL, BigDecimal.class);
    enter(forms, Tag.ATOMIC_INTEGER, AtomicInteger.class);
    enter(forms, Tag.ATOMIC_LONG, AtomicLong.class);
    enter(forms, Tag.ATOMIC_BOOLEAN, AtomicBoolean.class);
    enter(forms, Tag.BOOLEANS, boolean[].class);
    enter(forms, Tag.BYTES, byte[].class);
    enter(forms, Tag.SHORTS, short[].class);
    enter(forms, Tag.CHARS, char[].class);
    enter(forms, Tag.INTS, int[].class);
    enter(forms, Tag.LONGS, long[].class);
    enter(forms, Tag.FLOATS, float[].class);
    enter(forms, Tag.DOUBLES, double[].class);
    enter(forms, Tag.ARRAY_LIST, ArrayList.class);
    enter(forms, Tag.LINKED_LIST, LinkedList.class);
    enter(forms, Tag.ARRAY_DEQUE, ArrayDeque.class);
    enter(forms, Tag.HASH_SET, HashSet.class);
    enter(forms, Tag.LINKED_HASH_SET, LinkedHashSet.class);
    enter(forms, Tag.TREE_SET, TreeSet.class);
    enter(forms, Tag.HASH_MAP, HashMap.class);
    enter(forms, Tag.LINKED_HASH_MAP, LinkedHashMap.class);
    enter(forms, Tag.TREE_MAP, TreeMap.class);
    enter(forms, Tag.LIST_OF, List.of().getClass());
    enter(forms, Tag.LIST_OF, List.of(1).getClass());
    enter(forms, Tag.SET_OF, Set.of().getClass());
    enter(forms, Tag.SET_OF, Set.of(1).getClass());
    enter(forms, Tag.MAP_OF, Map.of().getClass());
    enter(forms, Tag.MAP_OF, Map.of(1, 1).getClass());
    enterCarried(forms, Tag.OPTIONAL, Optional.class);
    enterCarried(forms, Tag.OPTIONAL_INT, OptionalInt.class);
    enterCarried(forms, Tag.OPTIONAL_LONG, OptionalLong.class);
    enterCarried(forms, Tag.OPTIONAL_DOUBLE, OptionalDouble.class);
    enterCarried(forms, Tag.IMMUTABLE_ENTRY, Map.entry(1, 1).getClass());
    for (var singleton : SINGLETONS) {
      enter(forms, Tag.SINGLETON, singleton.getClass());
    }
  }

  private static void enter(Map<Class<?>, ClassForm> forms, int tag, Class<?> type) {
    forms.put(type, ClassForm.plain(tag, false));
  }

  private static void enterCarried(Map<Class<?>, ClassForm> forms, int tag, Class<?> type) {
    forms.put(type, ClassForm.plain(tag, true));
  }

  private ExactClasses() {}
}
