package io.procession.testkit.shared;

import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.InAChild;
import io.procession.testkit.contract.Party;
import io.procession.testkit.contract.ReadWriteLockContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A read-write lock keeps its contract, shared with another mapping, a child, or between children.
 */
class ReadWriteLockTest {

  @Nested
  class WithMember extends ReadWriteLockContract {
    @Override
    protected Party party() {
      return new MemberParty();
    }
  }

  @Nested
  class WithChild extends ReadWriteLockContract {
    @Override
    protected Party party() {
      return new ChildParty();
    }
  }

  @Nested
  @ExtendWith(InAChild.class)
  class BetweenChildren extends ReadWriteLockContract {
    @Override
    protected Party party() {
      return InAChild.sibling();
    }
  }
}
