package io.procession.testkit.kill;

import io.procession.testkit.TaskLog;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** What the tasks of these tests do. */
final class Work {

  private Work() {}

  /** What the task {@code task} gives. */
  static long answer(long task) {
    return task * 31 + 7;
  }

  /** Says that it started, then takes 1 to 5 ms, half of them busy. */
  static long run(String log, long task) throws InterruptedException {
    TaskLog.announce(log, task);
    var duration = Duration.ofMillis(1 + task % 5);
    if (task % 2 == 0) {
      Thread.sleep(duration);
    } else {
      var start = System.nanoTime();
      while (System.nanoTime() - start < duration.toNanos()) {
        Thread.onSpinWait();
      }
    }
    return answer(task);
  }

  /** Takes and gives more than fits into a ring. */
  static byte[] grow(byte[] bytes, int size) {
    return Arrays.copyOf(bytes, size);
  }

  /** Outgrows the first segment in which it is written. */
  static List<byte[]> pages(int first, int second) {
    return List.of(new byte[first], new byte[second]);
  }
}
