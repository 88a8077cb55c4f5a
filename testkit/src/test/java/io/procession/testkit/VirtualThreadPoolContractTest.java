package io.procession.testkit;

import io.procession.Pool;
import io.procession.testkit.contract.PoolSuite;
import io.procession.testkit.contract.PoolTrait;
import java.util.EnumSet;
import java.util.Set;

/** Pools of virtual threads keep the contract of pools. */
class VirtualThreadPoolContractTest extends PoolSuite {

  @Override
  protected Pool pool(int workers) {
    return Pool.builder().virtualThreads().workers(workers).build();
  }

  @Override
  protected Set<PoolTrait> traits() {
    return EnumSet.of(PoolTrait.OWN_THREADS);
  }
}
