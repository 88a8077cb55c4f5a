package io.procession.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Watches ratios that do not depend on how fast the machine is: what ours costs beside a JVM behind
 * plain pipes. A ratio fails only if it is more than three times what is usual, and stays so. Where
 * others use the processors there is no verdict: nothing that spins for its peer can be judged
 * then.
 */
final class GuardTest {

  private static final int ATTEMPTS = 3;
  private static final int ROUNDS = 5;
  private static final double SECONDS = 0.05;
  private static final double TOLERANCE = 3;

  /** A thread that could run gets at least this share of a processor on a machine for itself. */
  private static final double QUIET = 0.7;

  private static final Duration SPIN = Duration.ofMillis(100);

  @TempDir Path directory;

  /** What ours does, what the pipes do, and how many times as much ours usually costs. */
  @ParameterizedTest(name = "{0} : {2}")
  @CsvSource({
    "start, SECONDS, start, SECONDS, 6",
    "round-trip workers=1, SECONDS, queue-round-trip bytes=8, SECONDS, 4",
    "items workers=2 items=10000, PER_SECOND, queue-round-trip bytes=8, SECONDS, 0.3",
    "arguments workers=2 bytes=1048576, PER_SECOND, queue bytes=1048576, PER_SECOND, 0.000001",
  })
  void oursIsNotMuchWorseThanPlainPipes(
      String ours, Unit ourUnit, String pipes, Unit theirUnit, double usual) throws Exception {
    var least = Double.MAX_VALUE;
    var share = shareOfProcessor();
    for (var attempt = 0; attempt < ATTEMPTS && least > usual * TOLERANCE; attempt++) {
      least = Math.min(least, timesAsMuch(ours, ourUnit, pipes, theirUnit));
      share = Math.min(share, shareOfProcessor());
      if (share < QUIET) {
        break;
      }
    }
    System.out.printf(Locale.ROOT, "%s : %s = %.2g, usually %.2g%n", ours, pipes, least, usual);
    Assumptions.assumeTrue(
        least <= usual * TOLERANCE || share >= QUIET,
        "the machine is too busy with other work for a verdict. share=" + share);
    assertThat(least).isLessThanOrEqualTo(usual * TOLERANCE);
  }

  private double timesAsMuch(String ours, Unit ourUnit, String pipes, Unit theirUnit)
      throws PeerException {
    try (var procession = open("Procession", ours);
        var plain = open("PlainJava", pipes)) {
      var ratios = new double[ROUNDS];
      for (var round = 0; round < ROUNDS; round++) {
        ratios[round] = cost(procession, ourUnit) / cost(plain, theirUnit);
      }
      return Samples.of(ratios).median();
    }
  }

  private static double cost(PeerProcess process, Unit unit) throws PeerException {
    var value = process.ask("measure " + SECONDS).value();
    return unit.lessIsBetter() ? value : 1 / value;
  }

  private PeerProcess open(String program, String operation) throws PeerException {
    var peer = Peer.ours(program, program);
    var process = new PeerProcess(peer, directory.resolve("log"), Duration.ofSeconds(60));
    process.hello();
    process.ask("open " + operation);
    process.ask("warm 0.5");
    return process;
  }

  /** What each of as many threads as there are processors gets, if all of them want to run. */
  private static double shareOfProcessor() throws InterruptedException {
    var count = Runtime.getRuntime().availableProcessors();
    var used = new double[count];
    var threads = new Thread[count];
    for (var number = 0; number < count; number++) {
      var own = number;
      threads[number] = Thread.ofPlatform().start(() -> used[own] = spin());
    }
    for (var thread : threads) {
      thread.join();
    }
    return Samples.of(used).quantile(0);
  }

  private static double spin() {
    var threads = ManagementFactory.getThreadMXBean();
    var cpu = threads.getCurrentThreadCpuTime();
    var start = System.nanoTime();
    while (System.nanoTime() - start < SPIN.toNanos()) {
      Thread.onSpinWait();
    }
    return (double) (threads.getCurrentThreadCpuTime() - cpu) / (System.nanoTime() - start);
  }
}
