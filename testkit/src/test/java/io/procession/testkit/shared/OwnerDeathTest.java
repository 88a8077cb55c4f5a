package io.procession.testkit.shared;

import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.InAChild;
import io.procession.testkit.contract.OwnerDeathContract;
import io.procession.testkit.contract.Party;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who waits for the dead goes on, in this process, and in a child of the same parent. */
class OwnerDeathTest {

  @Nested
  class WithMember extends OwnerDeathContract {
    @Override
    protected Party party() {
      return new MemberParty();
    }
  }

  @Nested
  class WithChild extends OwnerDeathContract {
    @Override
    protected Party party() {
      return new ChildParty();
    }
  }

  @Nested
  @ExtendWith(InAChild.class)
  class BetweenChildren extends OwnerDeathContract {
    @Override
    protected Party party() {
      return InAChild.sibling();
    }
  }
}
