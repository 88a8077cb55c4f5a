package io.procession.testkit.shared;

import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.InAChild;
import io.procession.testkit.contract.LeaseContract;
import io.procession.testkit.contract.Party;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What was taken by the dead is delivered again, in another mapping, from a child, and between
 * children.
 */
class LeaseTest {

  @Nested
  class WithMember extends LeaseContract {
    @Override
    protected Party party() {
      return new MemberParty();
    }
  }

  @Nested
  class WithChild extends LeaseContract {
    @Override
    protected Party party() {
      return new ChildParty();
    }
  }

  @Nested
  @ExtendWith(InAChild.class)
  class BetweenChildren extends LeaseContract {
    @Override
    protected Party party() {
      return InAChild.sibling();
    }
  }
}
