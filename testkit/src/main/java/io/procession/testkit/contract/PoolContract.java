package io.procession.testkit.contract;

import io.procession.Pool;
import io.procession.testkit.NoLeaks;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;

/** What the suites about pools share: where a pool comes from, and flags. */
@NoLeaks
public abstract class PoolContract {

  /** For subclasses. */
  protected PoolContract() {}

  /** Of this test alone. */
  @TempDir Path directory = Path.of("");

  /** A new pool, which the test closes. */
  protected abstract Pool pool(int workers);

  /** What these pools have; everything, unless a subclass says otherwise. */
  protected Set<PoolTrait> traits() {
    return EnumSet.allOf(PoolTrait.class);
  }

  /** Whether these pools have {@code trait}: where they have not, another thing is asserted. */
  boolean has(PoolTrait trait) {
    return traits().contains(trait);
  }

  /** Leaves out a test that means nothing where there is no such trait. */
  void needs(PoolTrait trait) {
    Assumptions.assumeTrue(has(trait), () -> "these pools do not have the trait " + trait);
  }

  Flag flag(String name) {
    return Flag.in(directory, name);
  }

  /** An exception that a compiler checks. */
  static final class CheckedException extends Exception {
    private static final long serialVersionUID = 1L;

    CheckedException(String message) {
      super(message);
    }
  }

  /** Something that belongs to the process in which it was made. */
  static final class Rooted {
    final Thread thread = Thread.currentThread();
  }

  /** A record that travels. */
  record Point(int x, int y) {}

  static int square(int n) {
    return n * n;
  }

  /** The null that a careless caller passes where none is allowed. */
  @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // its purpose
  static <T> T nothing() {
    return (T) NOTHING;
  }

  private static final @Nullable Object NOTHING = null;
}
