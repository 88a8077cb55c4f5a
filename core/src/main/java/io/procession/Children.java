package io.procession;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The children of this process that are alive, and the thread that keeps the JVM up for them. */
final class Children {

  private static final Set<ChildProcess> ACTIVE = new LinkedHashSet<>();
  private static @Nullable Thread keeper;

  private Children() {}

  static synchronized List<ChildProcess> active() {
    return List.copyOf(ACTIVE);
  }

  static synchronized void add(ChildProcess child) {
    ACTIVE.add(child);
    if (!child.isDaemon() && keeper == null) {
      keeper = Thread.ofPlatform().daemon(false).name("procession-children").start(Children::keep);
    }
  }

  static void remove(ChildProcess child) {
    synchronized (Children.class) {
      ACTIVE.remove(child);
      Children.class.notifyAll();
    }
  }

  /** As a non-daemon thread it keeps the JVM from ending while a non-daemon child lives. */
  private static void keep() {
    synchronized (Children.class) {
      while (new ArrayList<>(ACTIVE).stream().anyMatch(child -> !child.isDaemon())) {
        try {
          Children.class.wait();
        } catch (InterruptedException e) {
          throw new AssertionError("nobody interrupts this thread", e);
        }
      }
      keeper = null;
    }
  }
}
