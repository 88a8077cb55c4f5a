package io.procession.internal.worker;

import io.procession.internal.wire.ClassReply;
import io.procession.internal.wire.ClassRequest;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The child's class loaders that stand for the parent's: one for each number under which the parent
 * knows one of its own.
 */
public final class RemoteLoaders {

  private final ConcurrentHashMap<Integer, RemoteClassLoader> loaders = new ConcurrentHashMap<>();
  private final ClassLoader local;
  private final Exchange exchange;

  /**
   * @param local the child's own application loader
   * @param exchange reaches the parent
   */
  public RemoteLoaders(ClassLoader local, Exchange exchange) {
    this.local = local;
    this.exchange = exchange;
  }

  /**
   * The loader that stands for the parent's loader of this number; always the same. 0 stands for
   * the parent's application loader: it is the child's own, and asks the parent only for what that
   * one lacks.
   */
  public ClassLoader loader(int id) {
    return remote(id);
  }

  RemoteClassLoader remote(int id) {
    return loaders.computeIfAbsent(id, key -> new RemoteClassLoader(key, local, this));
  }

  /**
   * Asks the parent. An interrupt does not end the wait, but is kept: a class that was once not
   * found stays so for the life of this JVM.
   */
  ClassReply ask(ClassRequest request) throws IOException {
    var bytes = request.encode();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return ClassReply.decode(exchange.exchange(bytes));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
