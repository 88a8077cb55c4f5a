package io.procession.internal.engine;

import io.procession.spi.Codec;
import io.procession.spi.Engine;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Runs calls in threads of this process. */
public final class ThreadEngine implements Engine {

  /** Which threads. */
  public enum Kind {
    PLATFORM("threads"),
    VIRTUAL("virtualThreads"),
    /** That of whoever submits. */
    CALLER("inline");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** How users call it. */
    public String label() {
      return label;
    }
  }

  /** This process, in which all workers are. */
  static final long PID = ProcessHandle.current().pid();

  private final Kind kind;
  private final Codec codec;
  private final boolean copying;

  /** Held while a listener is called: it hears one thing at a time. */
  private final Object telling = new Object();

  /**
   * @param copying whether what goes to workers and comes from them is copied; if not, they get the
   *     objects themselves
   */
  public ThreadEngine(Kind kind, Codec codec, boolean copying) {
    this.kind = kind;
    this.codec = codec;
    this.copying = copying;
  }

  /** The worker whose thread this is called in; null if it is that of none. */
  public static @Nullable Worker currentWorker() {
    return ThreadWorker.current();
  }

  @Override
  public Message message() {
    return copying ? new HeapMessage() : new Values();
  }

  @Override
  public ThreadWorker start(String name, Listener listener) {
    var worker = new ThreadWorker(name, listener, codec, copying, telling, kind == Kind.CALLER);
    try {
      switch (kind) {
        case PLATFORM -> start(Thread.ofPlatform().daemon(), worker);
        case VIRTUAL -> start(Thread.ofVirtual(), worker);
        case CALLER -> {}
      }
    } catch (OutOfMemoryError e) {
      throw new IllegalStateException("the system has no thread for a worker. name=" + name, e);
    }
    return worker;
  }

  private static void start(Thread.Builder builder, ThreadWorker worker) {
    builder.name(worker.name()).inheritInheritableThreadLocals(false).start(worker::serve);
  }

  @Override
  public void forget(Code code) {
    code.message().close();
  }

  /** Results need nobody to fetch them. */
  @Override
  public void assist(BooleanSupplier enough) {}

  @Override
  public boolean runsInCaller() {
    return kind == Kind.CALLER;
  }

  @Override
  public void close() {}
}
