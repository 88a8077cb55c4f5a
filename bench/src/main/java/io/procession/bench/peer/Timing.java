package io.procession.bench.peer;

import java.util.Arrays;

/** Repeats something for a while and says how long it took, or how much was done. */
final class Timing {

  /** Something to be timed. */
  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }

  /** Something that times itself: only a part of what it does counts. */
  @FunctionalInterface
  interface Timed {
    double seconds() throws Exception;
  }

  private static final int FEWEST_FOR_P99 = 100;

  private Timing() {}

  /** Seconds of each call: their median and 99th percentile. */
  static Sample latency(double seconds, Action action) throws Exception {
    return timed(
        seconds,
        () -> {
          var started = System.nanoTime();
          action.run();
          return (System.nanoTime() - started) / 1e9;
        });
  }

  /** The same of an action that says how long it took. */
  static Sample timed(double seconds, Timed action) throws Exception {
    var times = new double[1 << 10];
    var count = 0;
    var start = System.nanoTime();
    do {
      if (count == times.length) {
        times = Arrays.copyOf(times, count * 2);
      }
      times[count++] = action.seconds();
    } while (System.nanoTime() - start < seconds * 1e9);
    var all = Arrays.copyOf(times, count);
    Arrays.sort(all);
    var p99 = count < FEWEST_FOR_P99 ? 0 : all[(int) (count * 0.99)];
    return new Sample(all[count / 2], p99, count);
  }

  /** How much is done in a second, where each call does {@code amount}. */
  static Sample rate(double seconds, double amount, Action action) throws Exception {
    var start = System.nanoTime();
    var calls = 0L;
    do {
      action.run();
      calls++;
    } while (System.nanoTime() - start < seconds * 1e9);
    var rate = calls * amount / ((System.nanoTime() - start) / 1e9);
    return new Sample(rate, 0, (long) (calls * amount));
  }

  /** Seconds of one of the {@code amount} things that each call does. */
  static Sample each(double seconds, double amount, Action action) throws Exception {
    var rate = rate(seconds, amount, action);
    return new Sample(1 / rate.value(), 0, rate.count());
  }
}
