package io.procession.testkit.shared;

import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.InAChild;
import io.procession.testkit.contract.LockContract;
import io.procession.testkit.contract.Party;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** A lock keeps its contract, shared with another mapping, a child, or between children. */
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

  @Nested
  @ExtendWith(InAChild.class)
  class BetweenChildren extends LockContract {
    BetweenChildren() {
      super(false);
    }

    @Override
    protected Party party() {
      return InAChild.sibling();
    }
  }

  @Nested
  @ExtendWith(InAChild.class)
  class FairBetweenChildren extends LockContract {
    FairBetweenChildren() {
      super(true);
    }

    @Override
    protected Party party() {
      return InAChild.sibling();
    }
  }
}
