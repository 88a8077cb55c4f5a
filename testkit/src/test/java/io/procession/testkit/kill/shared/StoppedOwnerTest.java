package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.Await;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.kill.Signals;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A process that is stopped for longer than anybody waits keeps what it owns: it is slow. */
@NoLeaks
class StoppedOwnerTest {

  private static final Duration STOPPED = Duration.ofSeconds(3);

  @Test
  void nothingIsTakenFromAnOwnerThatIsStoppedForSeconds() throws Exception {
    try (var all = Possessions.create();
        var party = new ChildParty()) {
      var pid = party.process().pid();
      all.jobs().add("job");
      assertThat(party.call(all::take)).isTrue();
      Await.until(all::isWaitedFor, "threads of the owner wait");
      assertThat(all.pipe().first().receive()).isEqualTo("sent before");
      var looks = 0;
      Signals.send("STOP", pid);
      try {
        Signals.awaitState(pid, 'T');
        for (var start = System.nanoTime(); System.nanoTime() - start < STOPPED.toNanos(); ) {
          all.checkNothingIsTaken();
          looks++;
        }
        all.signal();
        assertThat(all.barrier().await(STOPPED)).as("who arrives last").isZero();
      } finally {
        Signals.send("CONT", pid);
      }
      assertThat(party.call(all::giveBack)).isEqualTo(looks);
      Await.until(all::haveWaitersGoneOn, "threads of the owner go on");
      all.checkAllIsWell();
      assertThat(looks).isPositive();
    }
  }
}
