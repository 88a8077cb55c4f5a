package io.procession.testkit.shared;

import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.InAChild;
import io.procession.testkit.contract.Party;
import io.procession.testkit.contract.VisibilityContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is written is seen in another mapping, in a child, and between children. */
class VisibilityTest {

  @Nested
  class WithMember extends VisibilityContract {
    @Override
    protected Party party() {
      return new MemberParty();
    }
  }

  @Nested
  class WithChild extends VisibilityContract {
    @Override
    protected Party party() {
      return new ChildParty();
    }
  }

  @Nested
  @ExtendWith(InAChild.class)
  class BetweenChildren extends VisibilityContract {
    @Override
    protected Party party() {
      return InAChild.sibling();
    }
  }
}
