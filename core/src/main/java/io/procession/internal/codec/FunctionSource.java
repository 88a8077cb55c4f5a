package io.procession.internal.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.io.UncheckedIOException;
import java.lang.invoke.SerializedLambda;
import org.jspecify.annotations.Nullable;

/**
 * Where in its class a lambda stands, and of which types it is: all of a {@link SerializedLambda}
 * that its instances share. It travels once in a message.
 *
 * <pre>
 *   byte   kind of the method handle
 *   byte   1: its JShell variables follow each function
 *   short  number of captured arguments
 *   7 ×    a text in modified UTF-8, in the order of the fields
 * </pre>
 */
final class FunctionSource {

  private final int implementationKind;
  private final boolean ofShell;
  private final int argumentCount;
  private final String[] texts;

  private FunctionSource(
      int implementationKind, boolean ofShell, int argumentCount, String[] texts) {
    this.implementationKind = implementationKind;
    this.ofShell = ofShell;
    this.argumentCount = argumentCount;
    this.texts = texts;
  }

  static byte[] bytes(SerializedLambda function, boolean ofShell) {
    var bytes = new ByteArrayOutputStream(256);
    var data = new DataOutputStream(bytes);
    try {
      data.writeByte(function.getImplMethodKind());
      data.writeBoolean(ofShell);
      data.writeShort(function.getCapturedArgCount());
      data.writeUTF(function.getFunctionalInterfaceClass());
      data.writeUTF(function.getFunctionalInterfaceMethodName());
      data.writeUTF(function.getFunctionalInterfaceMethodSignature());
      data.writeUTF(function.getImplClass());
      data.writeUTF(function.getImplMethodName());
      data.writeUTF(function.getImplMethodSignature());
      data.writeUTF(function.getInstantiatedMethodType());
    } catch (IOException e) {
      throw new UncheckedIOException("names and types of class files fit into such texts", e);
    }
    return bytes.toByteArray();
  }

  static FunctionSource parse(byte[] bytes) throws IOException {
    var data = new DataInputStream(new ByteArrayInputStream(bytes));
    var kind = data.readByte();
    var ofShell = data.readBoolean();
    var argumentCount = data.readUnsignedShort();
    var texts = new String[7];
    for (var i = 0; i < texts.length; i++) {
      texts[i] = data.readUTF();
    }
    return new FunctionSource(kind, ofShell, argumentCount, texts);
  }

  /** Reads the shape after the class; see {@link FunctionForm#write}. */
  static FunctionSource read(FunctionHost host, Decoder decoder) throws IOException {
    var shape = decoder.readShape();
    if (shape == null) {
      var bytes = new byte[Sizes.read(decoder.input())];
      decoder.input().getBytes(bytes, 0, bytes.length);
      var source = host.source(bytes);
      decoder.addShape(source);
      return source;
    }
    if (shape instanceof FunctionSource source) {
      return source;
    }
    throw new StreamCorruptedException("no lambda has this number: class=" + host.type());
  }

  SerializedLambda serialized(Class<?> host, @Nullable Object[] arguments) {
    return new SerializedLambda(
        host,
        texts[0],
        texts[1],
        texts[2],
        implementationKind,
        texts[3],
        texts[4],
        texts[5],
        texts[6],
        arguments);
  }

  int argumentCount() {
    return argumentCount;
  }

  boolean isOfShell() {
    return ofShell;
  }

  String method() {
    return texts[4];
  }
}
