package io.procession.testkit;

import io.procession.Pool;
import io.procession.testkit.contract.PoolSuite;
import io.procession.testkit.contract.PoolTrait;
import java.util.EnumSet;
import java.util.Set;

/** Pools of platform threads keep the contract of pools. */
class ThreadPoolContractTest extends PoolSuite {

  @Override
  protected Pool pool(int workers) {
    return Pool.ofThreads(workers);
  }

  @Override
  protected Set<PoolTrait> traits() {
    return EnumSet.of(PoolTrait.OWN_THREADS, PoolTrait.PREEMPTION);
  }
}
