package io.procession.internal.worker;

import io.procession.internal.wire.ClassReply;
import io.procession.internal.wire.ClassReply.Entry;
import io.procession.internal.wire.ClassReply.Status;
import io.procession.internal.wire.ClassRequest;
import io.procession.internal.wire.ClassRequest.Kind;
import io.procession.internal.wire.StandIn;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands in a child for one class loader of its parent: defines the same classes, from bytes that
 * the parent sends by name.
 *
 * <p>Number 0 stands for the parent's application loader: the child's own comes first, and the
 * parent is asked for what that one lacks. Any other number asks the parent first, except for the
 * JDK's classes and this library's: only the parent knows whether its loader has a class of its own
 * or takes it from the class path that both share. (A loader that looks at itself first, as plugin
 * and fat-jar loaders do, would otherwise get another class of the same name.) The parent's replies
 * bring along what will be wanted next, so that questions are few.
 */
public final class RemoteClassLoader extends ClassLoader implements StandIn {

  /**
   * Beyond this, absent names are asked for again; a program that probes must not fill the heap.
   */
  private static final int MAX_ABSENT = 10_000;

  static {
    registerAsParallelCapable();
  }

  private final int id;
  private final ClassLoader local;
  private final RemoteLoaders family;
  private final ProtectionDomain domain;

  // A class name is in none of these, or in one: sent ahead, the child's own, or known as absent.
  private final ConcurrentHashMap<String, Entry> sentAhead = new ConcurrentHashMap<>();
  private final Set<String> localClasses = ConcurrentHashMap.newKeySet();
  private final Set<String> absentClasses = ConcurrentHashMap.newKeySet();
  private final Set<String> absentResources = ConcurrentHashMap.newKeySet();

  RemoteClassLoader(int id, ClassLoader local, RemoteLoaders family) {
    super("procession-" + id, local);
    this.id = id;
    this.local = local;
    this.family = family;
    var source = new CodeSource(RemoteResource.root(this), (Certificate[]) null);
    this.domain = new ProtectionDomain(source, null, this, null);
  }

  /** Under which the parent knows the loader that this one stands for. */
  @Override
  public int id() {
    return id;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      var type = findLoadedClass(name);
      if (type == null) {
        type = loadOwn(name);
      }
      if (type == null) {
        type = loadRemote(name);
      }
      if (resolve) {
        resolveClass(type);
      }
      return type;
    }
  }

  /** What needs no question, or null. */
  private @Nullable Class<?> loadOwn(String name) {
    boolean library = name.startsWith("io.procession.");
    if (id == 0 || library || localClasses.contains(name)) {
      var type = load(local, name);
      if (type != null || library || id == 0) {
        return type;
      }
    }
    return load(getPlatformClassLoader(), name);
  }

  private static @Nullable Class<?> load(ClassLoader loader, String name) {
    try {
      return loader.loadClass(name);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  private Class<?> loadRemote(String name) throws ClassNotFoundException {
    var ahead = sentAhead.remove(name);
    if (ahead != null) {
      return define(ahead);
    }
    if (localClasses.contains(name)) {
      return family.remote(0).loadClass(name);
    }
    if (absentClasses.contains(name)) {
      throw new ClassNotFoundException(name);
    }
    var answer = askForClass(name);
    return switch (answer.status()) {
      case FOUND ->
          answer.loaderId() == id
              ? define(answer)
              : family.remote(answer.loaderId()).loadClass(name);
      case LOCAL -> loadLocal(name);
      case ABSENT -> {
        var type = load(local, name);
        if (type == null) {
          remember(absentClasses, name);
          throw new ClassNotFoundException(name);
        }
        yield type;
      }
      case REFUSED ->
          throw new ClassNotFoundException(
              "Class "
                  + name
                  + " cannot be had from the parent process. "
                  + new String(answer.bytes(), StandardCharsets.UTF_8));
    };
  }

  private Class<?> loadLocal(String name) throws ClassNotFoundException {
    if (id == 0) {
      // The parent has it from its JDK; this child's JDK or modules lack it.
      throw new ClassNotFoundException(
          "Class " + name + " is one of the JDK in the parent process, but not in this one.");
    }
    return family.remote(0).loadClass(name);
  }

  /** Keeps what came along, each with the loader that it belongs to; gives the first entry. */
  private Entry askForClass(String name) throws ClassNotFoundException {
    ClassReply reply;
    try {
      reply = family.ask(new ClassRequest(Kind.CLASS, id, name));
    } catch (IOException e) {
      throw new ClassNotFoundException(
          "Class " + name + " is not on the class path, and the parent process gave no answer.", e);
    }
    var answer = reply.entries().getFirst();
    boolean forAnother = answer.status() == Status.FOUND && answer.loaderId() != id;
    var ahead = reply.entries().subList(forAnother ? 0 : 1, reply.entries().size());
    for (var entry : ahead) {
      if (entry.status() == Status.FOUND) {
        family.remote(entry.loaderId()).sentAhead.put(entry.name(), entry);
      } else if (entry.status() == Status.LOCAL) {
        family.remote(entry.loaderId()).localClasses.add(entry.name());
      }
    }
    return answer;
  }

  private Class<?> define(Entry entry) {
    return defineClass(entry.name(), entry.bytes(), 0, entry.bytes().length, domain);
  }

  private static void remember(Set<String> absent, String name) {
    if (absent.size() < MAX_ABSENT) {
      absent.add(name);
    }
  }

  @Override
  public @Nullable URL getResource(String name) {
    if (id == 0 || absentResources.contains(name)) {
      var url = local.getResource(name);
      if (url != null || absentResources.contains(name)) {
        return url;
      }
    }
    var entries = askForResources(Kind.RESOURCE, name);
    if (!entries.isEmpty() && entries.getFirst().status() == Status.FOUND) {
      return RemoteResource.url(this, 0, entries.getFirst());
    }
    if (entries.isEmpty() || entries.getFirst().status() == Status.ABSENT) {
      remember(absentResources, name);
    }
    return local.getResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    var own = Collections.list(local.getResources(name));
    if (id == 0) {
      var url = own.isEmpty() ? getResource(name) : null;
      return Collections.enumeration(url == null ? own : List.of(url));
    }
    var urls = new ArrayList<URL>();
    for (var entry : askForResources(Kind.RESOURCES, name)) {
      if (entry.status() == Status.FOUND) {
        urls.add(RemoteResource.url(this, urls.size(), entry));
      } else if (entry.status() == Status.LOCAL) {
        urls.addAll(own); // in the place of the first of them
        own.clear();
      }
    }
    urls.addAll(own);
    return Collections.enumeration(urls);
  }

  /** As every loader does, this one takes a resource that cannot be read for one that is absent. */
  private List<Entry> askForResources(Kind kind, String name) {
    try {
      return family.ask(new ClassRequest(kind, id, name)).entries();
    } catch (IOException e) {
      return List.of();
    }
  }
}
