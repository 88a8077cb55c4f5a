package io.procession.internal.codec;

import io.procession.NotTransferableException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all the instances of one lambda or method reference share, examined once. */
final class FunctionForm {

  private final FunctionHost host;
  private final byte[] bytes;
  private final boolean ofShell;
  private final List<Field> shellVariables;

  /** Why no instance can travel, or null. */
  private final @Nullable String refusal;

  private FunctionForm(
      FunctionHost host,
      byte[] bytes,
      boolean ofShell,
      List<Field> shellVariables,
      @Nullable String refusal) {
    this.host = host;
    this.bytes = bytes;
    this.ofShell = ofShell;
    this.shellVariables = shellVariables;
    this.refusal = refusal;
  }

  /** What the compiler lets a serializable lambda be replaced by. */
  static SerializedLambda replace(Object lambda, ClassForm form) {
    try {
      return replace(lambda, form.writeReplace);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("the replacement of a lambda throws nothing: " + lambda, e);
    }
  }

  private static SerializedLambda replace(Object lambda, @Nullable MethodHandle writeReplace)
      throws Throwable {
    if (writeReplace != null
        && (Object) writeReplace.invokeExact(lambda) instanceof SerializedLambda function) {
      return function;
    }
    throw new NotTransferableException(
        "a hidden class that is no lambda cannot travel to another process.",
        lambda.getClass().getName());
  }

  static FunctionForm of(Object lambda, SerializedLambda function, ClassForm form) {
    var known = form.function;
    if (known == null) {
      known = FunctionHost.of(hostOf(lambda, function)).form(function);
      form.function = known;
    }
    return known;
  }

  private static Class<?> hostOf(Object lambda, SerializedLambda function) {
    var name = function.getCapturingClass().replace('/', '.');
    try {
      return Class.forName(name, false, lambda.getClass().getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new NotTransferableException(
          "a lambda cannot travel whose class cannot be found by its name. class=" + name,
          "lambda",
          e);
    }
  }

  static FunctionForm examine(
      FunctionHost host, SerializedLambda function, byte[] bytes, boolean ofShell) {
    var variables = ofShell ? ShellVariables.of(host.type(), function) : List.<Field>of();
    var isLambda = function.getImplMethodName().startsWith("lambda$");
    var refusal = isLambda ? null : refusalOfMethodReference(host, function);
    return new FunctionForm(host, bytes, ofShell, variables, refusal);
  }

  /**
   * The compiler makes one case of two method references in a class that differ only in the types
   * of their arguments (JDK-8208752): the reader would get the wrong one. So it is tried out here.
   */
  private static @Nullable String refusalOfMethodReference(
      FunctionHost host, SerializedLambda function) {
    SerializedLambda again;
    try {
      var copy = host.make(function);
      again = replace(copy, Access.method(copy.getClass(), "writeReplace"));
    } catch (StackOverflowError | OutOfMemoryError e) {
      throw e;
    } catch (Throwable e) {
      return "its class cannot make it again (%s)".formatted(e);
    }
    var isSame =
        again.getInstantiatedMethodType().equals(function.getInstantiatedMethodType())
            && again.getFunctionalInterfaceClass().equals(function.getFunctionalInterfaceClass())
            && again.getImplClass().equals(function.getImplClass())
            && again.getImplMethodName().equals(function.getImplMethodName())
            && again.getImplMethodSignature().equals(function.getImplMethodSignature());
    return isSame
        ? null
        : "the compiler mixes it up with another of its class that has other types (JDK-8208752)";
  }

  void checkTransferable(@Nullable Object root, Object identity) {
    if (refusal != null) {
      throw Refusal.ofMethodReference(root, identity, host.type(), refusal);
    }
  }

  Class<?> host() {
    return host.type();
  }

  boolean isOfShell() {
    return ofShell;
  }

  List<Field> shellVariables() {
    return shellVariables;
  }

  /** Writes the number of the shape, or 0 and its bytes. */
  void write(Encoder encoder) {
    if (encoder.writeShape(this)) {
      encoder.output().putVarInt(bytes.length);
      encoder.output().putBytes(bytes, 0, bytes.length);
    }
  }
}
