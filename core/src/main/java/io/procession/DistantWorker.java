package io.procession;

import io.procession.spi.Engine;

/** A worker of another process, of which only name and number are known. */
record DistantWorker(String name, long pid) implements Engine.Worker {

  @Override
  public boolean offer(long sequence, Engine.Calls calls, int from, int to) {
    return false;
  }

  @Override
  public int withdraw(long sequence, int keep) {
    return Integer.MAX_VALUE;
  }

  @Override
  public int started(long sequence) {
    return Integer.MAX_VALUE;
  }

  @Override
  public long startedNanos(long sequence) {
    return 0;
  }

  @Override
  public void interrupt(long sequence, int index) {}

  @Override
  public void retire() {}

  @Override
  public void kill() {}
}
