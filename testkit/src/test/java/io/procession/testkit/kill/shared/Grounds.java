package io.procession.testkit.kill.shared;

import java.util.List;
import java.util.function.Supplier;

/** What is used by those who are killed at any moment. */
final class Grounds {

  static final List<Supplier<Ground>> KINDS =
      List.of(
          () -> LockGround.create(false),
          () -> LockGround.create(true),
          ConditionGround::create,
          ReadWriteGround::create,
          SemaphoreGround::create,
          SemaphoreGround::createBounded,
          EventGround::create,
          LatchGround::create,
          BarrierGround::create,
          PipeGround::create,
          QueueGround::create,
          QueueGround::createJoinable);

  private Grounds() {}
}
