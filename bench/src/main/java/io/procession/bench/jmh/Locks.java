package io.procession.bench.jmh;

import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A lock of one process. */
@State(Scope.Benchmark)
public class Locks {

  private final ReentrantLock lock = new ReentrantLock();
  private long counter;

  /** Acquires, adds one, releases. */
  @Benchmark
  public long reentrantLock() {
    lock.lock();
    try {
      return ++counter;
    } finally {
      lock.unlock();
    }
  }
}
