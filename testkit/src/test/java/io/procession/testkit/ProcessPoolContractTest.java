package io.procession.testkit;

import io.procession.Pool;
import io.procession.testkit.contract.PoolSuite;

/** Pools of processes keep the contract of pools. */
class ProcessPoolContractTest extends PoolSuite {

  @Override
  protected Pool pool(int workers) {
    return Pool.ofProcesses(workers);
  }
}
