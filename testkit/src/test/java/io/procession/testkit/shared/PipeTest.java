package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.Connection;
import io.procession.shared.SharedPipe;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.InAChild;
import io.procession.testkit.contract.Party;
import io.procession.testkit.contract.PipeContract;
import io.procession.testkit.contract.PipeEndContract;
import java.io.EOFException;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A pipe keeps its contract, to another mapping, to a child, or between children. */
@NoLeaks
class PipeTest {

  private static final int ROUNDS = 5;

  /** Of a message that is not much smaller than the pipe. */
  private static final int LENGTH = 50_000;

  @Nested
  class WithMember extends PipeContract {
    @Override
    protected Party party() {
      return new MemberParty();
    }
  }

  @Nested
  class WithChild extends PipeContract {
    @Override
    protected Party party() {
      return new ChildParty();
    }
  }

  @Nested
  @ExtendWith(InAChild.class)
  class BetweenChildren extends PipeContract {
    @Override
    protected Party party() {
      return InAChild.sibling();
    }
  }

  @Nested
  class EndWithMember extends PipeEndContract {
    @Override
    protected Party party() {
      return new MemberParty();
    }
  }

  @Nested
  class EndWithChild extends PipeEndContract {
    @Override
    protected Party party() {
      return new ChildParty();
    }
  }

  @Nested
  @ExtendWith(InAChild.class)
  class EndBetweenChildren extends PipeEndContract {
    @Override
    protected Party party() {
      return InAChild.sibling();
    }
  }

  /** Of a message whose sender is killed, whenever that is, all arrives or nothing. */
  @Test
  void noMessageIsSeenInPart() throws Exception {
    for (var round = 0; round < ROUNDS; round++) {
      try (var party = new ChildParty();
          var pipe = SharedPipe.create()) {
        var theirs = pipe.second();
        var _ = party.begin(() -> sendForEver(theirs));
        var before = 1 + round * 5;
        for (var i = 0; i < before; i++) {
          assertThat(pipe.first().receive(int[].class)).isEqualTo(numbers(i));
        }
        party.kill();
        for (var i = before; !isEnd(pipe.first(), i); i++) {
          // one message more
        }
        assertThat(pipe.first().poll()).isTrue();
      }
    }
  }

  private static int[] numbers(int first) {
    var numbers = new int[LENGTH];
    Arrays.setAll(numbers, i -> first + i);
    return numbers;
  }

  private static int sendForEver(Connection end) throws Exception {
    for (var first = 0; ; first++) {
      end.send(numbers(first));
    }
  }

  private static boolean isEnd(Connection connection, int next) throws Exception {
    try {
      assertThat(connection.receive(int[].class)).isEqualTo(numbers(next));
      return false;
    } catch (EOFException _) {
      return true;
    }
  }
}
