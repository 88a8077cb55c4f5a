package io.procession.internal.codec;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.SerializedLambda;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A class in whose code lambdas and method references stand: the compiler gave it a method that
 * makes them again. Its known functions are kept by their {@link FunctionSource} bytes.
 */
final class FunctionHost {

  private static final ClassValue<FunctionHost> HOSTS =
      new ClassValue<>() {
        @Override
        protected FunctionHost computeValue(Class<?> type) {
          return new FunctionHost(
              type, Access.method(type, "$deserializeLambda$", SerializedLambda.class));
        }
      };

  private final Class<?> type;
  private final @Nullable MethodHandle deserialize;
  private final ConcurrentHashMap<Key, FunctionForm> forms = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Key, FunctionSource> sources = new ConcurrentHashMap<>();

  private FunctionHost(Class<?> type, @Nullable MethodHandle deserialize) {
    this.type = type;
    this.deserialize = deserialize;
  }

  static FunctionHost of(Class<?> type) {
    return type.getClassLoader() == null ? new FunctionHost(type, null) : HOSTS.get(type);
  }

  Class<?> type() {
    return type;
  }

  /** Whether we may call the compiler's method; if not, only the JDK can read the functions. */
  boolean isAccessible() {
    return deserialize != null;
  }

  FunctionForm form(SerializedLambda function) {
    var isOfShell = ShellVariables.isWrapper(type.getName());
    var bytes = FunctionSource.bytes(function, isOfShell);
    var key = new Key(bytes);
    var form = forms.get(key);
    if (form == null) {
      form = FunctionForm.examine(this, function, bytes, isOfShell);
      forms.put(key, form);
    }
    return form;
  }

  FunctionSource source(byte[] bytes) throws IOException {
    var key = new Key(bytes);
    var source = sources.get(key);
    if (source == null) {
      source = FunctionSource.parse(bytes);
      sources.put(key, source);
    }
    return source;
  }

  Object make(FunctionSource source, @Nullable Object[] arguments) throws IOException {
    try {
      return make(source.serialized(type, arguments));
    } catch (StackOverflowError | OutOfMemoryError e) {
      throw e;
    } catch (ExceptionInInitializerError e) {
      throw Unreadable.because(
          new InvalidObjectException(
              "a static initialiser of a function's class failed in this process: %s. class=%s"
                  .formatted(e.getCause(), type.getName())),
          e);
    } catch (Throwable e) {
      throw Unreadable.because(
          new InvalidObjectException(
              "the class of a lambda cannot make it here; is it the same class? class=%s method=%s"
                  .formatted(type.getName(), source.method())),
          e);
    }
  }

  /** Makes the function as a reader will. Throws whatever the compiler's method throws. */
  Object make(SerializedLambda function) throws Throwable {
    if (deserialize == null) {
      throw new IllegalArgumentException("the class makes no lambdas, or its package is closed");
    }
    return (Object) deserialize.invokeExact((Object) function);
  }

  /** Bytes as a key. */
  private static final class Key {

    private final byte[] bytes;
    private final int hash;

    Key(byte[] bytes) {
      this.bytes = bytes;
      this.hash = Arrays.hashCode(bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
