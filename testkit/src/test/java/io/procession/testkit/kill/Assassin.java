package io.procession.testkit.kill;

import io.procession.Pool;
import io.procession.WorkerInfo;
import io.procession.testkit.TaskLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Kills workers of a pool that have started a task, one to three at a time, waits for their
 * replacements, and goes on.
 */
final class Assassin implements Runnable {

  private static final int LOOK_BACK = 16;
  private static final int MOST_AT_ONCE = 3;
  private static final int LONGEST_AIM_NANOS = 6_000_000;

  private final Pool pool;
  private final int workers;
  private final TaskLog log;
  private final int kills;
  private final int longestPauseMillis;
  private final Random random;
  private final Set<Long> killed = ConcurrentHashMap.newKeySet();
  private final AtomicInteger landed = new AtomicInteger();

  /**
   * @param workers strikes only while so many are up
   * @param kills how many there are to be
   * @param longestPauseMillis how long it lets them live, at the most, once so many are up
   */
  Assassin(Pool pool, int workers, TaskLog log, int kills, int longestPauseMillis, long seed) {
    this.pool = pool;
    this.workers = workers;
    this.log = log;
    this.kills = kills;
    this.longestPauseMillis = longestPauseMillis;
    this.random = new Random(seed);
  }

  /** The pids of the dead, each here before its kill. */
  Set<Long> killed() {
    return killed;
  }

  /** How many kills met a living worker that had started a task. */
  int landed() {
    return landed.get();
  }

  boolean isDone() {
    return landed() >= kills;
  }

  @Override
  public void run() {
    while (!isDone() && !Thread.currentThread().isInterrupted()) {
      if (isComplete()) {
        var atOnce = 1 + random.nextInt(MOST_AT_ONCE);
        for (var kill = 0; kill < atOnce && !isDone(); kill++) {
          kill();
        }
      }
      pause();
    }
  }

  private void pause() {
    try {
      Thread.sleep(1 + random.nextInt(longestPauseMillis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether so many workers are up, none of them one of the dead. */
  private boolean isComplete() {
    var up =
        pool.workers().stream()
            .filter(worker ->
                worker.state() == WorkerInfo.State.IDLE || worker.state() == WorkerInfo.State.BUSY)
            .filter(worker -> !killed.contains(worker.pid()))
            .count();
    return up >= workers;
  }

  private void kill() {
    var candidates = candidates();
    if (candidates.isEmpty()) {
      return;
    }
    var pid = candidates.get(random.nextInt(candidates.size()));
    var aim = random.nextInt(LONGEST_AIM_NANOS);
    for (var start = System.nanoTime(); System.nanoTime() - start < aim; ) {
      Thread.onSpinWait();
    }
    var process = ProcessHandle.of(pid);
    killed.add(pid);
    if (process.isPresent() && process.get().destroyForcibly()) {
      landed.incrementAndGet();
    }
  }

  /** The workers that lately said that they had started a task. */
  private List<Long> candidates() {
    var pids = new ArrayList<Long>();
    for (var entry : log.entries(Math.max(0, log.size() - LOOK_BACK))) {
      if (!killed.contains(entry.pid()) && !pids.contains(entry.pid())) {
        pids.add(entry.pid());
      }
    }
    return pids;
  }
}
