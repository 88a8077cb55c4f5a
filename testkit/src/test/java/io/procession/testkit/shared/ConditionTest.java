package io.procession.testkit.shared;

import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.ConditionContract;
import io.procession.testkit.contract.Party;
import org.junit.jupiter.api.Nested;

/** A condition keeps its contract, shared with a child or with another mapping. */
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
}
