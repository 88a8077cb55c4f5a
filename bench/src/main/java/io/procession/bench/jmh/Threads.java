package io.procession.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;

/** The start of a thread that does nothing, up to its end. */
public class Threads {

  /** One of the platform. */
  @Benchmark
  public void platform() throws InterruptedException {
    Thread.ofPlatform().start(() -> {}).join();
  }

  /** A virtual one. */
  @Benchmark
  public void virtual() throws InterruptedException {
    Thread.ofVirtual().start(() -> {}).join();
  }
}
