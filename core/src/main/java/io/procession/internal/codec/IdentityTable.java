package io.procession.internal.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers objects by identity. Up to eight are searched one by one, which spares a small message
 * the identity hash codes; more are hashed, with linear probing.
 */
final class IdentityTable {

  static final int ABSENT = -1;

  private static final int SEARCHED = 8;

  private @Nullable Object[] keys = new @Nullable Object[SEARCHED];
  private int[] values = new int[SEARCHED];
  private int size;

  /** The number of {@code key}, or {@link #ABSENT}. */
  int get(Object key) {
    if (keys.length == SEARCHED) {
      for (var i = 0; i < size; i++) {
        if (keys[i] == key) {
          return values[i];
        }
      }
      return ABSENT;
    }
    var slot = slotOf(key, keys);
    return keys[slot] == null ? ABSENT : values[slot];
  }

  void put(Object key, int value) {
    if (keys.length == SEARCHED) {
      for (var i = 0; i < size; i++) {
        if (keys[i] == key) {
          values[i] = value;
          return;
        }
      }
      if (size < SEARCHED) {
        keys[size] = key;
        values[size++] = value;
        return;
      }
    }
    if (size * 2 >= keys.length) {
      enlarge();
    }
    var slot = slotOf(key, keys);
    if (keys[slot] == null) {
      keys[slot] = key;
      size++;
    }
    values[slot] = value;
  }

  private void enlarge() {
    var oldKeys = keys;
    var oldValues = values;
    keys = new @Nullable Object[oldKeys.length * 4];
    values = new int[keys.length];
    for (var i = 0; i < oldKeys.length; i++) {
      var key = oldKeys[i];
      if (key != null) {
        var slot = slotOf(key, keys);
        keys[slot] = key;
        values[slot] = oldValues[i];
      }
    }
    Arrays.fill(oldKeys, null);
  }

  private static int slotOf(Object key, @Nullable Object[] keys) {
    var mask = keys.length - 1;
    var hash = System.identityHashCode(key) * 0x9E3779B9;
    var slot = (hash ^ hash >>> 16) & mask;
    while (keys[slot] != null && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
