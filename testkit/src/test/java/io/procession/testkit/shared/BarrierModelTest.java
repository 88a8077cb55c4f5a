package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedBarrier;
import io.procession.testkit.NoLeaks;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Parties that arrive through two mappings meet, or not, as at the JDK's twin. */
@NoLeaks
class BarrierModelTest {

  private static final int RUNS = 30;
  private static final int STEPS = 40;
  private static final int MOST_PARTIES = 4;
  private static final long SEED = Long.getLong("procession.seed", System.nanoTime());

  /** What the barrier's action counts, through whichever mapping. */
  private static final AtomicInteger TRIPS = new AtomicInteger();

  @Test
  void aBarrierDoesWhatItsTwinDoes() throws Exception {
    for (var run = 0; run < RUNS; run++) {
      var random = new Random(SEED + run);
      try (var elsewhere = new Elsewhere()) {
        run(elsewhere, random, "run %d, seed %d".formatted(run, SEED));
      }
    }
  }

  private static void run(Elsewhere elsewhere, Random random, String at) throws Exception {
    var parties = 1 + random.nextInt(MOST_PARTIES);
    var trips = new AtomicInteger();
    TRIPS.set(0);
    var twin = new CyclicBarrier(parties, trips::incrementAndGet);
    try (var here = SharedBarrier.create(parties, () -> TRIPS.incrementAndGet());
        var there = elsewhere.handle(here);
        var shared = new Waiters();
        var model = new Waiters()) {
      for (var step = 0; step < STEPS; step++) {
        var side = random.nextBoolean() ? here : there;
        switch (random.nextInt(10)) {
          case 0, 1, 2, 3, 4, 5 -> {
            shared.start(side::await);
            model.start(twin::await);
          }
          case 6 -> {
            shared.start(() -> side.await(1, TimeUnit.MICROSECONDS));
            model.start(() -> twin.await(1, TimeUnit.MICROSECONDS));
            shared.awaitEnd(shared.size() - 1);
            model.awaitEnd(model.size() - 1);
          }
          case 7 -> {
            if (model.waiting() > 0) {
              var number = model.waiting(random.nextInt(model.waiting()));
              shared.interrupt(number);
              model.interrupt(number);
            }
          }
          case 8 -> {
            side.reset();
            twin.reset();
          }
          default -> {
            if (twin.isBroken()) {
              side.reset();
              twin.reset();
            }
          }
        }
        Waiters.until(
            () -> model.waiting() == twin.getNumberWaiting(), () -> "the twin rests; " + at);
        Waiters.until(
            () ->
                shared.waiting() == side.getNumberWaiting() && shared.waiting() == model.waiting(),
            () ->
                "as many wait as at the twin; %s, barrier=%s, calls=%s, twin's=%s"
                    .formatted(at, side, shared.outcomes(), model.outcomes()));
        assertThat(shared.outcomes()).as(at).isEqualTo(model.outcomes());
        assertThat(here.isBroken()).as(at).isEqualTo(there.isBroken()).isEqualTo(twin.isBroken());
        assertThat(TRIPS.get()).as(at).isEqualTo(trips.get());
        assertThat(side.getParties()).isEqualTo(parties);
      }
    }
  }
}
