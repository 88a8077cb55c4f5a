package io.procession.internal.codec;

import java.lang.ref.WeakReference;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/** The classes that one loader gave, by name. Holds neither the loader nor the classes. */
final class ClassNames {

  // the values must not hold their keys: see the fields
  private static final WeakHashMap<ClassLoader, ClassNames> OF_LOADER = new WeakHashMap<>();

  private final WeakReference<ClassLoader> loader;
  private final ConcurrentHashMap<String, WeakReference<Class<?>>> found =
      new ConcurrentHashMap<>();

  private ClassNames(ClassLoader loader) {
    this.loader = new WeakReference<>(loader);
  }

  static ClassNames of(ClassLoader loader) {
    synchronized (OF_LOADER) {
      var names = OF_LOADER.get(loader);
      if (names == null) {
        names = new ClassNames(loader);
        OF_LOADER.put(loader, names);
      }
      return names;
    }
  }

  /** The loader whose classes these are; whoever asks holds it. */
  private ClassLoader loader() {
    var held = loader.get();
    if (held == null) {
      throw new IllegalStateException("the class loader of the input was collected");
    }
    return held;
  }

  Class<?> find(String name) throws ClassNotFoundException {
    var reference = found.get(name);
    var type = reference == null ? null : reference.get();
    if (type == null) {
      type = load(name);
      found.put(name, new WeakReference<>(type));
    }
    return type;
  }

  private Class<?> load(String name) throws ClassNotFoundException {
    var primitive = name.indexOf('.') < 0 ? Class.forPrimitiveName(name) : null;
    if (primitive != null) {
      return primitive;
    }
    var ours = name.equals(Carrier.class.getName()) ? Carrier.class : null;
    return ours != null ? ours : Class.forName(name, false, loader());
  }
}
