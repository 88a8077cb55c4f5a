package io.procession.internal.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** What of a class is ours to use: all that its module opens to this one. */
final class Access {

  static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  /**
   * A handle {@code (Object)Object} on a declared method: an instance method without parameters
   * ({@code parameters} empty), or a static one with one. Null if there is none, or its package is
   * closed to us.
   */
  static @Nullable MethodHandle method(Class<?> type, String name, Class<?>... parameters) {
    try {
      var method = type.getDeclaredMethod(name, parameters);
      if (!method.trySetAccessible()) {
        return null;
      }
      return LOOKUP.unreflect(method).asType(MethodType.methodType(Object.class, Object.class));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      return null;
    }
  }

  static boolean inheritsMethod(Class<?> type, String name) {
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      if (declaresMethod(at, name)) {
        return true;
      }
    }
    return false;
  }

  static boolean declaresMethod(Class<?> type, String name) {
    try {
      return type.getDeclaredMethod(name).getName().equals(name);
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  /** Whether a constructor of {@code ancestor} without parameters may be run for {@code type}. */
  static boolean hasConstructorFor(Class<?> ancestor, Class<?> type) {
    try {
      var modifiers = ancestor.getDeclaredConstructor().getModifiers();
      var isNear = ancestor.getPackage().equals(type.getPackage());
      var forSubclasses = Modifier.PUBLIC | Modifier.PROTECTED;
      return (modifiers & forSubclasses) != 0 || (isNear && !Modifier.isPrivate(modifiers));
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private Access() {}
}
