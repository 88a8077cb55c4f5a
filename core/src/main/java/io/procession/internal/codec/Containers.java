package io.procession.internal.codec;

import java.io.IOException;
import java.io.StreamCorruptedException;
import java.lang.reflect.Array;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Arrays of objects, collections and maps: how many elements, then the elements. */
final class Containers {

  static void write(int tag, Object value, int own, Encoder encoder) {
    var output = encoder.output();
    output.putByte(tag);
    switch (tag) {
      case Tag.OBJECTS -> {
        encoder.writeClass(value.getClass().getComponentType());
        writeElements((@Nullable Object[]) value, encoder);
      }
      case Tag.HASH_MAP, Tag.LINKED_HASH_MAP -> writeEntries((Map<?, ?>) value, encoder);
      case Tag.TREE_MAP -> {
        writeComparator(((SortedMap<?, ?>) value).comparator(), own, encoder);
        writeEntries((Map<?, ?>) value, encoder);
      }
      case Tag.TREE_SET -> {
        writeComparator(((SortedSet<?>) value).comparator(), own, encoder);
        writeElements((Collection<?>) value, encoder);
      }
      default -> writeElements((Collection<?>) value, encoder);
    }
  }

  /** The comparator comes first, and so cannot refer to what it sorts. */
  private static void writeComparator(
      @Nullable Comparator<?> comparator, int own, Encoder encoder) {
    encoder.begin(own);
    encoder.write(comparator);
    encoder.end(own);
  }

  private static void writeElements(@Nullable Object[] elements, Encoder encoder) {
    encoder.output().putVarInt(elements.length);
    for (var element : elements) {
      encoder.write(element);
    }
  }

  private static void writeElements(Collection<?> elements, Encoder encoder) {
    var size = elements.size();
    encoder.output().putVarInt(size);
    var count = 0;
    for (var element : elements) {
      encoder.write(element);
      count++;
    }
    checkCount(size, count);
  }

  private static void writeEntries(Map<?, ?> map, Encoder encoder) {
    var size = map.size();
    encoder.output().putVarInt(size);
    var count = 0;
    for (var entry : map.entrySet()) {
      encoder.write(entry.getKey());
      encoder.write(entry.getValue());
      count++;
    }
    checkCount(size, count);
  }

  private static void checkCount(int size, int count) {
    if (size != count) {
      throw new ConcurrentModificationException(
          "a collection changed while it was written: size=%d elements=%d".formatted(size, count));
    }
  }

  static void writeClosed(int tag, Object value, Encoder encoder) {
    var output = encoder.output();
    switch (tag) {
      case Tag.LIST_OF -> {
        var elements = ((List<?>) value).toArray();
        output.putByte(allowsNull((List<?>) value, elements) ? Tag.LIST_WITH_NULLS : Tag.LIST_OF);
        writeElements(elements, encoder);
      }
      case Tag.SET_OF -> {
        output.putByte(tag);
        writeElements((Set<?>) value, encoder);
      }
      case Tag.MAP_OF -> {
        output.putByte(tag);
        writeEntries((Map<?, ?>) value, encoder);
      }
      case Tag.ENTRY, Tag.IMMUTABLE_ENTRY -> {
        output.putByte(tag);
        encoder.write(((Map.Entry<?, ?>) value).getKey());
        encoder.write(((Map.Entry<?, ?>) value).getValue());
      }
      default -> throw new AssertionError("no container: tag=" + tag);
    }
  }

  /**
   * {@code Stream.toList} and {@code List.of} share a class, but only the former answers {@code
   * contains(null)}. {@code List.copyOf} gives the latter back as it is, and copies the former.
   */
  private static boolean allowsNull(List<?> list, @Nullable Object[] elements) {
    for (var element : elements) {
      if (element == null) {
        return true;
      }
    }
    return list.getClass() != SUB_LIST && List.copyOf(list) != list;
  }

  private static final Class<?> SUB_LIST = List.of(1, 2, 3).subList(0, 1).getClass();

