package io.procession.testkit.shared;

import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.Party;
import io.procession.testkit.contract.SemaphoreContract;
import org.junit.jupiter.api.Nested;

/** A semaphore keeps its contract, shared with a child or with another mapping. */
class SemaphoreTest {

  @Nested
  class WithMember extends SemaphoreContract {
    @Override
    protected Party party() {
      return new MemberParty();
    }
  }

  @Nested
  class WithChild extends SemaphoreContract {
    @Override
    protected Party party() {
      return new ChildParty();
    }
  }
}
