package io.procession.testkit.shared;

import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.InAChild;
import io.procession.testkit.contract.Party;
import io.procession.testkit.contract.SignalContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Events and latches keep their contract, shared with another mapping, a child, or between
 * children.
 */
class SignalTest {

  @Nested
  class WithMember extends SignalContract {
    @Override
    protected Party party() {
      return new MemberParty();
    }
  }

  @Nested
  class WithChild extends SignalContract {
    @Override
    protected Party party() {
      return new ChildParty();
    }
  }

  @Nested
  @ExtendWith(InAChild.class)
  class BetweenChildren extends SignalContract {
    @Override
    protected Party party() {
      return InAChild.sibling();
    }
  }
}