  static Object read(int tag, int own, Decoder decoder) throws IOException, ClassNotFoundException {
    return switch (tag) {
      case Tag.OBJECTS -> readObjects(own, decoder);
      case Tag.ARRAY_LIST -> {
        var size = Sizes.read(decoder.input());
        yield fill(decoder.finish(own, new ArrayList<>(size)), size, decoder);
      }
      case Tag.LINKED_LIST -> {
        var size = Sizes.read(decoder.input());
        yield fill(decoder.finish(own, new LinkedList<>()), size, decoder);
      }
      case Tag.ARRAY_DEQUE -> {
        var size = Sizes.read(decoder.input());
        yield fill(decoder.finish(own, new ArrayDeque<>(size + 1)), size, decoder);
      }
      case Tag.HASH_SET -> {
        var size = Sizes.read(decoder.input());
        yield fill(decoder.finish(own, HashSet.newHashSet(size)), size, decoder);
      }
      case Tag.LINKED_HASH_SET -> {
        var size = Sizes.read(decoder.input());
        yield fill(decoder.finish(own, LinkedHashSet.newLinkedHashSet(size)), size, decoder);
      }
      case Tag.HASH_MAP -> {
        var size = Sizes.read(decoder.input());
        yield fill(decoder.finish(own, HashMap.newHashMap(size)), size, decoder);
      }
      case Tag.LINKED_HASH_MAP -> {
        var size = Sizes.read(decoder.input());
        yield fill(decoder.finish(own, LinkedHashMap.newLinkedHashMap(size)), size, decoder);
      }
      case Tag.TREE_SET -> {
        var set = decoder.finish(own, new TreeSet<>(readComparator(decoder)));
        yield fill(set, Sizes.read(decoder.input()), decoder);
      }
      case Tag.TREE_MAP -> {
        var map = decoder.finish(own, new TreeMap<>(readComparator(decoder)));
        yield fill(map, Sizes.read(decoder.input()), decoder);
      }
      default -> throw new StreamCorruptedException("no such container: tag=" + tag);
    };
  }

  private static Object readObjects(int own, Decoder decoder)
      throws IOException, ClassNotFoundException {
    var component = decoder.readClass();
    var size = Sizes.read(decoder.input());
    if (component.isPrimitive()) {
      throw new StreamCorruptedException("an array of objects has primitives: type=" + component);
    }
    var array = (@Nullable Object[]) Array.newInstance(component, size);
    decoder.finish(own, array);
    for (var i = 0; i < size; i++) {
      array[i] = decoder.read();
    }
    return array;
  }

  @SuppressWarnings("unchecked") // erased: it compared the same elements where it was sent
  private static @Nullable Comparator<Object> readComparator(Decoder decoder)
      throws IOException, ClassNotFoundException {
    return (Comparator<Object>) decoder.read();
  }

  @SuppressWarnings("NullAway") // it held the same elements where it was sent, nulls too
  private static Object fill(Collection<Object> target, int size, Decoder decoder)
      throws IOException, ClassNotFoundException {
    for (var i = 0; i < size; i++) {
      target.add(decoder.read());
    }
    return target;
  }

  @SuppressWarnings("NullAway") // it held the same elements where it was sent, nulls too
  private static Object fill(Map<Object, Object> target, int size, Decoder decoder)
      throws IOException, ClassNotFoundException {
    for (var i = 0; i < size; i++) {
      var key = decoder.read();
      target.put(key, decoder.read());
    }
    return target;
  }

  @SuppressWarnings("NullAway") // the JDK's own factories refuse the nulls that they must
  static Object readClosed(int tag, Decoder decoder) throws IOException, ClassNotFoundException {
    switch (tag) {
      case Tag.LIST_OF:
        return List.of(readElements(1, decoder));
      case Tag.LIST_WITH_NULLS:
        return Arrays.stream(readElements(1, decoder)).toList();
      case Tag.SET_OF:
        return Set.of(readElements(1, decoder));
      case Tag.MAP_OF:
        var elements = readElements(2, decoder);
        var entries = new Map.Entry<?, ?>[elements.length / 2];
        for (var i = 0; i < entries.length; i++) {
          entries[i] = Map.entry(elements[2 * i], elements[2 * i + 1]);
        }
        return Map.ofEntries(entries);
      case Tag.ENTRY:
        return new AbstractMap.SimpleEntry<>(decoder.read(), decoder.read());
      case Tag.IMMUTABLE_ENTRY:
        return Map.entry(decoder.read(), decoder.read());
      default:
        throw new StreamCorruptedException("no value starts like this: tag=" + tag);
    }
  }

  private static @Nullable Object[] readElements(int factor, Decoder decoder)
      throws IOException, ClassNotFoundException {
    var size = Sizes.read(decoder.input());
    var elements = new @Nullable Object[factor * size];
    for (var i = 0; i < elements.length; i++) {
      elements[i] = decoder.read();
    }
    return elements;
  }

  /**
   * Whether a LinkedHashMap is ordered by access, which only an access can tell: of a copy. Such a
   * map is left to the JDK, which keeps its order.
   */
  static boolean isAccessOrdered(Object value) {
    if (value.getClass() != LinkedHashMap.class) {
      return false;
    }
    @SuppressWarnings("unchecked") // a copy that nobody else sees
    var copy = (LinkedHashMap<Object, Object>) ((LinkedHashMap<?, ?>) value).clone();
    var last = new Object();
    if (copy.isEmpty()) {
      copy.put(new Object(), last);
    }
    copy.put(last, last);
    var first = copy.firstEntry().getKey();
    copy.get(first);
    return copy.lastEntry().getKey() == first;
  }

  private Containers() {}
}
