package io.procession.internal.codec;

import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** Classes whose objects hold nothing, so that a new one is as good as the old. */
final class Stateless {

  /** The first instance field of {@code type} or a superclass; null if there is none. */
  static @Nullable Field firstField(Class<?> type) {
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      for (var field : at.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          return field;
        }
      }
    }
    return null;
  }

  /** The constructor without parameters, made accessible; null if there is none that we may run. */
  static @Nullable Constructor<?> constructor(Class<?> type) {
    if (Modifier.isAbstract(type.getModifiers())) {
      return null;
    }
    try {
      var constructor = type.getDeclaredConstructor();
      return constructor.trySetAccessible() ? constructor : null;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  static Class<?> firstNotSerializable(Class<?> type) {
    Class<?> at = type;
    while (Serializable.class.isAssignableFrom(at)) {
      at = at.getSuperclass();
    }
    return at;
  }

  private Stateless() {}
}
