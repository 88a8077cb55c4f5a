package io.procession;

import io.procession.internal.engine.Child;
import io.procession.internal.engine.ChildEngine;
import io.procession.internal.engine.LaunchOptions;
import io.procession.spi.Engine;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Children of one kind that were started in advance, and wait to be needed. They have run nothing
 * of the user's, each serves once, and one that was taken is replaced.
 */
final class Spares {

  /** Not at once: the one that was taken shall have the processors first. */
  private static final long REPLACEMENT_MILLIS = 20;

  /** More than so many that die before they are needed are not replaced. */
  private static final int MOST_DEATHS = 3;

  /** Guarded by itself, as is all the rest. */
  private static final Map<Kind, Spares> ALL = new HashMap<>();

  /** Two children of equal kinds are interchangeable. */
  private record Kind(LaunchOptions options, Object surroundings) {
    static Kind of(LaunchOptions options) {
      return new Kind(options, LaunchOptions.surroundings());
    }
  }

  private final Kind kind;
  private final ArrayDeque<Spare> waiting = new ArrayDeque<>();
  private int wanted;
  private int deaths;
  private int number;

  private Spares(Kind kind) {
    this.kind = kind;
  }

  /**
   * Sees to it that so many wait from now on.
   *
   * @throws IllegalStateException if no child can be started here
   */
  static void prestart(LaunchOptions options, int count) {
    if (count < 0) {
      throw new IllegalArgumentException(
          "the number of spare processes must not be negative; 0 ends them. count=" + count);
    }
    Lineage.checkStart();
    if (count > 0) {
      // Fails if it can never work.
      new ChildEngine(options).close();
    }
    synchronized (ALL) {
      var kind = Kind.of(options);
      var spares = ALL.computeIfAbsent(kind, Spares::new);
      spares.wanted = count;
      spares.deaths = 0;
      spares.adjust();
      if (count == 0) {
        ALL.remove(kind);
      }
    }
  }

  /** Whether children with these options have been started in advance. */
  static boolean exist(LaunchOptions options) {
    synchronized (ALL) {
      return !ALL.isEmpty() && ALL.containsKey(Kind.of(options));
    }
  }

  /**
   * Takes one that is up, and makes it this child.
   *
   * @return null if there is none
   */
  static @Nullable Child take(
      LaunchOptions options, String name, boolean daemon, Engine.Listener listener) {
    synchronized (ALL) {
      if (ALL.isEmpty()) {
        return null;
      }
      var spares = ALL.get(Kind.of(options));
      return spares == null ? null : spares.take(name, daemon, listener);
    }
  }

  private @Nullable Child take(String name, boolean daemon, Engine.Listener listener) {
    for (var each = waiting.iterator(); each.hasNext(); ) {
      var spare = each.next();
      var child = spare.child;
      if (spare.isReady && child != null) {
        each.remove();
        CompletableFuture.delayedExecutor(
                REPLACEMENT_MILLIS,
                TimeUnit.MILLISECONDS,
                Thread.ofVirtual().name("procession-spare")::start)
            .execute(this::replace);
        // Told of its end from now on, even if that is near: it is this child's end.
        spare.listener = listener;
        if (child.adopt(name, daemon)) {
          deaths = 0;
          return child;
        }
        spare.listener = null;
      }
    }
    return null;
  }

  /** Not in a caller's thread, so nobody hears of a failure; a start goes its usual way then. */
  private void replace() {
    synchronized (ALL) {
      try {
        adjust();
      } catch (RuntimeException e) {
        wanted = waiting.size();
        System.getLogger(Spares.class.getName())
            .log(System.Logger.Level.WARNING, "a spare process could not be replaced", e);
      }
    }
  }

  private void adjust() {
    while (waiting.size() > wanted) {
      var child = waiting.removeLast().child;
      if (child != null) {
        child.kill();
      }
    }
    while (waiting.size() < wanted && deaths < MOST_DEATHS) {
      var spare = new Spare();
      waiting.addLast(spare);
      try {
        spare.start("spare-" + ++number);
      } catch (RuntimeException e) {
        waiting.remove(spare);
        throw e;
      }
    }
  }

  /** One of them; after it was taken, whoever took it hears what becomes of it. */
  private final class Spare implements Engine.Listener {

    private final ChildEngine engine = ChildEngine.ofKnown(kind.options);
    private @Nullable Child child;
    private boolean isReady;
    private Engine.@Nullable Listener listener;

    void start(String name) {
      child = engine.start(name, new Child.Role(true, false), this);
    }

    @Override
    public void ready() {
      synchronized (ALL) {
        isReady = true;
      }
    }

    @Override
    public void settled(
        long sequence,
        int index,
        boolean failed,
        MemorySegment result,
        Engine.@Nullable Message large,
        long durationNanos) {
      throw new IllegalStateException("a child process has no result");
    }

    @Override
    public void paused() {}

    @Override
    public void exited(Engine.Exit exit) {
      engine.close();
      Engine.Listener user;
      synchronized (ALL) {
        user = listener;
        if (user == null && waiting.remove(this)) {
          deaths++;
          replace();
        }
      }
      if (user != null) {
        user.exited(exit);
      }
    }
  }
}
