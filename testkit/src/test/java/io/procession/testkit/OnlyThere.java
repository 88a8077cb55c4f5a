package io.procession.testkit;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** Makes an exception of a class that exists in no other process. */
final class OnlyThere {

  private OnlyThere() {}

  static RuntimeException exception() throws ReflectiveOperationException {
    var parent = ClassDesc.of("java.lang.RuntimeException");
    var type =
        MethodTypeDesc.of(
            ConstantDescs.CD_void, ConstantDescs.CD_String, ConstantDescs.CD_Throwable);
    var bytes =
        ClassFile.of()
            .build(
                ClassDesc.of("made.InTheWorker"),
                made ->
                    made.withFlags(ClassFile.ACC_PUBLIC)
                        .withSuperclass(parent)
                        .withMethodBody(
                            ConstantDescs.INIT_NAME,
                            type,
                            ClassFile.ACC_PUBLIC,
                            code ->
                                code.aload(0)
                                    .aload(1)
                                    .aload(2)
                                    .invokespecial(parent, ConstantDescs.INIT_NAME, type)
                                    .return_()));
    var loader =
        new ClassLoader(OnlyThere.class.getClassLoader()) {
          Class<?> define() {
            return defineClass("made.InTheWorker", bytes, 0, bytes.length);
          }
        };
    return (RuntimeException)
        loader
            .define()
            .getConstructor(String.class, Throwable.class)
            .newInstance("made there", new IllegalStateException("cause"));
  }
}
