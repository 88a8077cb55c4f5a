package io.procession.testkit.contract;

import io.procession.Pool;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/** The whole contract of pools, for one kind of them. */
public abstract class PoolSuite {

  /** For subclasses. */
  protected PoolSuite() {}

  /** A new pool, which the test closes. */
  protected abstract Pool pool(int workers);

  /** What these pools have; everything, unless a subclass says otherwise. */
  protected Set<PoolTrait> traits() {
    return EnumSet.allOf(PoolTrait.class);
  }

  @Nested
  class Map extends PoolMapContract {
    @Override
    protected Pool pool(int workers) {
      return PoolSuite.this.pool(workers);
    }

    @Override
    protected Set<PoolTrait> traits() {
      return PoolSuite.this.traits();
    }
  }

  @Nested
  class MapFailure extends PoolMapFailureContract {
    @Override
    protected Pool pool(int workers) {
      return PoolSuite.this.pool(workers);
    }

    @Override
    protected Set<PoolTrait> traits() {
      return PoolSuite.this.traits();
    }
  }

  @Nested
  class Submit extends PoolSubmitContract {
    @Override
    protected Pool pool(int workers) {
      return PoolSuite.this.pool(workers);
    }

    @Override
    protected Set<PoolTrait> traits() {
      return PoolSuite.this.traits();
    }
  }

  @Nested
  class OneTask extends TaskContract {
    @Override
    protected Pool pool(int workers) {
      return PoolSuite.this.pool(workers);
    }

    @Override
    protected Set<PoolTrait> traits() {
      return PoolSuite.this.traits();
    }
  }

  @Nested
  class TaskEnd extends TaskEndContract {
    @Override
    protected Pool pool(int workers) {
      return PoolSuite.this.pool(workers);
    }

    @Override
    protected Set<PoolTrait> traits() {
      return PoolSuite.this.traits();
    }
  }

  @Nested
  class Invoke extends PoolInvokeContract {
    @Override
    protected Pool pool(int workers) {
      return PoolSuite.this.pool(workers);
    }

    @Override
    protected Set<PoolTrait> traits() {
      return PoolSuite.this.traits();
    }
  }

  @Nested
  class Lifecycle extends PoolLifecycleContract {
    @Override
    protected Pool pool(int workers) {
      return PoolSuite.this.pool(workers);
    }

    @Override
    protected Set<PoolTrait> traits() {
      return PoolSuite.this.traits();
    }
  }

  @Nested
  class Volume extends PoolVolumeContract {
    @Override
    protected Pool pool(int workers) {
      return PoolSuite.this.pool(workers);
    }

    @Override
    protected Set<PoolTrait> traits() {
      return PoolSuite.this.traits();
    }
  }

  @Nested
  class Stream extends PoolStreamContract {
    @Override
    protected Pool pool(int workers) {
      return PoolSuite.this.pool(workers);
    }

    @Override
    protected Set<PoolTrait> traits() {
      return PoolSuite.this.traits();
    }
  }

  @Nested
  class StreamFailure extends PoolStreamFailureContract {
    @Override
    protected Pool pool(int workers) {
      return PoolSuite.this.pool(workers);
    }

    @Override
    protected Set<PoolTrait> traits() {
      return PoolSuite.this.traits();
    }
  }

  @Nested
  class Reduce extends PoolReduceContract {
    @Override
    protected Pool pool(int workers) {
      return PoolSuite.this.pool(workers);
    }

    @Override
    protected Set<PoolTrait> traits() {
      return PoolSuite.this.traits();
    }
  }

  @Nested
  class Jsr166 extends PoolJsr166Contract {
    @Override
    protected Pool pool(int workers) {
      return PoolSuite.this.pool(workers);
    }

    @Override
    protected Set<PoolTrait> traits() {
      return PoolSuite.this.traits();
    }
  }
}
