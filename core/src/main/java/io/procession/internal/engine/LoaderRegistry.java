package io.procession.internal.engine;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives each of this JVM's class loaders a small number, by which children ask for classes. A
 * number is never used twice; the loader is held weakly.
 */
public final class LoaderRegistry {

  /** Stands for the application loader and all above it. */
  public static final int APPLICATION = 0;

  private static final LoaderRegistry SHARED = new LoaderRegistry();

  private final Map<ClassLoader, Integer> ids = new WeakHashMap<>();
  private final Map<Integer, WeakReference<ClassLoader>> loaders = new HashMap<>();
  private int lastId = APPLICATION;

  LoaderRegistry() {}

  /** This process's registry: numbers hold for all of its children. */
  public static LoaderRegistry shared() {
    return SHARED;
  }

  /** The loader's number, a new one if it has none yet. */
  public synchronized int idOf(@Nullable ClassLoader loader) {
    if (isApplicationOrAbove(loader)) {
      return APPLICATION;
    }
    var known = ids.get(loader);
    if (known != null) {
      return known;
    }
    loaders.values().removeIf(reference -> reference.get() == null);
    int id = ++lastId;
    ids.put(loader, id);
    loaders.put(id, new WeakReference<>(loader));
    return id;
  }

  /** The loader of this number, or null if there is none or it was collected. */
  public synchronized @Nullable ClassLoader loader(int id) {
    if (id == APPLICATION) {
      return ClassLoader.getSystemClassLoader();
    }
    var reference = loaders.get(id);
    return reference == null ? null : reference.get();
  }

  static boolean isOfPlatform(@Nullable ClassLoader loader) {
    return loader == null || ClassLoader.getPlatformClassLoader().equals(loader);
  }

  static boolean isApplicationOrAbove(@Nullable ClassLoader loader) {
    return isOfPlatform(loader) || ClassLoader.getSystemClassLoader().equals(loader);
  }
}
