package io.procession.internal.codec;

import io.procession.NotTransferableException;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Says what cannot travel, where it is, and what to do. */
final class Refusal {

  static NotTransferableException of(@Nullable Object root, Object culprit) {
    var step = root == null ? null : Trail.find(root, culprit);
    return new NotTransferableException(reason(culprit, step), path(root, culprit, step));
  }

  static NotTransferableException ofCycle(@Nullable Object root, Object value) {
    var step = root == null ? null : Trail.find(root, value);
    return new NotTransferableException(
        "a %s that contains itself cannot travel to another process, because it is made only after its parts; break the cycle."
            .formatted(kind(value)),
        path(root, value, step));
  }

  static NotTransferableException ofMethodReference(
      @Nullable Object root, Object value, Class<?> host, String refusal) {
    var step = root == null ? null : Trail.find(root, value);
    return new NotTransferableException(
        "a method reference of %s cannot travel to another process: %s; write a lambda instead."
            .formatted(host.getName(), refusal),
        path(root, value, step));
  }

  /** Its own code failed while it was written. */
  static NotTransferableException ofFailure(
      @Nullable Object root, Object value, Exception exception) {
    var step = root == null ? null : Trail.find(root, value);
    return new NotTransferableException(
        "a %s cannot travel to another process: writing it failed with %s."
            .formatted(value.getClass().getTypeName(), exception),
        path(root, value, step),
        exception);
  }

  private static String path(@Nullable Object root, Object culprit, Trail.@Nullable Step step) {
    var start = root == null ? "" : Trail.nameOf(root) + ".…";
    return (step == null ? start : step.path()) + ": " + typeName(culprit);
  }

  private static String typeName(Object culprit) {
    var type = culprit.getClass();
    return type.isHidden() ? kind(culprit) : type.getTypeName();
  }

  private static String kind(Object value) {
    var type = value.getClass();
    if (type.isRecord()) {
      return "record " + type.getTypeName();
    }
    if (type.isHidden()) {
      var types = type.getInterfaces();
      return types.length == 0 ? "lambda" : "lambda of type " + Trail.simpleName(types[0]);
    }
    return value instanceof SerializedLambda ? "lambda" : type.getTypeName();
  }

  private static String reason(Object culprit, Trail.@Nullable Step step) {
    var type = culprit.getClass();
    if (culprit instanceof Class<?> itself) {
      return "the class of a lambda cannot travel to another process: it has no name there. class="
          + itself.getName();
    }
    if (type.isHidden()) {
      return reasonOfHidden(culprit, type);
    }
    var start = "a %s cannot travel to another process: ".formatted(type.getTypeName());
    if (culprit instanceof Path path) {
      return start
          + "its file system is not the default one; send its contents, or its URI. fileSystem="
          + path.getFileSystem().provider().getScheme();
    }
    if (culprit instanceof Serializable) {
      var ancestor = Stateless.firstNotSerializable(type);
      return start
          + "it is Serializable, but its superclass %s is not, and lacks a constructor without parameters that it could call; give it one, or let it be Serializable, too."
              .formatted(ancestor.getTypeName());
    }
    var field = Stateless.firstField(type);
    if (type.getClassLoader() == null) {
      return start + "it belongs to this process; make it where it is used.";
    }
    var module = type.getModule();
    var isClosed = !module.isOpen(type.getPackageName(), Refusal.class.getModule());
    if (isClosed && (type.isRecord() || field == null)) {
      return start
          + "its package is closed to this library; open it in the module's descriptor. package=%s module=%s"
              .formatted(type.getPackageName(), module.getName());
    }
    if (field == null) {
      return start
          + "it is not Serializable, and has no constructor without parameters by which to make a"
          + " new one; let it implement Serializable.";
    }
    var remedy = remedyForThis(culprit, step);
    return start
        + "it is not Serializable, and has the field '%s'; %slet it implement Serializable, or make it a record."
            .formatted(field.getName(), remedy);
  }

  private static String reasonOfHidden(Object culprit, Class<?> type) {
    if (culprit instanceof Serializable || type.getInterfaces().length == 0) {
      return "an object of a hidden class cannot travel to another process. class="
          + type.getName();
    }
    var wanted = Trail.simpleName(type.getInterfaces()[0]);
    var remote =
        switch (wanted) {
          case "Runnable" -> "RemoteRunnable";
          case "Callable" -> "RemoteCallable";
          case "Function" -> "RemoteFunction";
          case "BiFunction" -> "RemoteBiFunction";
          case "Consumer" -> "RemoteConsumer";
          case "BiConsumer" -> "RemoteBiConsumer";
          default -> "one of the interfaces of io.procession.function";
        };
    return "a %s cannot travel to another process, because %s is not Serializable; declare it as %s, or cast the lambda: (%s & Serializable)."
        .formatted(kind(culprit), wanted, remote, wanted);
  }

  /** What a lambda wants of the {@code this} that it took along. */
  private static String remedyForThis(Object culprit, Trail.@Nullable Step step) {
    var parent = step == null ? null : step.parent();
    if (parent == null || ClassForm.of(parent.object().getClass()).tag != Tag.FUNCTION) {
      return "";
    }
    var form = ClassForm.of(parent.object().getClass());
    var function = FunctionForm.replace(parent.object(), form);
    if (!Trail.isThis(function)) {
      return IdentityTable.isSame(function.getCapturedArg(0), culprit)
              && !function.getImplMethodName().startsWith("lambda$")
          ? "make '%s' static, or ".formatted(function.getImplMethodName())
          : "";
    }
    var used =
        MethodBodies.usedOfThis(
            culprit.getClass().getClassLoader(),
            function.getImplClass(),
            function.getImplMethodName());
    return used.isEmpty()
        ? "make what the lambda uses of it static, or "
        : "make static what the lambda uses of it ('%s'), or ".formatted(String.join("', '", used));
  }

  private Refusal() {}
}
