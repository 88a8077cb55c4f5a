package io.procession.internal.codec;

import io.procession.NotTransferableException;
import io.procession.spi.Output;
import io.procession.spi.Transferable;
import java.io.IOException;
import java.lang.invoke.SerializedLambda;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes one message: one value and all that it reaches.
 *
 * <p>Each value with identity has a number here, or is marked as known to the message's JDK stream,
 * which then refers to it by a number of its own. So neither lane writes anything twice.
 */
final class Encoder {

  /** Instead of a number: the JDK stream has the object. */
  private static final int IN_JDK_STREAM = -2;

  private final Output output;
  private final @Nullable Object root;
  private final Text text = new Text();
  private final IdentityTable numbers = new IdentityTable();

  /** Numbers of values that the reader makes only after their parts, which are being written. */
  private @Nullable BitSet unfinished;

  private @Nullable IdentityTable classes;
  private @Nullable JdkWriter jdk;
  private @Nullable ShellValues shell;
  private final @Nullable ThrowableMode throwables;
  private int nextNumber;
  private int nextClass;

  Encoder(Output output, @Nullable Object root, @Nullable ThrowableMode throwables) {
    this.output = output;
    this.root = root;
    this.throwables = throwables;
  }

  Output output() {
    return output;
  }

  Text text() {
    return text;
  }

  @Nullable ThrowableMode throwables() {
    return throwables;
  }

  void write(@Nullable Object value) {
    if (value == null) {
      output.putByte(Tag.NULL);
    } else if (value instanceof String string) {
      writeString(string);
    } else if (value instanceof Integer number) {
      output.putByte(Tag.INTEGER);
      output.putInt(number);
    } else {
      var form = ClassForm.of(value.getClass());
      if (form.tag < Tag.FIRST_WITH_IDENTITY && form.tag != Tag.JDK) {
        Scalars.writeLeaf(form.tag, value, this);
      } else {
        writeWithIdentity(value, form);
      }
    }
  }

  private void writeString(String string) {
    if (string.length() <= Scalars.SHORT_TEXT_CHARS) {
      output.putByte(Tag.SHORT_TEXT);
      text.write(string, output);
    } else if (isNew(string, Tag.LONG_TEXT)) {
      number(string);
      output.putByte(Tag.LONG_TEXT);
      text.write(string, output);
    }
  }

  private void writeWithIdentity(Object value, ClassForm form) {
    if (!isNew(value, form.tag)) {
      return;
    }
    var tag = form.tag;
    if (tag == Tag.REFUSED) {
      throw refuse(value);
    }
    if (tag == Tag.LINKED_HASH_MAP && Containers.isAccessOrdered(value)) {
      writeJdk(value);
      return;
    }
    if (tag == Tag.FUNCTION) {
      var function = FunctionForm.replace(value, form);
      writeFunction(value, function, FunctionForm.of(value, function, form));
      return;
    }
    var own = number(value);
    if (tag <= Tag.LAST_SCALAR) {
      output.putByte(tag);
      Scalars.write(tag, value, this);
    } else if (tag <= Tag.LAST_PRIMITIVE_ARRAY) {
      output.putByte(tag);
      PrimitiveArrays.write(tag, value, output);
    } else if (tag <= Tag.LAST_CONTAINER) {
      Containers.write(tag, value, own, this);
    } else {
      begin(own);
      if (tag == Tag.RECORD && form.record != null) {
        output.putByte(tag);
        if (writeClass(value.getClass())) {
          output.putInt(form.record.fingerprint());
        }
        form.record.write(value, this);
      } else if (tag == Tag.FRESH) {
        output.putByte(tag);
        writeClass(value.getClass());
      } else if (value instanceof Transferable transferable) {
        output.putByte(tag);
        writeClass(value.getClass());
        output.keep(transferable);
        transferable.writeTo(output);
      } else {
        Containers.writeClosed(tag, value, this);
      }
      end(own);
    }
  }

  /** Whether {@code value} is yet to be written; else refers to it. */
  private boolean isNew(Object value, int tag) {
    var number = numbers.get(value);
    if (number == IN_JDK_STREAM || (number == IdentityTable.ABSENT && tag == Tag.JDK)) {
      writeJdk(value);
      return false;
    }
    if (number == IdentityTable.ABSENT) {
      return true;
    }
    if (unfinished != null && unfinished.get(number)) {
      throw Refusal.ofCycle(root, value);
    }
    output.putByte(Tag.HANDLE);
    output.putVarInt(number);
    return false;
  }

  /** Gives {@code value} the next number; the reader does so at the same place. */
  private int number(Object value) {
    numbers.put(value, nextNumber);
    return nextNumber++;
  }

  /** From here on a reference to the value of this number is a cycle that cannot be read. */
  void begin(int number) {
    if (unfinished == null) {
      unfinished = new BitSet();
    }
    unfinished.set(number);
  }

  void end(int number) {
    if (unfinished != null) {
      unfinished.clear(number);
    }
  }

  /**
   * Writes a lambda.
   *
   * @param identity the lambda, or where only that is known what replaces it
   */
  void writeFunction(Object identity, SerializedLambda function, FunctionForm form) {
    form.checkTransferable(root, identity);
    var own = number(identity);
    begin(own);
    output.putByte(Tag.FUNCTION);
    writeClass(form.host());
    form.write(this);
    var count = function.getCapturedArgCount();
    for (var i = 0; i < count; i++) {
      write(function.getCapturedArg(i));
    }
    end(own);
    if (form.isOfShell()) {
      if (shell == null) {
        shell = new ShellValues();
      }
      shell.write(form.shellVariables(), this);
    }
  }

  /**
   * Writes a class: its number plus one, or 0 and its name, which takes the next number.
   *
   * @return whether it was new in this message
   */
  boolean writeClass(Class<?> type) {
    if (writeShape(type)) {
      text.write(type.getName(), output);
      return true;
    }
    return false;
  }

  /** Writes the number of something that many values share; true if it is new, and must follow. */
  boolean writeShape(Object shape) {
    if (classes == null) {
      classes = new IdentityTable();
    }
    var number = classes.get(shape);
    if (number == IdentityTable.ABSENT) {
      classes.put(shape, nextClass++);
      output.putVarInt(0);
      return true;
    }
    output.putVarInt(number + 1);
    return false;
  }

  private void writeJdk(Object value) {
    output.putByte(Tag.JDK);
    JdkWriter stream = null;
    try {
      if (jdk == null) {
        jdk = new JdkWriter(this);
      }
      stream = jdk;
      stream.writeObject(value);
      stream.flush();
    } catch (NotTransferableException e) {
      throw e;
    } catch (IOException e) {
      throw Refusal.ofFailure(root, value, e);
    } catch (RuntimeException e) {
      if (stream == null || stream.isFailureOfOutput(e)) {
        throw e;
      }
      throw Refusal.ofFailure(root, value, e);
    }
  }

  /** Whether the fast lane wrote this object, so that it must be referred to there. */
  boolean hasNumber(Object value) {
    return numbers.get(value) >= 0;
  }

  /** The JDK stream writes this object. */
  void markInJdkStream(Object value) {
    numbers.put(value, IN_JDK_STREAM);
  }

  RuntimeException refuseCycle(Object value) {
    return Refusal.ofCycle(root, value);
  }

  RuntimeException refuse(Object culprit) {
    return Refusal.of(root, culprit);
  }
}
