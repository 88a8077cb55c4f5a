package io.procession.testkit.shared;

import io.procession.testkit.contract.AtomicContentionContract;
import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.InAChild;
import io.procession.testkit.contract.Party;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** Values change atomically between mappings, with a child, and between children. */
class AtomicContentionTest {

  @Nested
  class WithMember extends AtomicContentionContract {
    @Override
    protected Party party() {
      return new MemberParty();
    }
  }

  @Nested
  class WithChild extends AtomicContentionContract {
    @Override
    protected Party party() {
      return new ChildParty();
    }
  }

  @Nested
  @ExtendWith(InAChild.class)
  class BetweenChildren extends AtomicContentionContract {
    @Override
    protected Party party() {
      return InAChild.sibling();
    }
  }
}
