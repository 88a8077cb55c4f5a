package io.procession.testkit;

import io.procession.Pool;
import io.procession.testkit.contract.PoolSuite;
import io.procession.testkit.contract.PoolTrait;
import java.util.EnumSet;
import java.util.Set;

/** Pools of platform threads that copy keep the contract of pools. */
class CopyingPoolContractTest extends PoolSuite {

  @Override
  protected Pool pool(int workers) {
    return Pool.builder().threads().copying().workers(workers).build();
  }

  @Override
  protected Set<PoolTrait> traits() {
    return EnumSet.complementOf(EnumSet.of(PoolTrait.OWN_PROCESSES));
  }
}
