package io.procession.testkit.shared;

import io.procession.testkit.contract.BarrierContract;
import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.Party;
import org.junit.jupiter.api.Nested;

/** A barrier keeps its contract, shared with a child or with another mapping. */
class BarrierTest {

  @Nested
  class WithMember extends BarrierContract {
    @Override
    protected Party party() {
      return new MemberParty();
    }
  }

  @Nested
  class WithChild extends BarrierContract {
    @Override
    protected Party party() {
      return new ChildParty();
    }
  }
}
