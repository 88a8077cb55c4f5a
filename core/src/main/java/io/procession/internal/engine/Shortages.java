package io.procession.internal.engine;

import io.procession.internal.os.KernelKills;
import io.procession.internal.wire.ChannelLayout;
import io.procession.spi.Engine;
import org.jspecify.annotations.Nullable;

/** Finds out whether lack of memory ended one child. */
final class Shortages {

  /** With this a JVM ends that was told to end when memory runs out. */
  private static final int EXIT_CODE = 3;

  private static final String LAST_WORDS = "Terminating due to java.lang.OutOfMemoryError: ";

  /** Made with the child, so that only later kills count. */
  private final KernelKills kernel = KernelKills.sinceNow();

  /**
   * What was short when the child died; null if memory had nothing to do with it.
   *
   * @param killed whether this process killed it
   */
  Engine.@Nullable Shortage of(Engine.Exit death, ChannelLayout channel, boolean killed) {
    if (channel.memoryLimitBytes() > 0) {
      return new Engine.Shortage(
          channel.memoryLimitBytes(), channel.memoryUsedBytes(), "its heap is exhausted");
    }
    if (death.code() == EXIT_CODE) {
      for (var line : death.lastLines()) {
        if (line.startsWith(LAST_WORDS)) {
          return new Engine.Shortage(
              0, 0, "its JVM ended itself: " + line.substring(LAST_WORDS.length()));
        }
      }
    }
    if (!killed && "SIGKILL".equals(death.signal()) && kernel.any()) {
      return new Engine.Shortage(
          0, 0, "the system's memory was exhausted, and the kernel killed for it");
    }
    return null;
  }
}
