package io.procession.internal.engine;

import io.procession.internal.wire.ClassReply;
import io.procession.internal.wire.ClassReply.Entry;
import io.procession.internal.wire.ClassReply.Status;
import io.procession.internal.wire.ClassRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers one child's questions for classes and resources, with what this JVM's loaders have.
 *
 * <p>A class is looked up through the loader that was asked, and sent as the one that defines it
 * here, so that the child has the same classes in the same loaders. Nothing is initialised here.
 * What comes from the JDK is never sent; what comes from the application loader only to a child
 * that misses it. With a class go, as far as they fit, the classes that it mentions and that the
 * same loader defines, unless the child was sent them before.
 *
 * <p>Any thread may ask; user code runs only as far as a class loader is user code.
 */
public final class ClassSource {

  /** How many classes go with the wanted one. */
  static final int MAX_BATCH_CLASSES = 64;

  /** At how many bytes a reply is full; the wanted class itself may be larger. */
  static final int MAX_BATCH_BYTES = 512 * 1024;

  /** How many names a reply declares to be the child's own. */
  static final int MAX_BATCH_LOCAL = 256;

  private static final byte[] NOTHING = {};

  private record Sent(int loaderId, String name) {}

  private final LoaderRegistry registry;
  private final Set<Sent> sent = ConcurrentHashMap.newKeySet();

  /** A source for one child that asks for the first time. */
  public ClassSource() {
    this(LoaderRegistry.shared());
  }

  ClassSource(LoaderRegistry registry) {
    this.registry = registry;
  }

  /**
   * The encoded {@link ClassReply} to an encoded {@link ClassRequest}.
   *
   * @throws IllegalArgumentException if the bytes are no such request
   */
  public byte[] answer(byte[] request) {
    return answer(ClassRequest.decode(request)).encode();
  }

  ClassReply answer(ClassRequest request) {
    var loader = registry.loader(request.loaderId());
    if (loader == null) {
      return new ClassReply(
          List.of(
              refused(
                  request,
                  "Its class loader no longer exists in the parent process; keep a reference to the"
                      + " loader while its classes are in use.")));
    }
    return switch (request.kind()) {
      case CLASS -> new ClassReply(classes(request, loader));
      case RESOURCE -> new ClassReply(List.of(resource(request, loader)));
      case RESOURCES -> new ClassReply(resources(request, loader));
    };
  }

  private Entry refused(ClassRequest request, String why) {
    return new Entry(
        Status.REFUSED, request.loaderId(), request.name(), why.getBytes(StandardCharsets.UTF_8));
  }

  private static Entry of(ClassRequest request, Status status) {
    return new Entry(status, request.loaderId(), request.name(), NOTHING);
  }

  private List<Entry> classes(ClassRequest request, ClassLoader loader) {
    if (request.name().indexOf('/') >= 0) {
      return List.of(
          refused(
              request,
              "It is a hidden class, which no other JVM can load by name; send a lambda through a"
                  + " parameter of a serializable functional interface, or use a class with a"
                  + " name."));
    }
    Class<?> found;
    try {
      found = Class.forName(request.name(), false, loader);
    } catch (ClassNotFoundException e) {
      return List.of(of(request, Status.ABSENT));
    } catch (LinkageError | RuntimeException e) {
      return List.of(refused(request, "The parent process could not load it either. error=" + e));
    }
    var owner = found.getClassLoader();
    boolean local =
        request.loaderId() == LoaderRegistry.APPLICATION
            ? LoaderRegistry.isOfPlatform(owner)
            : LoaderRegistry.isApplicationOrAbove(owner);
    if (owner == null || local) {
      return List.of(of(request, Status.LOCAL));
    }
    byte[] bytes;
    try {
      bytes = classBytes(found.getName(), owner);
    } catch (IOException e) {
      return List.of(
          refused(request, "The parent process could not read its class file. error=" + e));
    }
    if (bytes == null) {
      return List.of(
          refused(
              request,
              "The parent process has the class but no class file of it, for it was generated at"
                  + " run time (a proxy, a mock, a scripting engine); send an object of a class"
                  + " that was compiled."));
    }
    if (request.loaderId() == LoaderRegistry.APPLICATION) {
      // The child shares this loader's class path, and rarely lacks more than this one.
      return List.of(new Entry(Status.FOUND, LoaderRegistry.APPLICATION, found.getName(), bytes));
    }
    return batch(found.getName(), owner, bytes);
  }

