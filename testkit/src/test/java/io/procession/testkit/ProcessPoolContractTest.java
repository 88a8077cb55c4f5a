package io.procession.testkit;

import io.procession.Pool;
import io.procession.testkit.contract.PoolInvokeContract;
import io.procession.testkit.contract.PoolLifecycleContract;
import io.procession.testkit.contract.PoolMapContract;
import io.procession.testkit.contract.PoolMapFailureContract;
import io.procession.testkit.contract.PoolReduceContract;
import io.procession.testkit.contract.PoolStreamContract;
import io.procession.testkit.contract.PoolStreamFailureContract;
import io.procession.testkit.contract.PoolSubmitContract;
import io.procession.testkit.contract.PoolVolumeContract;
import io.procession.testkit.contract.TaskContract;
import io.procession.testkit.contract.TaskEndContract;
import org.junit.jupiter.api.Nested;

/** Pools of processes keep the contract of pools. */
class ProcessPoolContractTest {

  @Nested
  class Map extends PoolMapContract {
    @Override
    protected Pool pool(int workers) {
      return Pool.ofProcesses(workers);
    }
  }

  @Nested
  class MapFailure extends PoolMapFailureContract {
    @Override
    protected Pool pool(int workers) {
      return Pool.ofProcesses(workers);
    }
  }

  @Nested
  class Submit extends PoolSubmitContract {
    @Override
    protected Pool pool(int workers) {
      return Pool.ofProcesses(workers);
    }
  }

  @Nested
  class OneTask extends TaskContract {
    @Override
    protected Pool pool(int workers) {
      return Pool.ofProcesses(workers);
    }
  }

  @Nested
  class TaskEnd extends TaskEndContract {
    @Override
    protected Pool pool(int workers) {
      return Pool.ofProcesses(workers);
    }
  }

  @Nested
  class Invoke extends PoolInvokeContract {
    @Override
    protected Pool pool(int workers) {
      return Pool.ofProcesses(workers);
    }
  }

  @Nested
  class Lifecycle extends PoolLifecycleContract {
    @Override
    protected Pool pool(int workers) {
      return Pool.ofProcesses(workers);
    }
  }

  @Nested
  class Volume extends PoolVolumeContract {
    @Override
    protected Pool pool(int workers) {
      return Pool.ofProcesses(workers);
    }
  }

  @Nested
  class Stream extends PoolStreamContract {
    @Override
    protected Pool pool(int workers) {
      return Pool.ofProcesses(workers);
    }
  }

  @Nested
  class StreamFailure extends PoolStreamFailureContract {
    @Override
    protected Pool pool(int workers) {
      return Pool.ofProcesses(workers);
    }
  }

  @Nested
  class Reduce extends PoolReduceContract {
    @Override
    protected Pool pool(int workers) {
      return Pool.ofProcesses(workers);
    }
  }
}
