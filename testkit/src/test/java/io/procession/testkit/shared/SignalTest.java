package io.procession.testkit.shared;

import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.Party;
import io.procession.testkit.contract.SignalContract;
import org.junit.jupiter.api.Nested;

/** Events and latches keep their contract, shared with a child or with another mapping. */
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
}
