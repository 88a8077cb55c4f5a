package io.procession;

import io.procession.spi.Engine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A worker that does what a test says, and notes what it is told. */
final class FakeWorker implements Engine.Worker {

  /** The first call that has not started, and the first that is not to be, by sequence. */
  private final Map<Long, int[]> claims = new HashMap<>();

  final List<String> told = new ArrayList<>();
  final CompletableFuture<String> stacks = new CompletableFuture<>();
  long startedNanos;
  long usedBytes;

  /** Starts the next call. */
  void start(long sequence, long nanos) {
    startedNanos = nanos;
    claim(sequence)[0]++;
  }

  private int[] claim(long sequence) {
    var claim = claims.get(sequence);
    if (claim == null) {
      throw new IllegalArgumentException("nothing of this sequence was offered");
    }
    return claim;
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public long pid() {
    return 7;
  }

  @Override
  public boolean offer(long sequence, Engine.Calls calls, int from, int to) {
    claims.put(sequence, new int[] {from, to});
    told.add("offer " + sequence);
    return true;
  }

  @Override
  public int withdraw(long sequence, int keep) {
    var claim = claim(sequence);
    claim[1] = Math.min(claim[1], claim[0] + keep);
    return claim[1];
  }

  @Override
  public int started(long sequence) {
    return claim(sequence)[0];
  }

  @Override
  public long startedNanos(long sequence) {
    return startedNanos;
  }

  @Override
  public void interrupt(long sequence, int index) {
    told.add("interrupt " + sequence + " " + index);
  }

  @Override
  public CompletableFuture<String> stacks() {
    told.add("stacks");
    return stacks;
  }

  @Override
  public long memoryBytes() {
    return usedBytes;
  }

  @Override
  public void retire() {
    told.add("retire");
  }

  @Override
  public void kill() {
    told.add("kill");
  }
}
