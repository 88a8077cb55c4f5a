package io.procession.bench.stress;

import io.procession.internal.family.Family;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Memberships of this JVM in one family, which behave as two processes and a dead one. */
public final class Members {

  /** The first of the living. */
  public static final Family HERE = Family.enter();

  /** The second, with a mapping of its own. */
  public static final Family THERE = join();

  /** The reference to a third, which is gone. */
  public static final int GONE = gone();

  private Members() {}

  private static int gone() {
    var member = join();
    member.close();
    return member.self();
  }

  private static Family join() {
    try {
      return Family.join(HERE.handle());
    } catch (IOException e) {
      throw new UncheckedIOException("there is no second membership to test with", e);
    }
  }
}
