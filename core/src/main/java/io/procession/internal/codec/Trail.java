package io.procession.internal.codec;

import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The shortest way from a value to something that it reaches, such as {@code Foo.bar[3].socket},
 * found by walking through all that can be looked into. Only failures pay for it.
 */
final class Trail {

  private static final int MAX_OBJECTS = 1_000_000;

  private final Object target;
  private final IdentityTable seen = new IdentityTable();
  private final ArrayDeque<Step> open = new ArrayDeque<>();
  private @Nullable Step found;

  /** An object and how it was reached. */
  record Step(@Nullable Step parent, String label, Object object) {

    String path() {
      var labels = new ArrayDeque<String>();
      for (Step at = this; at != null; at = at.parent()) {
        labels.addFirst(at.label());
      }
      return String.join("", labels);
    }
  }

  private Trail(Object target) {
    this.target = target;
  }

  static @Nullable Step find(Object root, Object target) {
    var trail = new Trail(target);
    trail.reach(null, nameOf(root), root);
    var count = 0;
    while (trail.found == null && count++ < MAX_OBJECTS) {
      var step = trail.open.poll();
      if (step == null) {
        break;
      }
      trail.enterIfPossible(step);
    }
    return trail.found;
  }

  /** Whether {@code holder} refers to {@code value} itself, or to a lambda that it replaces. */
  static boolean isHolderOf(Object holder, Object value) {
    var trail = new Trail(value);
    trail.enterIfPossible(new Step(null, "", holder));
    return trail.found != null;
  }

  private void enterIfPossible(Step step) {
    try {
      enter(step, step.object());
    } catch (RuntimeException e) {
      // a collection that cannot be iterated is no way to the target; others may be
    }
  }

  private boolean isTarget(Object object) {
    if (target instanceof SerializedLambda wanted && object.getClass().isHidden()) {
      var form = ClassForm.of(object.getClass());
      return form.tag == Tag.FUNCTION && isSame(FunctionForm.replace(object, form), wanted);
    }
    return IdentityTable.isSame(object, target);
  }

  private static boolean isSame(SerializedLambda one, SerializedLambda other) {
    var isSame =
        one.getImplMethodName().equals(other.getImplMethodName())
            && one.getCapturingClass().equals(other.getCapturingClass())
            && one.getCapturedArgCount() == other.getCapturedArgCount();
    for (var i = 0; isSame && i < one.getCapturedArgCount(); i++) {
      isSame = IdentityTable.isSame(one.getCapturedArg(i), other.getCapturedArg(i));
    }
    return isSame;
  }

  static String nameOf(Object value) {
    var type = value.getClass();
    return type.isHidden() ? "lambda" : simpleName(type);
  }

  static String simpleName(Class<?> type) {
    var name = type.getTypeName();
    return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
  }

  private void reach(@Nullable Step parent, String label, @Nullable Object object) {
    if (object == null || found != null) {
      return;
    }
    if (isTarget(object)) {
      found = new Step(parent, label, object);
    } else if (seen.get(object) == IdentityTable.ABSENT) {
      seen.put(object, 0);
      open.add(new Step(parent, label, object));
    }
  }

  private void enter(Step step, Object object) {
    if (object.getClass().isArray()) {
      enterArray(step, object);
    } else if (object instanceof Optional<?> optional) {
      reach(step, ".value", optional.orElse(null));
    } else if (object instanceof AtomicReference<?> reference) {
      reach(step, ".value", reference.get());
    } else if (object instanceof Map.Entry<?, ?> entry) {
      reach(step, ".key", entry.getKey());
      reach(step, ".value", entry.getValue());
    } else {
      enterContainer(step, object);
      var form = ClassForm.of(object.getClass());
      if (form.tag == Tag.FUNCTION) {
        enterFunction(step, FunctionForm.replace(object, form), form.function);
      } else if (object.getClass().getClassLoader() != null) {
        enterFields(step, object);
      } else if (object instanceof Throwable throwable) {
        reach(step, ".cause", throwable.getCause());
        reach(step, ".suppressed", throwable.getSuppressed());
      }
    }
  }

  private void enterArray(Step step, Object object) {
    if (!object.getClass().getComponentType().isPrimitive()) {
      var array = (@Nullable Object[]) object;
      for (var i = 0; i < array.length; i++) {
        reach(step, "[" + i + "]", array[i]);
      }
    }
  }

  private void enterContainer(Step step, Object object) {
    if (object instanceof Map<?, ?> map) {
      for (var entry : map.entrySet()) {
        reach(step, "[" + textOf(entry.getKey()) + "]", entry.getValue());
        reach(step, ".key(" + textOf(entry.getKey()) + ")", entry.getKey());
      }
    } else if (object instanceof Collection<?> collection) {
      var i = 0;
      for (var element : collection) {
        reach(step, "[" + i++ + "]", element);
      }
    }
  }

  private static String textOf(@Nullable Object key) {
    return key instanceof String || key instanceof Number || key instanceof Enum<?>
        ? key.toString()
        : key == null ? "null" : simpleName(key.getClass());
  }

  private void enterFunction(Step step, SerializedLambda function, @Nullable FunctionForm form) {
    for (var i = 0; i < function.getCapturedArgCount(); i++) {
      var argument = function.getCapturedArg(i);
      var label = i == 0 && isThis(function) ? ".this" : ".captured[" + i + "]";
      reach(step, label, argument);
    }
    if (form != null) {
      for (var variable : form.shellVariables()) {
        reach(step, "." + variable.getName(), valueOf(variable, null));
      }
    }
  }

  /** Whether the first captured value is the {@code this} of the code around a lambda. */
  static boolean isThis(SerializedLambda function) {
    var isLambda = function.getImplMethodName().startsWith("lambda$");
    var type = function.getCapturedArgCount() == 0 ? null : function.getCapturedArg(0);
    return isLambda
        && type != null
        && function.getImplMethodKind() != java.lang.invoke.MethodHandleInfo.REF_invokeStatic
        && function.getImplClass().equals(function.getCapturingClass());
  }

  private void enterFields(Step step, Object object) {
    for (Class<?> type = object.getClass();
        type != null && type.getClassLoader() != null;
        type = type.getSuperclass()) {
      for (var field : type.getDeclaredFields()) {
        var skipped = Modifier.STATIC | Modifier.TRANSIENT;
        if ((field.getModifiers() & skipped) == 0
            && !field.getType().isPrimitive()
            && field.trySetAccessible()) {
          reach(step, "." + field.getName(), valueOf(field, object));
        }
      }
    }
  }

  private static @Nullable Object valueOf(Field field, @Nullable Object owner) {
    try {
      return field.get(owner);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("the field was made accessible: " + field, e);
    }
  }
}
