package io.procession.testkit.contract;

import io.procession.Pool;
import io.procession.function.RemoteCallable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A child process: of this one, or of another one that lends it. */
public final class ChildParty implements Party {

  private final Pool pool;
  private final boolean isLent;
  private final ProcessHandle process;

  public ChildParty() {
    this(Pool.ofProcesses(1), false);
  }

  /** The only worker of a pool that another process ends. */
  static ChildParty lent(Pool pool) {
    return new ChildParty(pool, true);
  }

  private ChildParty(Pool pool, boolean isLent) {
    this.pool = pool;
    this.isLent = isLent;
    process =
        ProcessHandle.of(pool.submit(() -> ProcessHandle.current().pid()).join()).orElseThrow();
  }

  @Override
  public <T extends @Nullable Object> Future<T> begin(RemoteCallable<T> work) {
    return pool.submit(work);
  }

  /** The child, for signals. */
  public ProcessHandle process() {
    return process;
  }

  @Override
  public void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    if (!isLent) {
      pool.terminate();
      pool.close();
    }
  }
}
