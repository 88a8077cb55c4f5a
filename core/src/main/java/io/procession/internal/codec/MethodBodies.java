package io.procession.internal.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks into class files, which their loaders give as resources. */
final class MethodBodies {

  /** The methods of a class, by its internal name; none if its loader does not give the file. */
  static List<MethodModel> methods(@Nullable ClassLoader loader, String internalName) {
    var file = internalName + ".class";
    try (var in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(file)
            : loader.getResourceAsStream(file)) {
      return in == null ? List.of() : ClassFile.of().parse(in.readAllBytes()).methods();
    } catch (IOException e) {
      throw new UncheckedIOException("a class file cannot be read: file=" + file, e);
    }
  }

  /** The names of the fields and methods that a method uses of an object of its own class. */
  static Set<String> usedOfThis(@Nullable ClassLoader loader, String owner, String method) {
    var names = new LinkedHashSet<String>();
    for (var model : methods(loader, owner)) {
      if (model.methodName().equalsString(method)) {
        for (var element : model.code().orElseThrow()) {
          if (element instanceof InvokeInstruction call
              && call.opcode() != Opcode.INVOKESTATIC
              && call.owner().asInternalName().equals(owner)) {
            names.add(call.name().stringValue());
          } else if (element instanceof FieldInstruction field
              && (field.opcode() == Opcode.GETFIELD || field.opcode() == Opcode.PUTFIELD)
              && field.owner().asInternalName().equals(owner)) {
            names.add(field.name().stringValue());
          }
        }
      }
    }
    return names;
  }

  private MethodBodies() {}
}
