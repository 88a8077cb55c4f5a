package io.procession.internal.engine;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The classes that a class file names in its constant pool: its supertypes, nest members, and all
 * that its code makes, calls or tests for. Read by hand, for {@code java.lang.classfile} costs
 * several hundred classes when cold. Source: The Java Virtual Machine Specification, 4.4.
 */
final class ClassReferences {

  private static final int MAGIC = 0xCAFEBABE;

  private ClassReferences() {}

  /** Their binary names; arrays as their elements; nothing if these bytes are no class file. */
  static Set<String> of(byte[] classFile) {
    var names = new LinkedHashSet<String>();
    try (var in = new DataInputStream(new ByteArrayInputStream(classFile))) {
      if (in.readInt() != MAGIC) {
        return names;
      }
      in.skipNBytes(4);
      int count = in.readUnsignedShort();
      var texts = new String[count];
      var classes = new ArrayList<Integer>();
      for (int i = 1; i < count; i++) {
        int tag = in.readUnsignedByte();
        switch (tag) {
          case 1 -> texts[i] = in.readUTF(); // Utf8
          case 7 -> classes.add(in.readUnsignedShort()); // Class
          case 8, 16, 19, 20 -> in.skipNBytes(2); // String, MethodType, Module, Package
          case 15 -> in.skipNBytes(3); // MethodHandle
          case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4); // Integer, Float, refs, Dynamic
          case 5, 6 -> { // Long and Double take two places
            in.skipNBytes(8);
            i++;
          }
          default -> {
            return names;
          }
        }
      }
      addAll(names, texts, classes);
    } catch (IOException e) {
      return names; // cut short: then the JVM that loads it has the better words for it
    }
    return names;
  }

  private static void addAll(Set<String> names, String[] texts, List<Integer> classes) {
    for (int index : classes) {
      var name = texts[index];
      if (name.startsWith("[")) {
        int element = name.lastIndexOf('[') + 1;
        if (name.charAt(element) != 'L') {
          continue;
        }
        name = name.substring(element + 1, name.length() - 1);
      }
      if (!name.startsWith("java/")) {
        names.add(name.replace('/', '.'));
      }
    }
  }
}