  /** The wanted class, then what it mentions, nearest first. */
  private List<Entry> batch(String wanted, ClassLoader owner, byte[] wantedBytes) {
    int ownerId = registry.idOf(owner);
    var entries = new ArrayList<Entry>();
    entries.add(new Entry(Status.FOUND, ownerId, wanted, wantedBytes));
    sent.add(new Sent(ownerId, wanted));
    var seen = new HashSet<>(Set.of(wanted));
    var unread = new ArrayDeque<>(List.of(wantedBytes));
    int classes = 0;
    int local = 0;
    int size = wantedBytes.length;
    while (!unread.isEmpty()) {
      for (var name : ClassReferences.of(unread.removeFirst())) {
        if (!seen.add(name) || sent.contains(new Sent(ownerId, name))) {
          continue;
        }
        var reference = load(name, owner);
        if (reference == null || LoaderRegistry.isOfPlatform(reference.getClassLoader())) {
          continue;
        }
        if (registry.idOf(reference.getClassLoader()) == ownerId) {
          var bytes = readable(name, owner);
          if (bytes != null && size + bytes.length <= MAX_BATCH_BYTES) {
            size += bytes.length;
            entries.add(new Entry(Status.FOUND, ownerId, name, bytes));
            sent.add(new Sent(ownerId, name));
            unread.add(bytes);
            if (++classes == MAX_BATCH_CLASSES) {
              return entries;
            }
          }
        } else if (LoaderRegistry.isApplicationOrAbove(reference.getClassLoader())
            && ++local <= MAX_BATCH_LOCAL) {
          entries.add(new Entry(Status.LOCAL, ownerId, name, NOTHING));
          sent.add(new Sent(ownerId, name));
        }
      }
    }
    return entries;
  }

  /** A class may mention others that are not there, and never need them. */
  private static @Nullable Class<?> load(String name, ClassLoader loader) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
      return null;
    }
  }

  /** What cannot be read now is refused, with the reason, once it is wanted. */
  private static byte @Nullable [] readable(String name, ClassLoader loader) {
    try {
      return classBytes(name, loader);
    } catch (IOException e) {
      return null;
    }
  }

  private static byte @Nullable [] classBytes(String name, ClassLoader owner) throws IOException {
    try (var in = owner.getResourceAsStream(name.replace('.', '/') + ".class")) {
      return in == null ? null : in.readAllBytes();
    }
  }

  private Entry resource(ClassRequest request, ClassLoader loader) {
    try {
      var url = loader.getResource(request.name());
      if (url != null) {
        return isLocal(request, url) ? of(request, Status.LOCAL) : found(request, url);
      }
      // Some loaders keep resources in memory and have no address for them.
      try (var in = loader.getResourceAsStream(request.name())) {
        return in == null ? of(request, Status.ABSENT) : found(request, in);
      }
    } catch (IOException | RuntimeException e) {
      return refused(request, "The parent process could not read the resource. error=" + e);
    }
  }

  private List<Entry> resources(ClassRequest request, ClassLoader loader) {
    var entries = new ArrayList<Entry>();
    try {
      for (var url : Collections.list(loader.getResources(request.name()))) {
        entries.add(isLocal(request, url) ? of(request, Status.LOCAL) : found(request, url));
      }
    } catch (IOException | RuntimeException e) {
      return List.of(
          refused(request, "The parent process could not read the resources. error=" + e));
    }
    return entries;
  }

  private static boolean isLocal(ClassRequest request, URL url) throws IOException {
    var shared =
        request.loaderId() == LoaderRegistry.APPLICATION
            ? ClassLoader.getPlatformClassLoader()
            : ClassLoader.getSystemClassLoader();
    var address = url.toExternalForm();
    return Collections.list(shared.getResources(request.name())).stream()
        .anyMatch(other -> other.toExternalForm().equals(address));
  }

  private static Entry found(ClassRequest request, URL url) throws IOException {
    try (var in = url.openStream()) {
      return found(request, in);
    }
  }

  private static Entry found(ClassRequest request, InputStream in) throws IOException {
    return new Entry(Status.FOUND, request.loaderId(), request.name(), in.readAllBytes());
  }
}
