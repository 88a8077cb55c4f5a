package io.procession.testkit.shared;

import io.procession.testkit.contract.BarrierContract;
import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.InAChild;
import io.procession.testkit.contract.Party;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** A barrier keeps its contract, shared with another mapping, a child, or between children. */
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

  @Nested
  @ExtendWith(InAChild.class)
  class BetweenChildren extends BarrierContract {
    @Override
    protected Party party() {
      return InAChild.sibling();
    }
  }
}
