package io.procession.internal.codec;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/**
 * The components of a record class. Its fields are read as they are, past any accessor that the
 * class declares; it is made by its canonical constructor, so that what that checks holds.
 */
final class RecordForm {

  private static final ClassValue<RecordForm> FORMS =
      new ClassValue<>() {
        @Override
        protected RecordForm computeValue(Class<?> type) {
          return new RecordForm(type);
        }
      };

  private static final MethodType MAKE = MethodType.methodType(Object.class, Object[].class);

  private final Class<?> type;
  private final Class<?>[] types;
  private final Field[] fields;
  private final int fingerprint;
  private final @Nullable Constructor<?> constructor;

  // made when first used: a process mostly goes one way only
  private volatile MethodHandle @Nullable [] getters;
  private volatile @Nullable MethodHandle maker;

  private RecordForm(Class<?> type) {
    this.type = type;
    var components = type.getRecordComponents();
    types = new Class<?>[components.length];
    fields = new Field[components.length];
    var hash = components.length;
    try {
      for (var i = 0; i < components.length; i++) {
        var component = components[i];
        types[i] = component.getType();
        fields[i] = type.getDeclaredField(component.getName());
        hash = (hash * 31 + component.getName().hashCode()) * 31 + nameHash(component);
      }
      fingerprint = hash;
      constructor = accessible(type, types, fields);
    } catch (NoSuchFieldException e) {
      throw new AssertionError("a record has a field for each component: " + type, e);
    }
  }

  private static int nameHash(RecordComponent component) {
    return component.getType().getName().hashCode();
  }

  private static @Nullable Constructor<?> accessible(
      Class<?> type, Class<?>[] types, Field[] fields) {
    try {
      var constructor = type.getDeclaredConstructor(types);
      if (!constructor.trySetAccessible()) {
        return null;
      }
      for (AccessibleObject field : fields) {
        if (!field.trySetAccessible()) {
          return null;
        }
      }
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new AssertionError("a record has a canonical constructor: " + type, e);
    }
  }

  static RecordForm of(Class<?> type) {
    return FORMS.get(type);
  }

  /** Whether the record's package is open to us. */
  boolean isAccessible() {
    return constructor != null;
  }

  /** A number that differs where names, types or order of the components do. */
  int fingerprint() {
    return fingerprint;
  }

  void write(Object value, Encoder encoder) {
    var handles = getters();
    var output = encoder.output();
    try {
      for (var i = 0; i < handles.length; i++) {
        var getter = handles[i];
        var component = types[i];
        if (!component.isPrimitive()) {
          encoder.write((Object) getter.invokeExact(value));
        } else if (component == int.class) {
          output.putInt((int) getter.invokeExact(value));
        } else if (component == long.class) {
          output.putLong((long) getter.invokeExact(value));
        } else if (component == double.class) {
          output.putLong(Double.doubleToRawLongBits((double) getter.invokeExact(value)));
        } else if (component == boolean.class) {
          output.putByte((boolean) getter.invokeExact(value) ? 1 : 0);
        } else if (component == byte.class) {
          output.putByte((byte) getter.invokeExact(value));
        } else if (component == short.class) {
          output.putShort((short) getter.invokeExact(value));
        } else if (component == char.class) {
          output.putShort((char) getter.invokeExact(value));
        } else {
          output.putInt(Float.floatToRawIntBits((float) getter.invokeExact(value)));
        }
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("the getter of a field throws nothing of its own: " + type, e);
    }
  }

  Object read(Decoder decoder) throws IOException, ClassNotFoundException {
    var make = maker();
    var input = decoder.input();
    var arguments = new @Nullable Object[types.length];
    for (var i = 0; i < arguments.length; i++) {
      var component = types[i];
      Object argument;
      if (!component.isPrimitive()) {
        arguments[i] = decoder.read();
        continue;
      } else if (component == int.class) {
        argument = input.getInt();
      } else if (component == long.class) {
        argument = input.getLong();
      } else if (component == double.class) {
        argument = Double.longBitsToDouble(input.getLong());
      } else if (component == boolean.class) {
        argument = input.getByte() != 0;
      } else if (component == byte.class) {
        argument = input.getByte();
      } else if (component == short.class) {
        argument = input.getShort();
      } else if (component == char.class) {
        argument = (char) input.getShort();
      } else {
        argument = Float.intBitsToFloat(input.getInt());
      }
      arguments[i] = argument;
    }
    try {
      return (Object) make.invokeExact(arguments);
    } catch (StackOverflowError | OutOfMemoryError e) {
      throw e;
    } catch (Throwable e) {
      throw Unreadable.because(
          new InvalidObjectException(
              "the record's constructor refuses what was sent: record=%s exception=%s"
                  .formatted(type.getName(), e)),
          e);
    }
  }

  private MethodHandle[] getters() {
    var handles = getters;
    if (handles == null) {
      handles = new MethodHandle[fields.length];
      try {
        for (var i = 0; i < handles.length; i++) {
          var result = types[i].isPrimitive() ? types[i] : Object.class;
          handles[i] =
              Access.LOOKUP
                  .unreflectGetter(fields[i])
                  .asType(MethodType.methodType(result, Object.class));
        }
      } catch (IllegalAccessException e) {
        throw new AssertionError("a field was made accessible: " + type, e);
      }
      getters = handles;
    }
    return handles;
  }

  private MethodHandle maker() throws IOException {
    var make = maker;
    if (make == null) {
      if (constructor == null) {
        throw new InvalidObjectException(
            "the package of a record is not open to this library: record=" + type.getName());
      }
      try {
        make =
            Access.LOOKUP
                .unreflectConstructor(constructor)
                .asFixedArity()
                .asSpreader(Object[].class, types.length)
                .asType(MAKE);
      } catch (IllegalAccessException e) {
        throw new AssertionError("a constructor was made accessible: " + type, e);
      }
      maker = make;
    }
    return make;
  }
}
