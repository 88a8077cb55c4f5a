package io.procession.testkit.shared;

import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.ConditionContract;
import io.procession.testkit.contract.InAChild;
import io.procession.testkit.contract.Party;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** A condition keeps its contract, shared with another mapping, a child, or between children. */
class ConditionTest {

  @Nested
  class WithMember extends ConditionContract {
    @Override
    protected Party party() {
      return new MemberParty();
    }
  }

  @Nested
  class WithChild extends ConditionContract {
    @Override
    protected Party party() {
      return new ChildParty();
    }
  }

  @Nested
  @ExtendWith(InAChild.class)
  class BetweenChildren extends ConditionContract {
    @Override
    protected Party party() {
      return InAChild.sibling();
    }
  }
}
