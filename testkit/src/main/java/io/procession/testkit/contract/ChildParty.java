package io.procession.testkit.contract;

import io.procession.Pool;
import io.procession.function.RemoteCallable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A child process. */
public final class ChildParty implements Party {

  private final Pool pool = Pool.ofProcesses(1);
  private final ProcessHandle process;

  public ChildParty() {
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
    pool.terminate();
    pool.close();
  }
}
