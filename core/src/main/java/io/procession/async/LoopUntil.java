package io.procession.async;

/** When a wait for several tasks is over. */
public enum LoopUntil {
  /** As soon as one of them has ended. */
  FIRST_ENDED,

  /** As soon as one of them has failed, or been cancelled; else when all have ended. */
  FIRST_FAILED,

  /** When all of them have ended. */
  ALL_ENDED
}
