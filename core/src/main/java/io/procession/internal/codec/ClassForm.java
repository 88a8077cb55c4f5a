package io.procession.internal.codec;

import io.procession.spi.Transferable;
import java.io.Externalizable;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How the objects of one class travel. */
final class ClassForm {

  /** Classes of the JDK are never unloaded; their forms must not hang on them, or we never are. */
  private static final ConcurrentHashMap<Class<?>, ClassForm> OF_JDK = new ConcurrentHashMap<>();

  private static final ClassValue<ClassForm> OF_OTHERS =
      new ClassValue<>() {
        @Override
        protected ClassForm computeValue(Class<?> type) {
          return compute(type);
        }
      };

  /** Exact classes: a subclass of one of them goes another way. */
  private static final HashMap<Class<?>, ClassForm> EXACT = new HashMap<>(128);

  static {
    ExactClasses.enter(EXACT);
  }

  /** One of {@link Tag}. */
  final int tag;

  /** JDK serialization refuses it, so that its stream carries it in a {@link Carrier}. */
  final boolean carried;

  final @Nullable RecordForm record;
  final @Nullable Constructor<?> constructor;

  /** Gives the {@link java.lang.invoke.SerializedLambda} of a lambda. */
  final @Nullable MethodHandle writeReplace;

  /** The shape of a lambda's class, known once the first of its instances was written. */
  volatile @Nullable FunctionForm function;

  private ClassForm(
      int tag,
      boolean carried,
      @Nullable RecordForm record,
      @Nullable Constructor<?> constructor,
      @Nullable MethodHandle writeReplace) {
    this.tag = tag;
    this.carried = carried;
    this.record = record;
    this.constructor = constructor;
    this.writeReplace = writeReplace;
  }

  static ClassForm plain(int tag, boolean carried) {
    return new ClassForm(tag, carried, null, null, null);
  }

  static ClassForm of(Class<?> type) {
    if (type.getClassLoader() != null) {
      return OF_OTHERS.get(type);
    }
    var form = EXACT.get(type);
    if (form == null) {
      form = OF_JDK.get(type);
      if (form == null) {
        form = compute(type);
        OF_JDK.put(type, form);
      }
    }
    return form;
  }

  private static ClassForm compute(Class<?> type) {
    if (Transferable.class.isAssignableFrom(type)) {
      return plain(Tag.TRANSFERABLE, true);
    }
    var serializable = Serializable.class.isAssignableFrom(type);
    if (type == Known.class) {
      return plain(Tag.KNOWN_THROWABLE, true);
    }
    if (type.isArray()) {
      return plain(Tag.OBJECTS, false);
    }
    if (Enum.class.isAssignableFrom(type)) {
      return plain(Tag.ENUM, false);
    }
    if (type.isRecord() && !replacesItself(type)) {
      return ofRecord(type, serializable);
    }
    if (type.isHidden()) {
      return ofHidden(type, serializable);
    }
    if (Path.class.isAssignableFrom(type) && type.getClassLoader() == null) {
      return plain(Tag.PATH, true);
    }
    if (serializable) {
      return plain(isReadable(type) ? Tag.JDK : Tag.REFUSED, false);
    }
    if (type.getClassLoader() == null && !Modifier.isPublic(type.getModifiers())) {
      var tag = tagOfView(type);
      if (tag != Tag.REFUSED) {
        return plain(tag, true);
      }
    }
    return ofStateless(type);
  }

  private static ClassForm ofRecord(Class<?> type, boolean serializable) {
    var form = RecordForm.of(type);
    if (form.isAccessible()) {
      return new ClassForm(Tag.RECORD, !serializable, form, null, null);
    }
    return plain(serializable ? Tag.JDK : Tag.REFUSED, false);
  }

  private static ClassForm ofHidden(Class<?> type, boolean serializable) {
    if (!serializable) {
      return plain(Tag.REFUSED, false);
    }
    var replace = Access.method(type, "writeReplace");
    if (replace != null) {
      return new ClassForm(Tag.FUNCTION, false, null, null, replace);
    }
    // a lambda of a closed package: the JDK stream may ask it; anything else has no name to go by
    return plain(type.isSynthetic() && !type.isRecord() ? Tag.JDK : Tag.REFUSED, false);
  }

  private static ClassForm ofStateless(Class<?> type) {
    if (Stateless.firstField(type) == null) {
      var constructor = Stateless.constructor(type);
      if (constructor != null) {
        return new ClassForm(Tag.FRESH, true, null, constructor, null);
      }
    }
    return plain(Tag.REFUSED, false);
  }

  /** Views and entries of the JDK's collections travel as copies. */
  private static int tagOfView(Class<?> type) {
    if (Map.Entry.class.isAssignableFrom(type)) {
      return Tag.ENTRY;
    }
    if (List.class.isAssignableFrom(type)) {
      return type.getName().startsWith("java.util.ImmutableCollections")
          ? Tag.LIST_OF
          : Tag.ARRAY_LIST;
    }
    if (SortedSet.class.isAssignableFrom(type)) {
      return Tag.TREE_SET;
    }
    if (Set.class.isAssignableFrom(type)) {
      return Tag.LINKED_HASH_SET;
    }
    if (SortedMap.class.isAssignableFrom(type)) {
      return Tag.TREE_MAP;
    }
    if (Map.class.isAssignableFrom(type)) {
      return Tag.LINKED_HASH_MAP;
    }
    if (Deque.class.isAssignableFrom(type)) {
      return Tag.ARRAY_DEQUE;
    }
    var isPlain = Collection.class.isAssignableFrom(type) && !Queue.class.isAssignableFrom(type);
    return isPlain ? Tag.ARRAY_LIST : Tag.REFUSED;
  }

  /** Such a record is left to the JDK, which does as it says. */
  private static boolean replacesItself(Class<?> type) {
    return Serializable.class.isAssignableFrom(type)
        && (Externalizable.class.isAssignableFrom(type)
            || Access.declaresMethod(type, "writeReplace"));
  }

  /**
   * Whether the reader will find the constructor that it runs: of the first superclass that is not
   * Serializable. The JDK looks for it only when it reads.
   */
  private static boolean isReadable(Class<?> type) {
    if (Externalizable.class.isAssignableFrom(type)
        || type.isRecord()
        || type.getClassLoader() == null
        || Access.inheritsMethod(type, "writeReplace")) {
      return true;
    }
    var ancestor = Stateless.firstNotSerializable(type);
    return Access.hasConstructorFor(ancestor, type);
  }
}
