package io.procession.internal.codec;

import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The JShell variables that a lambda mentions, itself or through methods and classes of the
 * session.
 *
 * <p>JShell makes of each snippet a class {@code REPL.$JShell$N}, of a variable a static field and
 * of a method a static method of it; a class of the user is nested in it.
 */
final class ShellVariables {

  private static final String PREFIX = "REPL.$JShell$";
  private static final String INTERNAL_PREFIX = "REPL/$JShell$";

  /** All the methods of a class, instead of one. */
  private static final String ALL = "";

  private final ClassLoader loader;
  private final Set<Member> seen = new HashSet<>();
  private final ArrayDeque<Member> open = new ArrayDeque<>();
  private final Set<Field> fields = new LinkedHashSet<>();

  /** A method, or all of a class; the class by its internal name. */
  private record Member(String owner, String name, String type) {}

  private ShellVariables(ClassLoader loader) {
    this.loader = loader;
  }

  /** Whether this is a class of a JShell session, or nested in one. */
  static boolean isWrapper(String className) {
    return className.startsWith(PREFIX);
  }

  static List<Field> of(Class<?> host, SerializedLambda function) {
    var search = new ShellVariables(host.getClassLoader());
    search.visit(
        function.getImplClass(), function.getImplMethodName(), function.getImplMethodSignature());
    while (!search.open.isEmpty()) {
      search.examine(search.open.remove());
    }
    return new ArrayList<>(search.fields);
  }

  private void visit(String owner, String name, String type) {
    if (owner.startsWith(INTERNAL_PREFIX)) {
      var isNested = owner.indexOf('$', INTERNAL_PREFIX.length()) >= 0;
      var member = isNested ? new Member(owner, ALL, ALL) : new Member(owner, name, type);
      if (seen.add(member)) {
        open.add(member);
      }
    }
  }

  private void examine(Member member) {
    for (var method : MethodBodies.methods(loader, member.owner())) {
      if (member.name().equals(ALL) || isMethod(method, member)) {
        method.code().ifPresent(code -> code.forEach(this::examine));
      }
    }
  }

  private static boolean isMethod(MethodModel method, Member member) {
    return method.methodName().equalsString(member.name())
        && method.methodType().equalsString(member.type());
  }

  private void examine(CodeElement element) {
    switch (element) {
      case FieldInstruction field ->
          mention(field.owner().asInternalName(), field.name().stringValue());
      case InvokeInstruction call ->
          visit(
              call.owner().asInternalName(), call.name().stringValue(), call.type().stringValue());
      case NewObjectInstruction creation -> visit(creation.className().asInternalName(), ALL, ALL);
      case InvokeDynamicInstruction dynamic -> dynamic.bootstrapArgs().forEach(this::examine);
      default -> {
        // no other instruction names a member
      }
    }
  }

  private void examine(ConstantDesc argument) {
    if (argument instanceof DirectMethodHandleDesc handle) {
      var descriptor = handle.owner().descriptorString();
      visit(
          descriptor.substring(1, descriptor.length() - 1),
          handle.methodName(),
          handle.lookupDescriptor());
    }
  }

  private void mention(String owner, String name) {
    var isVariable =
        owner.startsWith(INTERNAL_PREFIX) && owner.indexOf('$', INTERNAL_PREFIX.length()) < 0;
    if (!isVariable) {
      visit(owner, ALL, ALL);
      return;
    }
    try {
      var field = Class.forName(owner.replace('/', '.'), true, loader).getDeclaredField(name);
      field.setAccessible(true);
      fields.add(field);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "a variable of the JShell session cannot be found: variable=" + name, e);
    }
  }
}
