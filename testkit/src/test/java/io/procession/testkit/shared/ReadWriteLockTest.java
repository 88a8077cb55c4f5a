package io.procession.testkit.shared;

import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.Party;
import io.procession.testkit.contract.ReadWriteLockContract;
import org.junit.jupiter.api.Nested;

/** A read-write lock keeps its contract, shared with a child or with another mapping. */
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
}
