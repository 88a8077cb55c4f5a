package io.procession.testkit.shared;

import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.LockContract;
import io.procession.testkit.contract.Party;
import org.junit.jupiter.api.Nested;

/** A lock keeps its contract, shared with a child or with another mapping. */
class LockTest {

  @Nested
  class WithMember extends LockContract {
    WithMember() {
      super(false);
    }

    @Override
    protected Party party() {
      return new MemberParty();
    }
  }

  @Nested
  class FairWithMember extends LockContract {
    FairWithMember() {
      super(true);
    }

    @Override
    protected Party party() {
      return new MemberParty();
    }
  }

  @Nested
  class WithChild extends LockContract {
    WithChild() {
      super(false);
    }

    @Override
    protected Party party() {
      return new ChildParty();
    }
  }

  @Nested
  class FairWithChild extends LockContract {
    FairWithChild() {
      super(true);
    }

    @Override
    protected Party party() {
      return new ChildParty();
    }
  }
}
