package io.procession.testkit.shared;

import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.Party;
import io.procession.testkit.contract.QueueContract;
import org.junit.jupiter.api.Nested;

/** A queue keeps its contract, shared with a child or with another mapping. */
class QueueTest {

  @Nested
  class WithMember extends QueueContract {
    @Override
    protected Party party() {
      return new MemberParty();
    }
  }

  @Nested
  class WithChild extends QueueContract {
    @Override
    protected Party party() {
      return new ChildParty();
    }
  }
}
