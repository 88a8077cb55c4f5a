package io.procession.testkit.contract;

/** What some kinds of pools have and others have not, so that they must differ. */
public enum PoolTrait {
  /** Functions, arguments and results are copied; what cannot travel fails. */
  COPIES,

  /** Calls run in threads other than that which submits them, several at once. */
  OWN_THREADS,

  /** A call that computes holds up no other thread, however many of them there are. */
  PREEMPTION,

  /** Workers have memory of their own, and can be killed. */
  OWN_PROCESSES
}
