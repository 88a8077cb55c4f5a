package io.procession.internal.codec;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The values of {@link ShellVariables}: after a lambda, those that did not travel in the message
 * yet. The reader sets them before it hands on the message's value.
 */
final class ShellValues {

  private final Set<Field> sent = new HashSet<>();

  void write(List<Field> variables, Encoder encoder) {
    var fresh = new ArrayList<Field>();
    for (var variable : variables) {
      if (sent.add(variable)) {
        fresh.add(variable);
      }
    }
    encoder.output().putVarInt(fresh.size());
    for (var variable : fresh) {
      encoder.writeClass(variable.getDeclaringClass());
      encoder.text().write(variable.getName(), encoder.output());
      try {
        encoder.write(variable.get(null));
      } catch (IllegalAccessException e) {
        throw new AssertionError("the field was made accessible: " + variable, e);
      }
    }
  }

  static void read(Decoder decoder) throws IOException, ClassNotFoundException {
    var count = Sizes.read(decoder.input());
    for (var i = 0; i < count; i++) {
      var owner = decoder.readClass();
      var name = decoder.text().read(decoder.input());
      var value = decoder.read();
      if (!ShellVariables.isWrapper(owner.getName())) {
        throw new InvalidObjectException("no variable of JShell: class=" + owner.getName());
      }
      try {
        var variable = owner.getDeclaredField(name);
        variable.setAccessible(true);
        variable.set(null, value);
      } catch (ReflectiveOperationException e) {
        throw Unreadable.because(
            new InvalidObjectException(
                "a variable of the JShell session cannot be set here: variable=" + name),
            e);
      }
    }
  }
}
