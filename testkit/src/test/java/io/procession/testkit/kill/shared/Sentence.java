package io.procession.testkit.kill.shared;

import io.procession.internal.family.Family;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * At which step a member of the family dies. From then on none of its threads can change what
 * others see, which is what SIGKILL does; the thread that passed the step unwinds.
 *
 * <p>Only what the thread passes for which the sentence was pronounced counts.
 */
final class Sentence {

  private static final ScopedValue<Sentence> PRONOUNCED = ScopedValue.newInstance();

  /** What the seam throws; whatever else comes out of a dead member's calls is of no meaning. */
  private static final class Executed extends Error {
    private static final long serialVersionUID = 1L;

    Executed() {
      super("executed", null, false, false);
    }
  }

  /** A step, and at which time of passing it. */
  record Point(Step step, int count) {
    @Override
    public String toString() {
      return step + ":" + count;
    }
  }

  /** What the condemned does. */
  @FunctionalInterface
  interface Deeds {
    void run() throws Exception;
  }

  private final Point point;
  private final Map<Step, Integer> passed = new EnumMap<>(Step.class);
  private Family member;
  private volatile boolean executed;

  /**
   * @param point null for a member that only counts its steps
   */
  Sentence(Point point) {
    this.point = point;
  }

  /** Has the seam of this JVM execute all sentences. */
  static void install() {
    Seam.install(step -> {
      if (PRONOUNCED.isBound()) {
        PRONOUNCED.get().pass(step);
      }
    });
  }

  /** Who dies; before it is known, only its joining is undone. */
  void setMember(Family member) {
    this.member = member;
  }

  /** Runs {@code deeds} until they end or the sentence is executed. */
  void pronounce(Deeds deeds) throws Exception {
    try {
      ScopedValue.where(PRONOUNCED, this)
          .call(() -> {
            deeds.run();
            return null;
          });
    } catch (Exception | Error e) {
      if (!executed) {
        throw e;
      }
    }
  }

  private void pass(Step step) {
    if (executed) {
      return;
    }
    var count = passed.merge(step, 1, Integer::sum);
    if (point != null && step == point.step && count == point.count) {
      executed = true;
      freeze();
      throw new Executed();
    }
  }

  private void freeze() {
    try {
      if (member != null) {
        member.freeze();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isExecuted() {
    return executed;
  }

  /** How often each step was passed. */
  Map<Step, Integer> passed() {
    return passed;
  }
}
