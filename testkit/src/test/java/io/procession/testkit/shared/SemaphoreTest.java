package io.procession.testkit.shared;

import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.InAChild;
import io.procession.testkit.contract.Party;
import io.procession.testkit.contract.SemaphoreContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** A semaphore keeps its contract, shared with another mapping, a child, or between children. */
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

  @Nested
  @ExtendWith(InAChild.class)
  class BetweenChildren extends SemaphoreContract {
    @Override
    protected Party party() {
      return InAChild.sibling();
    }
  }
}
