package io.procession.testkit;

import io.procession.Pool;
import io.procession.testkit.contract.PoolSuite;
import io.procession.testkit.contract.PoolTrait;
import java.util.EnumSet;
import java.util.Set;

/** Pools that run each task in the calling thread keep the contract of pools. */
class InlinePoolContractTest extends PoolSuite {

  @Override
  protected Pool pool(int workers) {
    return Pool.inline();
  }

  @Override
  protected Set<PoolTrait> traits() {
    return EnumSet.noneOf(PoolTrait.class);
  }
}
