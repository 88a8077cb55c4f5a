package io.procession.internal.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Defines copies of some classes, from memory, which no other loader knows. */
final class OtherLoader extends ClassLoader {

  private final List<String> own;
  private final ClassLoader source;

  OtherLoader(ClassLoader source, String... own) {
    super(source);
    this.source = source;
    this.own = Arrays.asList(own);
  }

  Class<?> define(Class<?> type) throws ClassNotFoundException {
    return loadClass(type.getName());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      @Nullable Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      if (own.stream().noneMatch(prefix -> name.startsWith(prefix))) {
        return super.loadClass(name, resolve);
      }
      try (var in = source.getResourceAsStream(name.replace('.', '/') + ".class")) {
        var bytes = Objects.requireNonNull(in, name).readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
