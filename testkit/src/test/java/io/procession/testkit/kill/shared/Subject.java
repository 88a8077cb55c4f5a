package io.procession.testkit.kill.shared;

import io.procession.internal.family.Family;

/** An object whose users die, and what must be true of it whoever dies when. */
interface Subject {

  /** Makes it, and gives it something to hold. */
  void begin(Family root) throws Exception;

  /**
   * What a member does until it dies or has done all: the same calls whenever it is run with the
   * same seed.
   *
   * @param number counts the members that use this object
   */
  void use(Family member, int number, long seed) throws Exception;

  /** A call of whoever lives, right after a death. */
  void touch() throws Exception;

  /** What whoever lives does at last; fails if anything is wrong. */
  void settle() throws Exception;

  /** Gives it up. */
  void end() throws Exception;
}
